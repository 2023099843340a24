import { afterEach, describe, expect, it, vi } from 'vitest';
import { PIECE_BYTES, buildManifest } from '../share/manifest.ts';
import { fullNumberSet } from '../share/number-set.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import { listFolders, pickFolder, recordOf, storePiece, treeOf } from '../testing/test-store.ts';
import type { DownloadRecord } from './download-record.ts';
import { findFolderHandle } from './folder-handles.ts';
import {
  deleteDownload,
  listDownloads,
  makeRoom,
  measureFit,
  sweepDownloads,
} from './kept-downloads.ts';
import { openReceivedFolder, whileUnclaimed } from './received-folder.ts';
import { type DownloadChange, Store, type StorePlace } from './store.ts';

const IN_BROWSER: StorePlace = { type: 'browser' };

/** A download that a page has left; it has its first pieces. */
async function leave(
  record: DownloadRecord,
  pieces: number,
  change: DownloadChange = {},
  place = IN_BROWSER,
): Promise<void> {
  const before = new Set(await listFolders());
  const store = await Store.open();
  await store.begin(record, place);
  for (let piece = 0; piece < pieces; piece += 1) {
    const size = Math.min(PIECE_BYTES, record.manifest.entries[0]?.size ?? 0);
    await storePiece(store, record.manifest, piece, new Uint8Array(size));
  }
  await store.note(change);
  store.close();
  const id = (await listFolders()).find((one) => !before.has(one)) ?? '';
  await vi.waitUntil(() => whileUnclaimed(id, async () => {}));
}

afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all((await listFolders()).map((id) => deleteDownload(id)));
  expect(await listFolders()).toEqual([]);
});

describe('downloads that are not kept', () => {
  it('are listed nowhere, and what a page leaves of one is removed by the next store', async () => {
    const store = await Store.open();
    const manifest = makeManifest(2 * PIECE_BYTES);
    await store.beginForNow(manifest, fullNumberSet(1));
    await storePiece(store, manifest, 0, new Uint8Array(PIECE_BYTES));
    await store.flush();
    expect(await listDownloads()).toEqual([]);
    const [id = ''] = await listFolders();
    store.close();
    await vi.waitUntil(() => whileUnclaimed(id, async () => {}));
    expect(await listFolders()).toEqual([id]);
    const next = await Store.open();
    expect(await listFolders()).not.toContain(id);
    await next.discard();
  });
});

describe('kept downloads', () => {
  it('are listed by what they are of and how much they have, the newest first', async () => {
    const folder = buildManifest([
      { path: 'trip/empty/', size: 0, type: '', lastModified: 0 },
      { path: 'trip/a.jpg', size: 5, type: '', lastModified: 0 },
    ]);
    if (folder === null) throw new Error('no such share');
    const older = recordOf(makeManifest(2 * PIECE_BYTES));
    await leave(older, 1);
    await leave(recordOf(folder), 0, { complete: true });
    const listed = await listDownloads();
    expect(listed).toMatchObject([
      { name: 'trip/a.jpg', fileCount: 2, bytes: 5, totalBytes: 5, complete: true, inUse: false },
      { name: 'file-0', fileCount: 1, bytes: PIECE_BYTES, totalBytes: 2 * PIECE_BYTES },
    ]);
    expect(listed[1]?.address).toMatch(/^\/#[A-Za-z0-9_-]{22}$/u);
    expect(Math.abs((listed[1]?.touchedAt ?? 0) - Date.now())).toBeLessThan(600_000);
  });

  it('can be deleted, and what a picked folder got stays there', async () => {
    const { place, handle } = await pickFolder();
    await leave(recordOf(makeManifest(3)), 1, {}, place);
    const [id = ''] = await listFolders();
    expect(await findFolderHandle(id)).not.toBeNull();
    expect(await deleteDownload(id)).toBe(true);
    expect(await listDownloads()).toEqual([]);
    expect(await findFolderHandle(id)).toBeNull();
    expect(await treeOf(handle)).toEqual({ 'file-0': '\0\0\0' });
  });

  it('are swept a day after all was saved, and not before', async () => {
    const manifest = makeManifest(1);
    const day = 24 * 60 * 60 * 1_000;
    await leave(recordOf(manifest), 0, { complete: true, savedAt: Date.now() - day - 1 });
    await leave(recordOf(manifest), 0, { complete: true, savedAt: Date.now() - day + 600_000 });
    await leave(recordOf(manifest), 0, { complete: true });
    await leave(recordOf(manifest), 0, { savedAt: 0 });
    await sweepDownloads();
    expect(await listDownloads()).toHaveLength(3);
  });

  it('are swept where no page can go on with them, unless a page has just begun', async () => {
    const parent = await openReceivedFolder();
    await parent.getDirectoryHandle('without a record', { create: true });
    const torn = await parent.getDirectoryHandle('torn', { create: true });
    const stream = await (await torn.getFileHandle('summary-0', { create: true })).createWritable();
    await stream.write('{"version":1,"revision":0');
    await stream.close();
    const store = await Store.open();
    expect(await listFolders()).toEqual([]);
    await store.begin(recordOf(makeManifest(1)), IN_BROWSER);
    await sweepDownloads();
    expect(await listFolders()).toHaveLength(1);
    await store.discard();
  });
});

describe('room', () => {
  it('is measured with 10 % to spare', async () => {
    // What Chromium says has little to do with the disk, nor with the quota that a test sets.
    vi.spyOn(navigator.storage, 'estimate').mockResolvedValue({ usage: 7, quota: 1_000_007 });
    const fit = await measureFit(900_000, null);
    expect(fit).toMatchObject({ fits: true, neededBytes: 900_000, availableBytes: 1_000_000 });
    expect(await measureFit(950_000, null)).toMatchObject({ fits: false });
    vi.spyOn(navigator.storage, 'estimate').mockResolvedValue({});
    expect(await measureFit(950_000, null)).toMatchObject({ fits: true, availableBytes: null });
  });

  it('is made by deleting partial downloads of other shares, the oldest first', async () => {
    const manifest = makeManifest(2 * PIECE_BYTES);
    const own = recordOf(manifest);
    await leave(own, 1);
    await leave(recordOf(manifest), 1, { complete: true });
    const oldest = recordOf(manifest);
    await leave(oldest, 1);
    const newest = recordOf(manifest);
    await leave(newest, 1);
    await leave(recordOf(manifest), 1, {}, (await pickFolder()).place);
    vi.spyOn(navigator.storage, 'estimate').mockImplementation(async () => {
      const usage = (await listFolders()).length * PIECE_BYTES;
      return { usage, quota: 5 * PIECE_BYTES + 1_000 };
    });
    const before = await measureFit(500_000, own.secret);
    expect(before.reclaimable).toEqual({ count: 2, bytes: 2 * PIECE_BYTES });
    expect(await makeRoom(500_000, own.secret)).toMatchObject({ fits: true });
    expect(await listDownloads()).toHaveLength(4);
    expect(await Store.reopen(oldest.secret)).toBeNull();
    const more = await makeRoom(50_000_000, own.secret);
    expect(more).toMatchObject({ fits: false, reclaimable: { count: 0, bytes: 0 } });
    expect(await listDownloads()).toHaveLength(3);
  });
});
