import { expect, test } from 'vitest';
import { compareNames, sortByPath } from './path-order.ts';

test('names are in the order that people expect, numbers by value', () => {
  const names = ['b.txt', '10.jpg', 'A.txt', '2.jpg', 'a.txt'];
  expect(names.toSorted(compareNames)).toEqual(['2.jpg', '10.jpg', 'a.txt', 'A.txt', 'b.txt']);
});

test('names that only a computer tells apart have one order all the same', () => {
  const [composed, decomposed] = ['\u00e9', 'e\u0301'];
  expect(compareNames(composed, decomposed)).toBe(-compareNames(decomposed, composed));
  expect(compareNames(composed, decomposed)).not.toBe(0);
  expect(compareNames(composed, composed)).toBe(0);
});

test('paths are sorted folder by folder', () => {
  const paths = ['a-b/1', 'a/c/1', 'a', 'a/b', 'a/c', 'a/10', 'a/9'];
  const sorted = sortByPath(paths.map((path) => ({ path, file: null })));
  expect(sorted.map(({ path }) => path)).toEqual([
    'a',
    'a/9',
    'a/10',
    'a/b',
    'a/c',
    'a/c/1',
    'a-b/1',
  ]);
});
