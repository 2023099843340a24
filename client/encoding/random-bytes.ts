/** Browsers give no more than 64 KiB in one call. */
const CALL_BYTES = 64 * 1024;

/** Random bytes, which no compression makes fewer. @param length how many */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += CALL_BYTES) {
    crypto.getRandomValues(bytes.subarray(at, at + CALL_BYTES));
  }
  return bytes;
}
