import { expect, it } from 'vitest';
import type { Sink } from './sink.ts';

const bytesOf = (...values: readonly number[]) => Uint8Array.from(values);

async function contentOf(sink: Pick<Sink, 'read'>, file: number): Promise<number[]> {
  return [...new Uint8Array(await (await sink.read(file)).arrayBuffer())];
}

/** What every sink must do; each one's test calls this with a way to open an empty one. */
export function describeSinkContract(open: () => Promise<Sink>): void {
  const withSink = (run: (sink: Sink) => Promise<void>) => async () => {
    const sink = await open();
    try {
      await run(sink);
    } finally {
      await sink.discard();
    }
  };

  it(
    'gives back what was written, whatever the order of the writes',
    withSink(async (sink) => {
      await sink.write(0, 3, bytesOf(4, 5));
      await sink.write(0, 0, bytesOf(1, 2, 3));
      expect(await contentOf(sink, 0)).toEqual([1, 2, 3, 4, 5]);
    }),
  );

  it(
    'keeps files apart',
    withSink(async (sink) => {
      await sink.write(0, 0, bytesOf(1));
      await sink.write(7, 0, bytesOf(2, 3));
      expect(await contentOf(sink, 0)).toEqual([1]);
      expect(await contentOf(sink, 7)).toEqual([2, 3]);
    }),
  );

  it(
    'has an empty file where nothing was written',
    withSink(async (sink) => {
      expect(await contentOf(sink, 2)).toEqual([]);
    }),
  );

  it(
    'takes the same bytes twice, as when a piece is fetched again',
    withSink(async (sink) => {
      await sink.write(0, 0, bytesOf(1, 2));
      await sink.write(0, 0, bytesOf(1, 2));
      expect(await contentOf(sink, 0)).toEqual([1, 2]);
    }),
  );

  it(
    'takes writes to the same files that are begun all at once',
    withSink(async (sink) => {
      const places = [0, 1, 2, 3, 4, 5, 6, 7];
      await Promise.all(
        places.flatMap((at) => [
          sink.write(0, at, bytesOf(at)),
          sink.write(1, at, bytesOf(at + 10)),
        ]),
      );
      expect(await contentOf(sink, 0)).toEqual(places);
      expect(await contentOf(sink, 1)).toEqual(places.map((at) => at + 10));
    }),
  );

  it(
    'can be read, written on, flushed and read again',
    withSink(async (sink) => {
      await sink.write(0, 0, bytesOf(1));
      expect(await contentOf(sink, 0)).toEqual([1]);
      await sink.write(0, 1, bytesOf(2));
      await sink.flush();
      expect(await contentOf(sink, 0)).toEqual([1, 2]);
    }),
  );

  it(
    'serves more files at once than it may keep open',
    withSink(async (sink) => {
      const files = Array.from({ length: 40 }, (_, index) => index);
      for (const file of files) await sink.write(file, 0, bytesOf(file));
      for (const file of files) await sink.write(file, 1, bytesOf(file));
      for (const file of files) expect(await contentOf(sink, file)).toEqual([file, file]);
    }),
  );

  it(
    'takes a whole piece at a place far into a file',
    withSink(async (sink) => {
      const piece = new Uint8Array(1024 * 1024).fill(9);
      await sink.write(0, 0, piece.slice());
      await sink.write(0, piece.length, piece.slice());
      const content = await sink.read(0);
      expect(content.size).toBe(2 * piece.length);
      const tail = new Uint8Array(await content.slice(-5).arrayBuffer());
      expect([...tail]).toEqual([9, 9, 9, 9, 9]);
    }),
  );
}
