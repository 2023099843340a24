import { expect, it } from 'vitest';
import { PIECE_BYTES, locatePiece } from '../share/manifest.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import { seededRandom } from '../testing/random.ts';

/** What the contract asks of a sink, with the log it notes pieces in: as the receiving page sees the two. */
export interface SinkUnderTest {
  /** @param piece number in the share */
  write(piece: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  read(file: number): Promise<Blob>;
  flush(): Promise<void>;
  /** numbers of the pieces that it says are kept */
  kept(): Promise<readonly number[]>;
  discard(): Promise<void>;
}

/** The share that the contract is about: of several pieces, of one, empty, a small one, and one that is not selected. */
export const CONTRACT_SIZES = [2 * PIECE_BYTES + 5, 3, 0, 2, 1_000, PIECE_BYTES];
export const CONTRACT_MANIFEST = makeManifest(...CONTRACT_SIZES);
/** The selected ones. */
export const CONTRACT_FILES = [0, 1, 2, 3, 5];

const PIECES = [0, 1, 2, 3, 4, 6];
const LAST_FILE = 5;

/** The bytes of a piece of that share. */
export function contractBytes(piece: number): Uint8Array<ArrayBuffer> {
  return seededRandom(piece).bytes(locatePiece(CONTRACT_MANIFEST, piece).length).slice();
}

async function contentOf(sink: SinkUnderTest, file: number): Promise<Uint8Array> {
  return new Uint8Array(await (await sink.read(file)).arrayBuffer());
}

/** Whether a file of the share is what it should be; compares itself, as printing two megabytes takes long. */
async function isWhole(sink: SinkUnderTest, file: number): Promise<boolean> {
  const content = await contentOf(sink, file);
  const places = PIECES.map((piece) => ({ piece, place: locatePiece(CONTRACT_MANIFEST, piece) }));
  const own = places.filter(({ place }) => place.file === file);
  return (
    content.length === CONTRACT_SIZES[file] &&
    own.every(({ piece, place }) =>
      contractBytes(piece).every((byte, index) => byte === content[place.start + index]),
    )
  );
}

const inOrder = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);

/** What every sink must do; each one's test calls this with a way to open an empty one. */
export function describeSinkContract(open: () => Promise<SinkUnderTest>): void {
  const withSink = (run: (sink: SinkUnderTest) => Promise<void>) => async () => {
    const sink = await open();
    try {
      await run(sink);
    } finally {
      await sink.discard();
    }
  };
  const writeAll = async (sink: SinkUnderTest, pieces: readonly number[]) => {
    for (const piece of pieces) await sink.write(piece, contractBytes(piece));
  };
  const wholeFiles = async (sink: SinkUnderTest) => {
    const whole: number[] = [];
    for (const file of CONTRACT_FILES) if (await isWhole(sink, file)) whole.push(file);
    return whole;
  };

  it(
    'gives back every file, whatever the order of the writes',
    withSink(async (sink) => {
      await writeAll(sink, [6, 2, 4, 0, 3, 1]);
      await sink.flush();
      expect(await wholeFiles(sink)).toEqual(CONTRACT_FILES);
    }),
  );

  it(
    'takes writes that are begun all at once',
    withSink(async (sink) => {
      await Promise.all(PIECES.map((piece) => sink.write(piece, contractBytes(piece))));
      expect(await wholeFiles(sink)).toEqual(CONTRACT_FILES);
    }),
  );

  it(
    'has an empty file where nothing was written',
    withSink(async (sink) => {
      expect(await contentOf(sink, 2)).toHaveLength(0);
    }),
  );

  it(
    'takes the same piece twice, and another content in its place',
    withSink(async (sink) => {
      await sink.write(4, Uint8Array.of(9, 9));
      await writeAll(sink, [...PIECES, ...PIECES]);
      expect(await wholeFiles(sink)).toEqual(CONTRACT_FILES);
      expect(inOrder(await sink.kept())).toEqual(PIECES);
    }),
  );

  it(
    'can be read, written on, flushed and read again',
    withSink(async (sink) => {
      await writeAll(sink, [0, 1, 2]);
      expect(await isWhole(sink, 0)).toBe(true);
      await writeAll(sink, [3, 4]);
      await sink.flush();
      expect(await isWhole(sink, 0)).toBe(true);
      expect(await isWhole(sink, 1)).toBe(true);
    }),
  );

  it(
    'gives a file once it is whole, though others are not begun',
    withSink(async (sink) => {
      await writeAll(sink, [6]);
      expect(await isWhole(sink, LAST_FILE)).toBe(true);
    }),
  );

  it(
    'says it keeps what was written and flushed, and nothing else',
    withSink(async (sink) => {
      expect(await sink.kept()).toEqual([]);
      await writeAll(sink, [6, 1]);
      await sink.flush();
      expect(inOrder(await sink.kept())).toEqual([1, 6]);
      await writeAll(sink, [0]);
      expect(inOrder(await sink.kept())).toEqual([0, 1, 6]);
    }),
  );

  it(
    'can be written on after it was asked what it keeps',
    withSink(async (sink) => {
      await writeAll(sink, [0, 4]);
      await sink.kept();
      await writeAll(sink, [2, 6, 3, 1]);
      await sink.flush();
      expect(await wholeFiles(sink)).toEqual(CONTRACT_FILES);
    }),
  );
}
