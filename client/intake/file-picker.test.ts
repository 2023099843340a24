// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { takeChosen } from './file-picker.ts';

function inputWith(chosen: readonly File[]): HTMLInputElement {
  const input = document.createElement('input');
  input.type = 'file';
  let value = 'C:\\fakepath\\x.txt';
  Object.defineProperty(input, 'files', { get: () => (value === '' ? [] : chosen) });
  Object.defineProperty(input, 'value', {
    get: () => value,
    set: (next: string) => {
      value = next;
    },
  });
  return input;
}

function fileAt(path: string): File {
  const file = new File(['x'], path.replace(/.*\//, ''));
  Object.defineProperty(file, 'webkitRelativePath', { value: path });
  return file;
}

test('takes the files in their order and empties the input, so that the same can be chosen again', () => {
  const files = [new File(['x'], 'x.txt'), new File(['a'], 'a.txt')];
  const input = inputWith(files);
  expect(takeChosen(input)).toEqual([
    { path: 'x.txt', file: files[0] },
    { path: 'a.txt', file: files[1] },
  ]);
  expect(input.value).toBe('');
  expect(takeChosen(input)).toEqual([]);
});

test('takes the files of a folder with their paths, by path', () => {
  const input = inputWith([
    fileAt('trip/10.jpg'),
    fileAt('trip/day 1/a.jpg'),
    fileAt('trip/2.jpg'),
  ]);
  input.setAttribute('webkitdirectory', '');
  expect(takeChosen(input).map(({ path }) => path)).toEqual([
    'trip/2.jpg',
    'trip/10.jpg',
    'trip/day 1/a.jpg',
  ]);
});
