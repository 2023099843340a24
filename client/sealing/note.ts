import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts';
import { OnehopError } from '../errors/onehop-error.ts';
import { NONCE_BYTES, TAG_BYTES, randomNonce } from './record.ts';

const LABEL = 'onehop/1 note from ';

/** Which of the two wrote a note: authenticated with it, so that none can be sent back as the other's. */
export type NoteAuthor = 'host' | 'guest';

function parametersOf(nonce: Uint8Array<ArrayBuffer>, author: NoteAuthor): AesGcmParams {
  return { name: 'AES-GCM', iv: nonce, additionalData: new TextEncoder().encode(LABEL + author) };
}

/** Seals a text with AES-256-GCM under a nonce of its own. @returns base64url of nonce, ciphertext and tag */
export async function sealNote(key: CryptoKey, author: NoteAuthor, text: string): Promise<string> {
  const nonce = randomNonce();
  const plain = new TextEncoder().encode(text);
  const sealed = await crypto.subtle.encrypt(parametersOf(nonce, author), key, plain);
  const note = new Uint8Array(NONCE_BYTES + sealed.byteLength);
  note.set(nonce);
  note.set(new Uint8Array(sealed), NONCE_BYTES);
  return encodeBase64url(note);
}

/** What a note says. @throws {OnehopError} `message-malformed` if it is not what this author sealed with this key */
export async function openNote(key: CryptoKey, author: NoteAuthor, note: string): Promise<string> {
  const bytes = decodeBase64url(note);
  if (bytes === null || bytes.length < NONCE_BYTES + TAG_BYTES) {
    throw new OnehopError('message-malformed');
  }
  const parameters = parametersOf(bytes.slice(0, NONCE_BYTES), author);
  try {
    const plain = await crypto.subtle.decrypt(parameters, key, bytes.subarray(NONCE_BYTES));
    return new TextDecoder('utf-8', { fatal: true }).decode(plain);
  } catch (cause) {
    throw new OnehopError('message-malformed', { cause });
  }
}
