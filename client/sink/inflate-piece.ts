/**
 * How much goes into the decompressor at once: all that comes of it is in memory before any of it can be read. DEFLATE makes at most 1,032 bytes of
 * one, so a bomb costs 8 MiB; smaller slices cost time (8.2 ms a piece of JSON at 4 KiB, 6.0 ms at 8 KiB, 4.5 ms in one).
 */
const SLICE_BYTES = 8 * 1024;

/**
 * What a deflated piece (RFC 1951) inflates to, in order; null where that is not exactly `length` bytes, or the stream is broken or goes on after its end.
 * Nothing is inflated further once it is more than `length`.
 * @param parts the deflated bytes in order
 */
export async function inflatePiece(
  parts: readonly Uint8Array<ArrayBuffer>[],
  length: number,
): Promise<readonly Uint8Array<ArrayBuffer>[] | null> {
  try {
    const inflated: Uint8Array<ArrayBuffer>[] = [];
    let rest = length;
    const output = streamOf(parts).pipeThrough(new DecompressionStream('deflate-raw')).getReader();
    for (let read = await output.read(); !read.done; read = await output.read()) {
      rest -= read.value.length;
      if (rest < 0) {
        await output.cancel();
        return null;
      }
      inflated.push(read.value);
    }
    return rest === 0 ? inflated : null;
  } catch {
    // The stream is broken, or this browser, which has not asked for such pieces, does not inflate.
    return null;
  }
}

function streamOf(
  parts: readonly Uint8Array<ArrayBuffer>[],
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const slices = slicesOf(parts);
  return new ReadableStream({
    pull(controller) {
      const { done, value } = slices.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

function* slicesOf(
  parts: readonly Uint8Array<ArrayBuffer>[],
): Generator<Uint8Array<ArrayBuffer>, undefined> {
  for (const part of parts) {
    for (let start = 0; start < part.length; start += SLICE_BYTES) {
      yield part.subarray(start, start + SLICE_BYTES);
    }
  }
}
