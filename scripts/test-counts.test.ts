import { describe, expect, it } from 'vitest';
import { addCounts, countsOfPlaywright, countsOfVitest, summaryLines } from './test-counts.ts';

const vitest = {
  success: true,
  numPassedTests: 40,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 2,
};

describe('countsOfVitest', () => {
  it('counts pending and to-do tests as skipped', () => {
    expect(countsOfVitest(vitest)).toEqual({ passed: 40, failed: 0, skipped: 3 });
  });

  it('counts a run that failed outside its tests as one failure', () => {
    expect(countsOfVitest({ ...vitest, success: false }).failed).toBe(1);
    expect(countsOfVitest({ ...vitest, success: false, numFailedTests: 4 }).failed).toBe(4);
  });

  it('refuses what is no report', () => {
    expect(() => countsOfVitest({ numPassedTests: '40' })).toThrow(/Invalid/);
  });
});

describe('countsOfPlaywright', () => {
  it('counts what passed only on a second try, and errors outside tests, as failed', () => {
    const stats = { expected: 10, unexpected: 1, flaky: 2, skipped: 3 };
    expect(countsOfPlaywright({ stats, errors: [{ message: 'no server' }] })).toEqual({
      passed: 10,
      failed: 4,
      skipped: 3,
    });
  });
});

describe('summaryLines', () => {
  it('are the bare counts of all runs', () => {
    const counts = addCounts([
      { passed: 40, failed: 0, skipped: 0 },
      { passed: 20, failed: 1, skipped: 0 },
    ]);
    expect(summaryLines(counts)).toEqual(['60 passed, 1 failed']);
  });

  it('name skipped tests on a line before, where there are any', () => {
    expect(summaryLines({ passed: 1, failed: 0, skipped: 2 })).toEqual([
      '2 skipped',
      '1 passed, 0 failed',
    ]);
  });
});
