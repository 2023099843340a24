import { afterEach, describe, expect, it } from 'vitest';
import { joinParts } from '../integrity/verify-piece.ts';
import { PIECE_BYTES, locatePiece } from '../share/manifest.ts';
import { emptyNumberSet, withNumbers } from '../share/number-set.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import { seededRandom } from '../testing/random.ts';
import {
  deflate,
  hashOf,
  listFolders,
  pickFolder,
  recordOf,
  storePiece,
} from '../testing/test-store.ts';
import { deleteDownload, listDownloads } from './kept-downloads.ts';
import {
  CONTRACT_FILES,
  CONTRACT_MANIFEST,
  type SinkUnderTest,
  describeSinkContract,
} from './sink-contract.ts';
import { Store, type StorePlace } from './store.ts';

const contractFiles = withNumbers(emptyNumberSet(CONTRACT_MANIFEST.entries.length), CONTRACT_FILES);

async function openStore(place: StorePlace): Promise<SinkUnderTest> {
  const store = await Store.open();
  await store.begin(recordOf(CONTRACT_MANIFEST, contractFiles), place);
  return {
    write: async (piece, bytes) => {
      expect(await storePiece(store, CONTRACT_MANIFEST, piece, bytes)).toBe('stored');
    },
    read: (file) => store.read(file),
    flush: () => store.flush(),
    kept: async () => (await store.recover()).map(({ piece }) => piece),
    discard: () => store.discard(),
  };
}

afterEach(async () => {
  await Promise.all((await listFolders()).map((id) => deleteDownload(id)));
  expect(await listFolders()).toEqual([]);
});

describe('the origin private file system, through the store worker', () => {
  describeSinkContract(() => openStore({ type: 'browser' }));
});

describe('a picked folder, through the store worker', () => {
  describeSinkContract(async () => openStore((await pickFolder()).place));
});

describe('store', () => {
  it('[DT3] writes nothing of a piece whose hash is wrong', async () => {
    const manifest = makeManifest(3);
    const store = await Store.open();
    await store.begin(recordOf(manifest), { type: 'browser' });
    const hash = await hashOf(Uint8Array.of(1, 2, 4));
    const parts = [Uint8Array.of(1, 2), Uint8Array.of(3)];
    const piece = { piece: 0, hash, form: 'plain', parts } as const;
    expect(await store.store(locatePiece(manifest, 0), piece)).toBe('rejected');
    expect(await store.recover()).toEqual([]);
    await expect(store.read(0)).rejects.toThrow('storage-failed');
    await store.discard();
  });

  it('[DT3] keeps what deflated pieces inflate to, and rejects those that do not inflate to their length', async () => {
    const manifest = makeManifest(PIECE_BYTES + 500, 70_000, 3);
    const pieces = [0, 1, 2, 3].map((piece) =>
      new Uint8Array(locatePiece(manifest, piece).length).fill(piece + 1),
    );
    const store = await Store.open();
    await store.begin(recordOf(manifest), { type: 'browser' });
    const bomb = await deflate(new Uint8Array(8 * PIECE_BYTES));
    const outcomes = await Promise.all(
      pieces.map(async (bytes, piece) => {
        const parts = [piece === 2 ? bomb.slice() : await deflate(bytes)];
        const arrived = { piece, hash: await hashOf(bytes), form: 'deflated', parts } as const;
        return await store.store(locatePiece(manifest, piece), arrived);
      }),
    );
    expect(outcomes).toEqual(['stored', 'stored', 'rejected', 'stored']);
    const read = new Uint8Array(await (await store.read(0)).arrayBuffer());
    expect(await hashOf(read)).toEqual(await hashOf(joinParts(pieces.slice(0, 2))));
    const kept = (await store.recover()).map(({ piece }) => piece);
    expect(kept.toSorted((a, b) => a - b)).toEqual([0, 1, 3]);
    await store.discard();
  });

  it('packs an archive out of the files as they lie on the disk', async () => {
    const manifest = makeManifest(2 * PIECE_BYTES + 9, 5, 0);
    const pieces = [0, 1, 2, 3].map((piece) =>
      seededRandom(piece).bytes(locatePiece(manifest, piece).length).slice(),
    );
    const store = await Store.open();
    await store.begin(recordOf(manifest), { type: 'browser' });
    for (const [piece, bytes] of pieces.entries()) {
      await storePiece(store, manifest, piece, bytes.slice());
    }
    const told: number[] = [];
    const zip = await store.zip((done) => told.push(done), new AbortController().signal);
    const large = await zip
      .slice(30 + 'file-0'.length)
      .slice(0, 2 * PIECE_BYTES + 9)
      .arrayBuffer();
    expect(await hashOf(new Uint8Array(large))).toEqual(
      await hashOf(joinParts(pieces.slice(0, 3))),
    );
    expect(told.at(-1)).toBe(1);
    await store.note({ failed: [{ file: 0, reason: 'source-changed' }] });
    const smaller = await store.zip(() => {}, new AbortController().signal);
    expect(smaller.size).toBeLessThan(1_000);
    await store.discard();
  });

  it('stops packing when it is told to', async () => {
    const manifest = makeManifest(3 * PIECE_BYTES);
    const store = await Store.open();
    await store.begin(recordOf(manifest), { type: 'browser' });
    for (const piece of [0, 1, 2]) {
      await storePiece(store, manifest, piece, new Uint8Array(PIECE_BYTES));
    }
    const abort = new AbortController();
    const packing = store.zip(() => {}, abort.signal);
    abort.abort(new Error('as the test asked'));
    await expect(packing).rejects.toThrow('as the test asked');
    expect((await store.read(0)).size).toBe(3 * PIECE_BYTES);
    await store.discard();
  });

  it('keeps and lists nothing before a download is begun in it', async () => {
    const store = await Store.open();
    expect(await listFolders()).toEqual([]);
    expect(await listDownloads()).toEqual([]);
    await store.discard();
  });

  it('leaves no folder behind when it is discarded', async () => {
    const manifest = makeManifest(1);
    const store = await Store.open();
    await store.begin(recordOf(manifest), { type: 'browser' });
    await storePiece(store, manifest, 0, Uint8Array.of(1));
    expect(await listFolders()).toHaveLength(1);
    await store.discard();
    expect(await listFolders()).toEqual([]);
  });

  it('answers every call, also after it is discarded', async () => {
    const manifest = makeManifest(1);
    const store = await Store.open();
    await store.begin(recordOf(manifest), { type: 'browser' });
    await store.discard();
    await expect(store.read(0)).rejects.toThrow('storage-failed');
    await expect(storePiece(store, manifest, 0, Uint8Array.of(1))).rejects.toThrow(
      'storage-failed',
    );
  });
});
