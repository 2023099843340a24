import { expect, test } from 'vitest';
import { emptyNumberSet, fullNumberSet, withNumbers } from '../share/number-set.ts';
import { savableFile } from './savable-file.ts';
import { SAMPLE_DONE, SAMPLE_FOLDERS } from './sample-states.ts';

const only = (file: number) => withNumbers(emptyNumberSet(6), [file]);

test.each([
  ['one of several files', { selected: only(2) }, 2],
  ['an empty folder', { selected: only(3) }, null],
  ['everything', { selected: fullNumberSet(6) }, null],
  ['nothing', { selected: emptyNumberSet(6) }, null],
])('of %s that arrived', (_words, { selected }, file) => {
  expect(savableFile({ ...SAMPLE_DONE, files: SAMPLE_FOLDERS, selected })).toBe(file);
});

test('what failed does not count', () => {
  const selected = withNumbers(emptyNumberSet(6), [0, 1]);
  const failures = [{ file: 0, reason: 'source-changed' }] as const;
  expect(savableFile({ ...SAMPLE_DONE, files: SAMPLE_FOLDERS, selected, failures })).toBe(1);
});
