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
 * A piece's bytes, one behind the other, if their SHA-256 is `hash`, else null.
 * @param parts the bytes in order; a single part is not copied, so nobody may write to it any more
 */
export async function verifyPiece(
  parts: readonly Uint8Array<ArrayBuffer>[],
  hash: Uint8Array,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const [only, ...others] = parts;
  const bytes = only !== undefined && others.length === 0 ? only : joinParts(parts);
  const actual = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return actual.length === hash.length && actual.every((byte, index) => byte === hash[index])
    ? bytes
    : null;
}
