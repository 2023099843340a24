import { describe, expect, it } from 'vitest';
import { PIECE_BYTES, locatePiece } from '../share/manifest.ts';
import { fullNumberSet } from '../share/number-set.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import { layOutData } from './data-layout.ts';
import { FolderSink, type PickedFiles } from './folder-sink.ts';
import { MemoryLog } from './memory-log.ts';

/** A picked folder that only counts: `done` says what became of its files, in order. */
class CountingFolder {
  readonly done: string[] = [];
  mostOpen = 0;
  failing = false;
  /** the only file that cannot be committed */
  refused = -1;
  #open = 0;

  readonly files: PickedFiles = {
    open: async (file) => ({
      getFile: async () => new File([], ''),
      createWritable: async ({ keepExistingData }) => {
        this.done.push(`${keepExistingData ? 'copy' : 'make'} ${file}`);
        this.#open += 1;
        this.mostOpen = Math.max(this.mostOpen, this.#open);
        return this.#stream(file);
      },
    }),
    remove: async () => {},
  };

  #stream(file: number) {
    const end = (how: string) => async () => {
      this.#open -= 1;
      this.done.push(`${how} ${file}`);
      if (this.failing || file === this.refused) {
        throw new DOMException('', 'QuotaExceededError');
      }
    };
    const write = async () => {
      if (this.failing) throw new DOMException('', 'QuotaExceededError');
    };
    return { write, close: end('commit'), abort: end('abort') };
  }
}

function open(...sizes: number[]) {
  const manifest = makeManifest(...sizes);
  const folder = new CountingFolder();
  const log = new MemoryLog();
  const layout = layOutData(manifest, fullNumberSet(sizes.length));
  const sink = new FolderSink(folder.files, layout, log);
  const bytes = new Uint8Array(PIECE_BYTES);
  const write = async (piece: number) => {
    const place = locatePiece(manifest, piece);
    const hash = new Uint8Array(32);
    await sink.write([{ piece, hash, place, bytes: bytes.subarray(0, place.length) }]);
  };
  const kept = () => log.kept().certain.length;
  return { folder, sink, write, kept, log };
}

describe('folder sink', () => {
  it('commits a file when its last piece is in, and notes its pieces only then', async () => {
    const { folder, write, kept } = open(2 * PIECE_BYTES, 5);
    await write(1);
    expect([folder.done, kept()]).toEqual([['make 0'], 0]);
    await write(0);
    expect([folder.done, kept()]).toEqual([['make 0', 'commit 0'], 2]);
  });

  it('commits a large file in steps that double, so that what is copied stays linear', async () => {
    const { folder, write, kept } = open(1_025 * PIECE_BYTES);
    const noted = new Set<number>();
    for (let piece = 0; piece < 1_024; piece += 1) {
      await write(piece);
      noted.add(kept());
    }
    expect([...noted]).toEqual([0, 256, 512, 1_024]);
    expect(folder.done).toEqual(
      'make,commit,copy,commit,copy,commit'.split(',').map((how) => `${how} 0`),
    );
  });

  it('keeps few files open, and commits the one it used longest ago', async () => {
    const sizes = Array.from({ length: 6 }, () => 2 * PIECE_BYTES);
    const { folder, sink, write, kept } = open(...sizes);
    for (const piece of [0, 2, 4, 6, 0, 8]) await write(piece);
    expect(folder.mostOpen).toBe(4);
    expect(folder.done.filter((what) => what.startsWith('commit'))).toEqual(['commit 1']);
    await sink.flush();
    expect(kept()).toBe(5);
  });

  it('commits everything at a flush, and keeps what was there when it goes on', async () => {
    const { folder, sink, write, kept } = open(2 * PIECE_BYTES);
    await write(0);
    await sink.flush();
    expect(kept()).toBe(1);
    await write(1);
    expect(folder.done).toEqual(['make 0', 'commit 0', 'copy 0', 'commit 0']);
  });

  it('says so where the disk is full, and notes nothing that is not committed', async () => {
    const { folder, sink, write, kept } = open(3 * PIECE_BYTES);
    await write(0);
    folder.failing = true;
    await expect(write(1)).rejects.toThrow('storage-full');
    expect(folder.done).toEqual(['make 0', 'abort 0']);
    folder.failing = false;
    await write(2);
    folder.failing = true;
    await expect(sink.flush()).rejects.toThrow('storage-full');
    expect(kept()).toBe(0);
    folder.failing = false;
    for (const piece of [0, 1, 2]) await write(piece);
    expect(kept()).toBe(3);
  });

  it('commits the other files where one cannot be', async () => {
    const { folder, sink, write, log } = open(2 * PIECE_BYTES, 2 * PIECE_BYTES, 2 * PIECE_BYTES);
    for (const piece of [0, 2, 4]) await write(piece);
    folder.refused = 1;
    await expect(sink.flush()).rejects.toThrow('storage-full');
    expect(log.kept().certain.map(({ piece }) => piece)).toEqual([0, 4]);
  });
});
