/** Whether this browser inflates `deflate-raw` (Compression Streams): only then may pieces come deflated. */
export function canInflate(): boolean {
  try {
    return new DecompressionStream('deflate-raw').readable instanceof ReadableStream;
  } catch {
    return false;
  }
}
