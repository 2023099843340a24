// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { takeChosenFiles } from './file-picker.ts';

test('takes the files and empties the input, so that the same file can be chosen again', () => {
  const input = document.createElement('input');
  input.type = 'file';
  const chosen = [new File(['x'], 'x.txt')];
  let value = 'C:\\fakepath\\x.txt';
  Object.defineProperty(input, 'files', { get: () => (value === '' ? [] : chosen) });
  Object.defineProperty(input, 'value', {
    get: () => value,
    set: (next: string) => {
      value = next;
    },
  });
  expect(takeChosenFiles(input)).toEqual(chosen);
  expect(value).toBe('');
});
