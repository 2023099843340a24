// @vitest-environment happy-dom
import { describe, expect, test, vi } from 'vitest';
import { MAX_FILES } from '../share/manifest.ts';
import { type FakeFolder, FakeEntry, FakeFolderEntry } from '../testing/fake-folder.ts';
import { walkFolders } from './walk-folders.ts';

const FILE = new File(['x'], 'x.txt');

function walk(content: FakeFolder | null, signal = new AbortController().signal) {
  const folder = new FakeFolderEntry('top', content);
  return walkFolders([{ type: 'folder', folder }], () => undefined, signal);
}

async function pathsOf(content: FakeFolder) {
  const { entries } = await walk(content);
  return entries.map(({ path }) => path);
}

describe('walkFolders', () => {
  test('finds the files of nested folders with their paths, by name', async () => {
    const paths = await pathsOf({ '10.jpg': FILE, '2.jpg': FILE, b: { a: { 'x.txt': FILE } } });
    expect(paths).toEqual(['top/2.jpg', 'top/10.jpg', 'top/b/a/x.txt']);
  });

  test('keeps a folder between files where its name belongs', async () => {
    const paths = await pathsOf({ 'a.txt': FILE, 'c.txt': FILE, b: { 'x.txt': FILE } });
    expect(paths).toEqual(['top/a.txt', 'top/b/x.txt', 'top/c.txt']);
  });

  test('keeps empty folders, and only empty ones, as entries without a file', async () => {
    const { entries } = await walk({ empty: {}, full: { below: {} } });
    expect(entries).toEqual([
      { path: 'top/empty/', file: null },
      { path: 'top/full/below/', file: null },
    ]);
  });

  test('asks a reader until it gives nothing more', async () => {
    const content = Object.fromEntries(
      Array.from({ length: 250 }, (_, n) => [`${n}.jpg`, FILE] as const),
    );
    const paths = await pathsOf(content);
    expect(paths).toEqual(Array.from({ length: 250 }, (_, n) => `top/${n}.jpg`));
  });

  test('names files and folders that cannot be read, and goes on with the others', async () => {
    const folder = new FakeFolderEntry('locked', null);
    const dropped = [
      { type: 'unreadable', name: 'a link' },
      { type: 'folder', folder },
      { type: 'folder', folder: new FakeFolderEntry('top', { 'bad.txt': null, 'x.txt': FILE }) },
      { type: 'file', file: FILE },
    ] as const;
    const walked = await walkFolders(dropped, () => undefined, new AbortController().signal);
    expect(walked.unreadable).toEqual(['a link', 'locked/', 'top/bad.txt']);
    expect(walked.entries.map(({ path }) => path)).toEqual(['top/x.txt', 'x.txt']);
  });

  test('names an entry that is neither a file nor a folder', async () => {
    const folder = new FakeFolderEntry('top', {});
    const createReader = () => {
      const parts = [[new FakeEntry('socket')], []];
      return { readEntries: (resolve: FileSystemEntriesCallback) => resolve(parts.shift() ?? []) };
    };
    const dropped = [{ type: 'folder', folder: Object.assign(folder, { createReader }) }] as const;
    const walked = await walkFolders(dropped, () => undefined, new AbortController().signal);
    expect(walked).toMatchObject({ entries: [], unreadable: ['top/socket'] });
  });

  test('says how many it has found so far', async () => {
    const folder = new FakeFolderEntry('top', { 'a.txt': FILE, b: {}, c: { 'x.txt': FILE } });
    const counts = vi.fn<(count: number) => void>();
    await walkFolders([{ type: 'folder', folder }], counts, new AbortController().signal);
    expect(counts.mock.calls.flat()).toEqual([1, 2, 3]);
  });

  test('ends with its signal, also between the parts of a folder', async () => {
    const stopping = new AbortController();
    const walking = walk({ a: FILE, b: FILE, c: FILE, d: FILE }, stopping.signal);
    stopping.abort(new Error('stopped'));
    await expect(walking).rejects.toThrow('stopped');
  });

  test('ends soon after a share’s most files, so that the session can say that there are too many', async () => {
    const content = Object.fromEntries(
      Array.from({ length: MAX_FILES + 300 }, (_, n) => [String(n), FILE] as const),
    );
    const { entries } = await walk({ many: content, more: content });
    expect(entries.length).toBeGreaterThan(MAX_FILES);
    expect(entries.length).toBeLessThanOrEqual(MAX_FILES + 100);
  });
});
