import { describe, expect, it } from 'vitest';
import { seededRandom } from '../testing/random.ts';
import { sealedRecords } from './sealed-records.ts';

const LENGTHS = [300, 1, 300, 300, 77];
const TOTAL = LENGTHS.reduce((sum, length) => sum + length, 0);

/** A body that comes in these portions. */
function bodyOf(bytes: Uint8Array<ArrayBuffer>, cuts: readonly number[], type?: 'bytes') {
  const portions: Uint8Array<ArrayBuffer>[] = [];
  let from = 0;
  for (const to of [...cuts, bytes.length]) {
    if (to > from) portions.push(bytes.slice(from, to));
    from = to;
  }
  const source = {
    start: (controller: ReadableStreamController<Uint8Array<ArrayBuffer>>) => {
      for (const portion of portions) controller.enqueue(portion);
      controller.close();
    },
  };
  return type === undefined
    ? new ReadableStream<Uint8Array<ArrayBuffer>>(source)
    : new Response(new ReadableStream({ ...source, type })).body;
}

async function read(body: ReadableStream<Uint8Array<ArrayBuffer>> | null) {
  if (body === null) throw new Error('there is no body');
  const records: number[][] = [];
  let moved = 0;
  const watch = { ready: () => Promise.resolve(), onMoved: () => (moved += 1) };
  for await (const record of sealedRecords(body, LENGTHS, watch)) records.push([...record]);
  return { records, moved };
}

describe.each([
  ['where buffers are filled', 'bytes' as const],
  ['where they are not', undefined],
])('sealed records, %s', (_, type) => {
  it('come whole and in order, in whatever portions the body comes', async () => {
    const random = seededRandom(7);
    for (let round = 0; round < 40; round += 1) {
      const bytes = random.bytes(TOTAL);
      const cuts = Array.from({ length: random.below(20) }, () => random.below(TOTAL));
      const { records, moved } = await read(
        bodyOf(
          bytes,
          cuts.toSorted((one, other) => one - other),
          type,
        ),
      );
      expect(records.flat()).toEqual([...bytes]);
      expect(records.map(({ length }) => length)).toEqual(LENGTHS);
      expect(moved).toBeGreaterThan(0);
    }
  });

  it('are fewer where the body ends early', async () => {
    const bytes = seededRandom(8).bytes(301 + 299);
    const { records } = await read(bodyOf(bytes, [100], type));
    expect(records.map(({ length }) => length)).toEqual([300, 1]);
  });
});
