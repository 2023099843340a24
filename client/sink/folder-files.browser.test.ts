import { describe, expect, it } from 'vitest';
import { type Manifest, buildManifest } from '../share/manifest.ts';
import { emptyNumberSet, fullNumberSet, withNumbers } from '../share/number-set.ts';
import { pickFolder, recordOf, storePiece, treeOf } from '../testing/test-store.ts';
import { Store } from './store.ts';

function manifestOf(files: Readonly<Record<string, number>>): Manifest {
  const entries = Object.entries(files).map(([path, size]) => ({
    path,
    size,
    type: '',
    lastModified: 0,
  }));
  const manifest = buildManifest(entries);
  if (manifest === null) throw new Error('no such share');
  return manifest;
}

const text = (content: string) => new TextEncoder().encode(content);

async function put(folder: FileSystemDirectoryHandle, name: string, content: string) {
  const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
  await stream.write(content);
  await stream.close();
}

describe('files in a picked folder', () => {
  it('are at their paths, with empty files and folders', async () => {
    const { handle, place } = await pickFolder();
    const manifest = manifestOf({ 'a/b/c.txt': 2, 'a/empty': 0, 'a/none/': 0, 'd?.txt': 1 });
    const store = await Store.open();
    expect(await store.begin(recordOf(manifest), place)).toEqual({
      type: 'folder',
      name: handle.name,
    });
    await storePiece(store, manifest, 0, text('hi'));
    await storePiece(store, manifest, 1, text('!'));
    await store.flush();
    const tree = {
      'a/': null,
      'a/b/': null,
      'a/b/c.txt': 'hi',
      'a/empty': '',
      'a/none/': null,
      'd_.txt': '!',
    };
    expect(await treeOf(handle)).toEqual(tree);
    await store.discard();
    expect(await treeOf(handle)).toEqual({});
  });

  it('do not take the place of what is there, also when the download is taken up again', async () => {
    const { handle, place } = await pickFolder();
    await put(handle, 'A.txt', 'mine');
    const trip = await handle.getDirectoryHandle('trip', { create: true });
    await put(trip, 'x', 'mine too');
    const manifest = manifestOf({ 'a.txt': 2, 'trip/x': 1, 'trip/y': 1 });
    const record = recordOf(manifest);
    const store = await Store.open();
    await store.begin(record, place);
    await storePiece(store, manifest, 0, text('hi'));
    await storePiece(store, manifest, 1, text('1'));
    store.close();
    const again = await Store.reopen(record.secret);
    expect((await again?.store.recover())?.map(({ piece }) => piece)).toEqual([0, 1]);
    if (again !== null) await storePiece(again.store, manifest, 2, text('2'));
    expect(await treeOf(handle)).toEqual({
      'A.txt': 'mine',
      'trip/': null,
      'trip/x': 'mine too',
      'a (2).txt': 'hi',
      'trip (2)/': null,
      'trip (2)/x': '1',
      'trip (2)/y': '2',
    });
    await put(await handle.getDirectoryHandle('trip (2)'), 'own', 'the user’s own');
    await again?.store.discard();
    expect(await treeOf(handle)).toEqual({
      'A.txt': 'mine',
      'trip/': null,
      'trip/x': 'mine too',
      'trip (2)/': null,
      'trip (2)/own': 'the user’s own',
    });
  });

  it('are only those that are selected', async () => {
    const { handle, place } = await pickFolder();
    const manifest = manifestOf({ a: 1, b: 0, 'c/': 0, d: 1 });
    const store = await Store.open();
    await store.begin(recordOf(manifest, withNumbers(emptyNumberSet(4), [3])), place);
    await storePiece(store, manifest, 1, text('d'));
    expect(await treeOf(handle)).toEqual({ d: 'd' });
    await store.discard();
  });

  it('never are outside the folder', async () => {
    const root = await navigator.storage.getDirectory();
    const outside = Object.keys(await treeOf(root));
    const { handle, place } = await pickFolder();
    const manifest = manifestOf({ '../../x': 1, '/y': 1, '..': 1, 'a/../../z': 1, '..\\w': 1 });
    const store = await Store.open();
    await store.begin(recordOf(manifest, fullNumberSet(5)), place);
    for (let piece = 0; piece < 5; piece += 1) await storePiece(store, manifest, piece, text('.'));
    expect(Object.keys(await treeOf(handle)).toSorted()).toEqual('.._w a/ a/z file x y'.split(' '));
    await store.discard();
    await root.removeEntry(handle.name, { recursive: true });
    expect(Object.keys(await treeOf(root))).toEqual(outside);
  });
});
