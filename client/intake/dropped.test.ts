// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { FakeEntry, FakeFileEntry, FakeFolderEntry } from '../testing/fake-folder.ts';
import { collectDropped } from './dropped.ts';

const FILE = new File(['x'], 'x.txt');
const FOLDER = new FakeFolderEntry('folder', {});

function item(file: File | null, entry: FileSystemEntry | null) {
  return { kind: 'file', getAsFile: () => file, webkitGetAsEntry: () => entry };
}

test('finds files and folders in their order and leaves text out', () => {
  const text = { kind: 'string', getAsFile: () => null };
  // Chromium shows a folder as a file too.
  const items = [text, item(FILE, FOLDER), item(FILE, new FakeFileEntry('x.txt', FILE))];
  expect(collectDropped(items)).toEqual([
    { type: 'folder', folder: FOLDER },
    { type: 'file', file: FILE },
  ]);
});

test('takes files where the browser does not tell files from folders', () => {
  const noApi = { kind: 'file', getAsFile: () => FILE };
  const file = { type: 'file', file: FILE };
  expect(collectDropped([noApi, item(FILE, null)])).toEqual([file, file]);
});

test('names what the browser shows but cannot open', () => {
  expect(collectDropped([item(null, new FakeEntry('a link')), item(null, null)])).toEqual([
    { type: 'unreadable', name: 'a link' },
  ]);
});
