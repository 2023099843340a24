// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest';
import { FakeFolderEntry } from '../testing/fake-folder.ts';
import type { Dropped } from './dropped.ts';
import { readPaste, watchPastes } from './paste.ts';

const NOW = new Date(2025, 2, 9, 14, 5, 7);

function image(name = 'image.png', lastModified = NOW.getTime()): File {
  return new File(['pixels'], name, { type: 'image/png', lastModified });
}

function asDropped(files: readonly File[]): Dropped[] {
  return files.map((file) => ({ type: 'file', file }));
}

function pastedFiles(data: Parameters<typeof readPaste>[0]): File[] {
  return readPaste(data, NOW).flatMap((item) => (item.type === 'file' ? [item.file] : []));
}

function clipboard(files: readonly File[], types: readonly string[] = ['Files']) {
  const items = files.map((file) => ({ kind: 'file', getAsFile: () => file }));
  const text = { kind: 'string', getAsFile: () => null };
  return { types, items: [...items, text] };
}

test('keeps pasted files as they are', () => {
  const file = new File(['x'], 'report.pdf');
  expect(readPaste(clipboard([file], ['Files', 'text/plain']), NOW)).toEqual(asDropped([file]));
});

test('names an image that was copied as pixels after the time', async () => {
  const [file] = pastedFiles(clipboard([image()]));
  expect(file?.name).toBe('Pasted image 2025-03-09 14.05.07.png');
  expect(file?.type).toBe('image/png');
  expect(await file?.text()).toBe('pixels');
});

test('numbers several images in one paste', () => {
  const names = pastedFiles(clipboard([image(), image()])).map((file) => file.name);
  expect(names).toEqual([
    'Pasted image 2025-03-09 14.05.07.png',
    'Pasted image 2025-03-09 14.05.07 (2).png',
  ]);
});

test('keeps the name of a real file that is called image.png', () => {
  const older = image('image.png', NOW.getTime() - 60_000);
  expect(readPaste(clipboard([older]), NOW)).toEqual(asDropped([older]));
});

test('leaves out the picture that office programs put beside copied text', () => {
  expect(readPaste(clipboard([image()], ['text/plain', 'Files']), NOW)).toEqual([]);
});

test('takes pasted folders where the browser gives their entries', () => {
  const folder = new FakeFolderEntry('trip', {});
  const item = { kind: 'file', getAsFile: () => null, webkitGetAsEntry: () => folder };
  expect(readPaste({ types: ['Files'], items: [item] }, NOW)).toEqual([{ type: 'folder', folder }]);
});

function paste(data: ReturnType<typeof clipboard> | null): Event {
  const event = new Event('paste', { bubbles: true, cancelable: true });
  Object.defineProperty(event, 'clipboardData', { value: data });
  document.body.dispatchEvent(event);
  return event;
}

test('takes a paste of files over and leaves a paste of text to the browser', () => {
  const onPaste = vi.fn<(pasted: readonly Dropped[]) => void>();
  const watching = new AbortController();
  watchPastes(document, onPaste, () => NOW, watching.signal);
  expect(paste(clipboard([], ['text/plain'])).defaultPrevented).toBe(false);
  expect(paste(null).defaultPrevented).toBe(false);
  expect(onPaste).not.toHaveBeenCalled();
  const file = new File(['x'], 'x.txt');
  expect(paste(clipboard([file])).defaultPrevented).toBe(true);
  expect(onPaste).toHaveBeenCalledWith(asDropped([file]));
  watching.abort();
  paste(clipboard([file]));
  expect(onPaste).toHaveBeenCalledOnce();
});
