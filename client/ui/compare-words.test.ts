import { describe, expect, it, test } from 'vitest';
import { failureWords, runTime, shortfallWords, stepWords, subjectWords } from './compare-words.ts';
import { SAMPLE_COMPARISON, SAMPLE_TROUBLED } from './sample-comparison.ts';

describe('what is being done', () => {
  it.each([
    [{ type: 'hello', way: 'server' }, 'Saying hello: to the server'],
    [{ type: 'probe' }, 'Trying out each way'],
    [
      { type: 'run', method: 'direct', round: 0, leg: 'whole', fraction: 0 },
      'Round 1 of 3: Direct',
    ],
    [
      { type: 'run', method: 'stored', round: 2, leg: 'download', fraction: 0 },
      'Round 3 of 3: Stored, downloading',
    ],
  ] as const)('%j', (step, words) => {
    expect(stepWords(step, 3)).toBe(words);
  });
});

test('what is sent', () => {
  expect(subjectWords({ type: 'generated', bytes: 1e9, files: 1 })).toBe('1 GB of random bytes');
  expect(subjectWords({ type: 'files', bytes: 64e6, files: 3 })).toBe('3 files, 64 MB');
});

test('times of runs keep three digits up to two minutes', () => {
  expect([12.34, 2_345, 119_000, 125_000].map(runTime)).toEqual([
    '12.3 ms',
    '2.35 s',
    '119 s',
    '2 min 5 s',
  ]);
});

test('a reason without words is given as it came', () => {
  expect(failureWords('storage-full')).toBe('There is not enough room on this device');
  expect(failureWords('toString')).toBe('The run was broken off (toString)');
});

test('what is missing of a comparison', () => {
  expect(shortfallWords(SAMPLE_COMPARISON)).toBeNull();
  expect(shortfallWords(SAMPLE_TROUBLED)).toBe('Stopped early: 5 of 9 runs were finished.');
  expect(shortfallWords({ ...SAMPLE_TROUBLED, stopped: false })).toMatch(
    /^5 of 9 runs were finished; the table says why/,
  );
});
