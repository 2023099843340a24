/** The parts one behind the other, in one new buffer. */
export function joinParts(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    bytes.set(part, position);
    position += part.length;
  }
  return bytes;
}

/**
 * A piece's bytes in one buffer if their SHA-256 is `hash`, else null.
 * @param parts the bytes in order
 */
export async function verifyPiece(
  parts: readonly Uint8Array[],
  hash: Uint8Array,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const bytes = joinParts(parts);
  const actual = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return actual.length === hash.length && actual.every((byte, index) => byte === hash[index])
    ? bytes
    : null;
}
