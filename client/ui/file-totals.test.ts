import { expect, test } from 'vitest';
import { emptyNumberSet, withNumbers } from '../share/number-set.ts';
import { countWords, fileTotals } from './file-totals.ts';
import { SAMPLE_FOLDERS } from './sample-states.ts';

test('adds up all files, or those that are selected', () => {
  expect(fileTotals(SAMPLE_FOLDERS)).toEqual({ files: 5, folders: 1, bytes: 64_002_000 });
  const selected = withNumbers(emptyNumberSet(6), [1, 3]);
  expect(fileTotals(SAMPLE_FOLDERS, selected)).toEqual({ files: 1, folders: 1, bytes: 4_000_000 });
});

test('adds up a list once, however often it is drawn', () => {
  expect(fileTotals(SAMPLE_FOLDERS)).toBe(fileTotals(SAMPLE_FOLDERS));
});

test.each([
  [2, 3, '2 files'],
  [0, 0, '0 files'],
  [0, 1, '1 empty folder'],
  [0, 2_000, '2,000 empty folders'],
])('%i files and %i empty folders are "%s"', (files, folders, words) => {
  expect(countWords({ files, folders, bytes: 0 })).toBe(words);
});
