import { OnehopError } from '../errors/onehop-error.ts';

/** How many bytes a record holds before it is sealed; the last one of an upload may hold fewer. */
export const RECORD_BYTES = 256 * 1024;
/** Stands before each sealed record, in bytes: the 96 bits that AES-GCM is made for (NIST SP 800-38D §8.2). */
export const NONCE_BYTES = 12;
/** Ends each sealed record, in bytes. */
export const TAG_BYTES = 16;
/** How many bytes sealing adds to a record. */
export const SEAL_BYTES = NONCE_BYTES + TAG_BYTES;
/** How many bytes a full record has once it is sealed: an upload grows by whole ones. */
export const SEALED_RECORD_BYTES = RECORD_BYTES + SEAL_BYTES;

const LABEL = new TextEncoder().encode('onehop/1 record');

/** Where a record stands in its upload: what is authenticated with it. */
export interface RecordPlace {
  /** counted from 0 */
  readonly index: number;
  /** whether no other follows */
  readonly last: boolean;
}

/** Gives a nonce for each sealing, never one twice under one key. */
export type NonceSource = () => Uint8Array<ArrayBuffer>;

/** A record as it is stored, in two parts, so that nothing is copied to put them together. */
export type SealedRecord = readonly [
  nonce: Uint8Array<ArrayBuffer>,
  ciphertext: Uint8Array<ArrayBuffer>,
];

/** 96 random bits. */
export function randomNonce(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
}

/**
 * Seals a record with AES-256-GCM (NIST SP 800-38D), under a nonce of its own.
 * @param bytes what it holds: `RECORD_BYTES`, or 1 to so many if it is the last
 */
export async function sealRecord(
  key: CryptoKey,
  place: RecordPlace,
  bytes: Uint8Array<ArrayBuffer>,
  createNonce: NonceSource = randomNonce,
): Promise<SealedRecord> {
  if (!isRecordLength(bytes.length, place)) throw new RangeError('no length of a record');
  const nonce = createNonce();
  const sealed = await crypto.subtle.encrypt(parametersOf(nonce, place), key, bytes);
  return [nonce, new Uint8Array(sealed)];
}

/**
 * What a sealed record holds.
 * @param sealed nonce, ciphertext and tag, one behind the other
 * @throws {OnehopError} `upload-damaged` if it is not the record that was sealed for this place with this key
 */
export async function openRecord(
  key: CryptoKey,
  place: RecordPlace,
  sealed: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!isRecordLength(sealed.length - SEAL_BYTES, place)) throw new OnehopError('upload-damaged');
  const parameters = parametersOf(sealed.subarray(0, NONCE_BYTES), place);
  try {
    const opened = await crypto.subtle.decrypt(parameters, key, sealed.subarray(NONCE_BYTES));
    return new Uint8Array(opened);
  } catch (cause) {
    throw new OnehopError('upload-damaged', { cause });
  }
}

/** What is authenticated besides the bytes: label, index as 64 bits big-endian, and 1 for the last record. */
function authenticatedOf({ index, last }: RecordPlace): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(LABEL.length + 9);
  bytes.set(LABEL);
  new DataView(bytes.buffer).setBigUint64(LABEL.length, BigInt(index));
  bytes[LABEL.length + 8] = last ? 1 : 0;
  return bytes;
}

function parametersOf(iv: Uint8Array<ArrayBuffer>, place: RecordPlace): AesGcmParams {
  const additionalData = authenticatedOf(place);
  return { name: 'AES-GCM', iv, additionalData, tagLength: TAG_BYTES * 8 };
}

function isRecordLength(length: number, { last }: RecordPlace): boolean {
  return last ? length >= 1 && length <= RECORD_BYTES : length === RECORD_BYTES;
}
