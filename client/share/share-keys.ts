import { encodeBase64url } from '../encoding/base64url.ts';
import type { ShareSecret } from './link.ts';

/**
 * One HKDF label per use, so that no derived value tells anything about another (RFC 5869 §3.2).
 * PROTOCOL.md lists them, with the one reserved for a key to come.
 */
const LABELS = {
  roomId: 'onehop/1 room id',
  joinProof: 'onehop/1 join proof',
  storageKey: 'onehop/1 storage key',
  noteKey: 'onehop/1 note key',
} as const;

/** How long the salt of an upload is, in bytes. */
export const UPLOAD_SALT_BYTES = 16;

/** What the server may know of a share; all base64url. */
export interface ShareKeys {
  /** 128 bits: where the share's sender and receivers meet */
  readonly roomId: string;
  /** 256 bits: what a receiver shows to be let in */
  readonly joinProof: string;
  /** SHA-256 of the proof: what the sender leaves with the server to check proofs by */
  readonly joinVerifier: string;
}

/** Derives, by HKDF-SHA-256 (RFC 5869) with an empty salt, what the server is told of a share. */
export async function deriveShareKeys(secret: ShareSecret): Promise<ShareKeys> {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  const [roomId, joinProof] = await Promise.all([
    deriveBytes(base, LABELS.roomId, 16),
    deriveBytes(base, LABELS.joinProof, 32),
  ]);
  const joinVerifier = new Uint8Array(await crypto.subtle.digest('SHA-256', joinProof));
  return {
    roomId: encodeBase64url(roomId),
    joinProof: encodeBase64url(joinProof),
    joinVerifier: encodeBase64url(joinVerifier),
  };
}

/**
 * The key that an upload is sealed with: AES-256-GCM, by HKDF-SHA-256 (RFC 5869). It cannot be read out of the browser.
 * @param salt 16 random bytes of this upload alone, so that no two uploads share a key
 */
export async function deriveStorageKey(
  secret: ShareSecret,
  salt: Uint8Array<ArrayBuffer>,
): Promise<CryptoKey> {
  return await deriveSealingKey(secret, LABELS.storageKey, salt);
}

/** The key that notes between the two of a comparison are sealed with; AES-256-GCM, by HKDF-SHA-256 with an empty salt. */
export async function deriveNoteKey(secret: ShareSecret): Promise<CryptoKey> {
  return await deriveSealingKey(secret, LABELS.noteKey, new Uint8Array());
}

async function deriveSealingKey(
  secret: ShareSecret,
  label: string,
  salt: Uint8Array<ArrayBuffer>,
): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  const info = new TextEncoder().encode(label);
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt, info };
  const algorithm = { name: 'AES-GCM', length: 256 };
  return await crypto.subtle.deriveKey(parameters, base, algorithm, false, ['encrypt', 'decrypt']);
}

async function deriveBytes(
  base: CryptoKey,
  label: string,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const info = new TextEncoder().encode(label);
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, base, length * 8));
}
