import { RecordCutter } from './record-cutter.ts';

type Body = ReadableStream<Uint8Array<ArrayBuffer>>;

/** What is done while a body is read. */
export interface ReadWatch {
  /** Waits while nothing is to be read. */
  ready(): Promise<void>;
  /** something came */
  onMoved(): void;
}

/**
 * Gives a body's sealed records one after another; fewer where it ends early. What was given is good until the next one
 * is asked for: where the browser fills a buffer of ours (Streams Standard, BYOB readers), all records share it.
 * @param lengths of the records in order, in bytes
 * @throws what the body fails with
 */
export function sealedRecords(
  body: Body,
  lengths: readonly number[],
  watch: ReadWatch,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const filling = fillingReader(body);
  return filling === null
    ? cutRecords(body.getReader(), lengths, watch)
    : fillRecords(filling, lengths, watch);
}

/** Null where the browser does not fill buffers. */
function fillingReader(body: Body): ReadableStreamBYOBReader | null {
  try {
    return body.getReader({ mode: 'byob' });
  } catch {
    return null;
  }
}

async function* fillRecords(
  reader: ReadableStreamBYOBReader,
  lengths: readonly number[],
  watch: ReadWatch,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let buffer = new ArrayBuffer(Math.max(0, ...lengths));
  try {
    for (const length of lengths) {
      for (let filled = 0; filled < length;) {
        await watch.ready();
        // The buffer goes there and comes back as another object.
        const { done, value } = await reader.read(new Uint8Array(buffer, filled, length - filled));
        if (done) return;
        watch.onMoved();
        buffer = value.buffer;
        filled += value.length;
      }
      yield new Uint8Array(buffer, 0, length);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

async function* cutRecords(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
  lengths: readonly number[],
  watch: ReadWatch,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const cutter = new RecordCutter(lengths);
  let missing = lengths.length;
  try {
    while (missing > 0) {
      await watch.ready();
      const { done, value } = await reader.read();
      if (done) return;
      watch.onMoved();
      const records = cutter.push(value);
      missing -= records.length;
      yield* records;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
