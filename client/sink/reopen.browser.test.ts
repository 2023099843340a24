import { afterEach, describe, expect, it, vi } from 'vitest';
import { PIECE_BYTES, locatePiece } from '../share/manifest.ts';
import { emptyNumberSet, withNumbers } from '../share/number-set.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import { openOtherPage } from '../testing/other-page.ts';
import { setQuota } from '../testing/set-quota.ts';
import { seededRandom } from '../testing/random.ts';
import { listFolders, pickFolder, recordOf, storePiece, treeOf } from '../testing/test-store.ts';
import { deleteDownload, listDownloads } from './kept-downloads.ts';
import { JOURNAL_RECORD_BYTES } from './piece-journal.ts';
import { openReceivedFolder, whileUnclaimed } from './received-folder.ts';
import { Store, type StorePlace } from './store.ts';

const manifest = makeManifest(2 * PIECE_BYTES + 1, 10, 0, 20);
const PIECES = [0, 1, 2, 3, 4];
const bytesOf = (piece: number) =>
  seededRandom(piece).bytes(locatePiece(manifest, piece).length).slice();

const sameBytes = (one: Uint8Array, other: Uint8Array) =>
  one.length === other.length && one.every((byte, index) => byte === other[index]);

/** Whether all files are what they should be. */
async function expectWhole(store: Store): Promise<void> {
  for (const piece of PIECES) {
    const { file, start, length } = locatePiece(manifest, piece);
    const part = (await store.read(file)).slice(start, start + length);
    expect(sameBytes(new Uint8Array(await part.arrayBuffer()), bytesOf(piece))).toBe(true);
  }
}

async function recovered(store: Store): Promise<readonly number[]> {
  return (await store.recover()).map(({ piece }) => piece).toSorted((a, b) => a - b);
}

/** A file of the only download there is. */
async function ownFile(name: string): Promise<FileSystemFileHandle> {
  const [id = ''] = await listFolders();
  return await (await (await openReceivedFolder()).getDirectoryHandle(id)).getFileHandle(name);
}

/** Writes over a file, or cuts it off, as a crash of the machine does with what was not on the disk. */
async function damage(
  name: string,
  change: (stream: FileSystemWritableFileStream, size: number) => Promise<void>,
): Promise<void> {
  const handle = await ownFile(name);
  const stream = await handle.createWritable({ keepExistingData: true });
  await change(stream, (await handle.getFile()).size);
  await stream.close();
}

async function begin(place: StorePlace, pieces: readonly number[]) {
  const store = await Store.open();
  const record = recordOf(manifest);
  await store.begin(record, place);
  for (const piece of pieces) await storePiece(store, manifest, piece, bytesOf(piece));
  return { store, record };
}

/** Closes the only store there is, and waits until it has let go. */
async function closeStore(store: Store): Promise<void> {
  store.close();
  const [id = ''] = await listFolders();
  await vi.waitUntil(() => whileUnclaimed(id, async () => {}));
}

async function reopen(secret: Parameters<typeof Store.reopen>[0]) {
  const reopened = await Store.reopen(secret);
  if (reopened === null) throw new Error('nothing is kept of this share');
  return reopened;
}

afterEach(async () => {
  await setQuota();
  await Promise.all((await listFolders()).map((id) => deleteDownload(id)));
  expect(await listFolders()).toEqual([]);
});

describe('a download taken up again', () => {
  const places = {
    'the browser': async () => ({ type: 'browser' }) as const,
    'a picked folder': async () => (await pickFolder()).place,
  };

  for (const [name, pick] of Object.entries(places)) {
    it(`has what it had, and goes on from there, in ${name}`, async () => {
      const { store, record } = await begin(await pick(), [0, 3]);
      store.close();
      const again = await reopen(record.secret);
      expect(again.record.manifest).toEqual(record.manifest);
      expect(again.record).toEqual(record);
      expect(again).toMatchObject({ paused: false, complete: false, failed: [] });
      expect(await recovered(again.store)).toEqual([0, 3]);
      for (const piece of [1, 2, 4]) {
        await storePiece(again.store, manifest, piece, bytesOf(piece));
      }
      await again.store.flush();
      expect(await recovered(again.store)).toEqual(PIECES);
      await expectWhole(again.store);
      await again.store.discard();
    });
  }

  it('has every piece that was stored, though the page vanished in the middle', async () => {
    const page = await openOtherPage();
    const store = await page.module.Store.open();
    const record = recordOf(manifest);
    await store.begin(record, { type: 'browser' });
    for (const piece of [0, 1, 2]) {
      const bytes = bytesOf(piece);
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      const arrived = { piece, hash, form: 'plain', parts: [bytes] } as const;
      await store.store(locatePiece(manifest, piece), arrived);
    }
    page.vanish();
    const again = await reopen(record.secret);
    expect(await recovered(again.store)).toEqual([0, 1, 2]);
    await again.store.discard();
  });

  it('is nobody else’s while a page is at it', async () => {
    const { store, record } = await begin({ type: 'browser' }, [0]);
    const page = await openOtherPage();
    expect(await page.module.Store.reopen(record.secret)).toBeNull();
    expect(await listDownloads()).toMatchObject([{ inUse: true, bytes: PIECE_BYTES }]);
    expect(await deleteDownload((await listFolders())[0] ?? '')).toBe(false);
    expect(await listDownloads()).toHaveLength(1);
    page.vanish();
    await store.discard();
  });

  it('says when it has let go', async () => {
    const { store, record } = await begin({ type: 'browser' }, PIECES);
    store.close();
    await store.closed;
    expect(await whileUnclaimed((await listFolders())[0] ?? '', async () => {})).toBe(true);
    const again = await reopen(record.secret);
    await again.store.discard();
    await again.store.closed;
  });

  it('is the newest of its share, and none of another one', async () => {
    const { store, record } = await begin({ type: 'browser' }, [0]);
    store.close();
    const newer = await Store.open();
    await newer.begin(record, { type: 'browser' });
    await storePiece(newer, manifest, 4, bytesOf(4));
    newer.close();
    const again = await reopen(record.secret);
    expect(await recovered(again.store)).toEqual([4]);
    await again.store.discard();
    expect(await Store.reopen(recordOf(manifest).secret)).toBeNull();
  });

  it('knows what was noted of it last', async () => {
    const { store, record } = await begin({ type: 'browser' }, []);
    const failed = [{ file: 1, reason: 'source-changed' } as const];
    await Promise.all([
      store.note({ paused: true }),
      store.note({ failed }),
      store.note({ paused: false }),
      store.note({ paused: true }),
    ]);
    store.close();
    const again = await reopen(record.secret);
    expect(again).toMatchObject({ paused: true, complete: false, failed });
    await again.store.note({ complete: true });
    again.store.close();
    const last = await reopen(record.secret);
    expect(last).toMatchObject({ paused: true, complete: true, failed });
    await last.store.discard();
  });

  it('writes few of thousands of notes one after another, and the last', async () => {
    const { store, record } = await begin({ type: 'browser' }, []);
    const notes = Array.from({ length: 300 }, (_, file) => {
      return store.note({ failed: [{ file, reason: 'source-unreadable' }] });
    });
    await Promise.all(notes);
    await closeStore(store);
    const again = await reopen(record.secret);
    expect(again.failed).toEqual([{ file: 299, reason: 'source-unreadable' }]);
    const texts = ['summary-0', 'summary-1'].map(async (name) =>
      (await (await ownFile(name)).getFile()).text(),
    );
    expect((await Promise.all(texts)).join(' ')).not.toMatch(/"revision":\d\d/u);
    await again.store.discard();
  });

  it('knows what was noted before, where the last note is torn', async () => {
    const { store, record } = await begin({ type: 'browser' }, []);
    await store.note({ paused: true });
    await store.note({ complete: true });
    await closeStore(store);
    await damage('summary-0', (stream, size) => stream.truncate(size - 1));
    const again = await reopen(record.secret);
    expect(again).toMatchObject({ paused: true, complete: false });
    await again.store.discard();
  });

  it('loses only the pieces that are not what the journal says, for good', async () => {
    const { store, record } = await begin({ type: 'browser' }, PIECES);
    await closeStore(store);
    await damage('data', (stream) =>
      stream.write({ type: 'write', position: PIECE_BYTES + 9, data: 'not what it was' }),
    );
    const again = await reopen(record.secret);
    expect(await recovered(again.store)).toEqual([0, 2, 3, 4]);
    await again.store.flush();
    again.store.close();
    const last = await reopen(record.secret);
    expect(await recovered(last.store)).toEqual([0, 2, 3, 4]);
    await storePiece(last.store, manifest, 1, bytesOf(1));
    await expectWhole(last.store);
    await last.store.discard();
  });

  it('loses what is beyond the end, where the data is cut off', async () => {
    const { store, record } = await begin({ type: 'browser' }, PIECES);
    await store.flush();
    await closeStore(store);
    await damage('data', (stream) => stream.truncate(PIECE_BYTES + 1));
    const again = await reopen(record.secret);
    expect(await recovered(again.store)).toEqual([0]);
    await again.store.discard();
  });

  it('goes on behind a torn record of its journal', async () => {
    const { store, record } = await begin({ type: 'browser' }, [0, 1, 2]);
    await closeStore(store);
    await damage('journal', (stream) => stream.truncate(3 * JOURNAL_RECORD_BYTES - 7));
    const again = await reopen(record.secret);
    expect(await recovered(again.store)).toEqual([0, 1]);
    await storePiece(again.store, manifest, 4, bytesOf(4));
    expect(await recovered(again.store)).toEqual([0, 1, 4]);
    await again.store.discard();
  });

  it('does not take back from a folder what the user changed, moved or deleted there', async () => {
    const { place, handle } = await pickFolder();
    const { store, record } = await begin(place, PIECES);
    await store.flush();
    const stream = await (
      await handle.getFileHandle('file-0')
    ).createWritable({
      keepExistingData: true,
    });
    await stream.write({ type: 'write', position: 5, data: 'mine' });
    await stream.close();
    await handle.removeEntry('file-3');
    store.close();
    const again = await reopen(record.secret);
    expect(again.place).toEqual({ type: 'folder', name: handle.name });
    await again.store.allowFolder();
    expect(await recovered(again.store)).toEqual([1, 2, 3]);
    for (const piece of [0, 4]) await storePiece(again.store, manifest, piece, bytesOf(piece));
    await expectWhole(again.store);
    await again.store.discard();
    expect(await treeOf(handle)).toEqual({});
  });
});

describe('a full disk', () => {
  it('keeps what it has, and takes the same piece once there is room', async () => {
    const { store, record } = await begin({ type: 'browser' }, [0]);
    await setQuota(1);
    await expect(storePiece(store, manifest, 1, bytesOf(1))).rejects.toThrow('storage-full');
    expect(await recovered(store)).toEqual([0]);
    await setQuota();
    for (const piece of [1, 2, 3, 4]) await storePiece(store, manifest, piece, bytesOf(piece));
    await expectWhole(store);
    store.close();
    const again = await reopen(record.secret);
    expect(await recovered(again.store)).toEqual(PIECES);
    await again.store.discard();
  });

  it('can be begun on once there is room', async () => {
    const store = await Store.open();
    await setQuota(1);
    const record = recordOf(manifest, withNumbers(emptyNumberSet(4), [1]));
    await expect(store.begin(record, { type: 'browser' })).rejects.toThrow('storage-full');
    await setQuota();
    expect(await store.begin(record, { type: 'browser' })).toEqual({ type: 'browser' });
    await storePiece(store, manifest, 3, bytesOf(3));
    expect((await store.read(1)).size).toBe(10);
    await store.discard();
  });

  it('of a picked folder keeps what is committed there', async () => {
    const { place } = await pickFolder();
    const { store } = await begin(place, [3]);
    await setQuota(1);
    const storing = storePiece(store, manifest, 0, bytesOf(0)).then(() => store.flush());
    await expect(storing).rejects.toThrow('storage-full');
    expect(await recovered(store)).toEqual([3]);
    await setQuota();
    for (const piece of [0, 1, 2, 4]) await storePiece(store, manifest, piece, bytesOf(piece));
    await expectWhole(store);
    await store.discard();
  });
});
