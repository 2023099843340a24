/**
 * Stands for `deflate` where a test has thousands of pieces and a schedule of its own: the browser's compressor comes back
 * from another thread when it likes. Bytes whose halves are the same become one of them.
 * @returns null where they are not
 */
export function quickDeflate(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  const half = bytes.length / 2;
  if (!Number.isInteger(half) || half === 0) return null;
  const first = bytes.subarray(0, half);
  return first.every((byte, index) => byte === bytes[half + index]) ? first : null;
}

/** What `quickDeflate` made that of; null where it did not make that of `length` bytes. */
export function quickInflate(
  parts: readonly Uint8Array<ArrayBuffer>[],
  length: number,
): readonly Uint8Array<ArrayBuffer>[] | null {
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  return 2 * bytes === length ? [...parts, ...parts] : null;
}

/** What `quickDeflate` makes smaller where its length is even: these bytes twice, as a file of this size. */
export function quickDeflatable(
  half: Uint8Array<ArrayBuffer>,
  size: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  bytes.set(half);
  bytes.set(half.subarray(0, size - half.length), half.length);
  return bytes;
}
