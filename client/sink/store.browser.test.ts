import { afterEach, describe, expect, it } from 'vitest';
import { RECEIVED_FOLDER, claimReceivedFolder, sweepReceivedFolders } from './received-folder.ts';
import { describeSinkContract } from './sink-contract.ts';
import { Store } from './store.ts';

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

async function listFolders(): Promise<string[]> {
  const root = await navigator.storage.getDirectory();
  const parent = await root.getDirectoryHandle(RECEIVED_FOLDER, { create: true });
  const folders: string[] = [];
  for await (const folder of parent.keys()) folders.push(folder);
  return folders;
}

async function storeBytes(
  store: Store,
  file: number,
  start: number,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<'stored' | 'rejected'> {
  const place = { file, piece: 0, start, length: bytes.length };
  return await store.store(place, { piece: 0, hash: await hashOf(bytes), parts: [bytes] });
}

afterEach(async () => {
  await sweepReceivedFolders();
  expect(await listFolders()).toEqual([]);
});

describe('the origin private file system, through the store worker', () => {
  describeSinkContract(async () => {
    const store = await Store.open();
    expect(await listFolders()).toHaveLength(1);
    return {
      write: async (file, start, bytes) => {
        expect(await storeBytes(store, file, start, bytes)).toBe('stored');
      },
      read: (file) => store.read(file),
      flush: () => store.flush(),
      discard: () => store.discard(),
    };
  });

  it('[DT3] writes nothing of a piece whose hash is wrong', async () => {
    const store = await Store.open();
    const place = { file: 0, piece: 0, start: 0, length: 3 };
    const hash = await hashOf(Uint8Array.of(1, 2, 4));
    const piece = { piece: 0, hash, parts: [Uint8Array.of(1, 2), Uint8Array.of(3)] };
    expect(await store.store(place, piece)).toBe('rejected');
    expect((await store.read(0)).size).toBe(0);
    await store.discard();
  });

  it('leaves no folder behind when it is discarded, nor when its page is gone', async () => {
    const store = await Store.open();
    await storeBytes(store, 0, 0, Uint8Array.of(1));
    expect(await listFolders()).toHaveLength(1);
    await store.discard();
    expect(await listFolders()).toEqual([]);
  });

  it('sweeps the folders that nobody holds, and only those', async () => {
    const root = await navigator.storage.getDirectory();
    const parent = await root.getDirectoryHandle(RECEIVED_FOLDER, { create: true });
    await parent.getDirectoryHandle('of a page that is gone', { create: true });
    const claim = new AbortController();
    const held = await claimReceivedFolder(claim.signal);
    await parent.getDirectoryHandle(held, { create: true });
    await sweepReceivedFolders();
    expect(await listFolders()).toEqual([held]);
    claim.abort();
  });

  it('answers every call, also after it is discarded', async () => {
    const store = await Store.open();
    await store.discard();
    await expect(store.read(0)).rejects.toThrow('storage-failed');
  });
});
