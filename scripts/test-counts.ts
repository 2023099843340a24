import * as v from 'valibot';

/** How many tests passed, failed, and were skipped. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const vitestReportSchema = v.object({
  success: v.boolean(),
  numPassedTests: count,
  numFailedTests: count,
  numPendingTests: count,
  numTodoTests: count,
});

const playwrightReportSchema = v.object({
  stats: v.object({ expected: count, unexpected: count, flaky: count, skipped: count }),
  errors: v.array(v.unknown()),
});

/**
 * The counts in Vitest's JSON report. A run that failed without a failed test (a file that could not be
 * loaded, an unhandled rejection) counts as one failure.
 * @throws ValiError when it is no such report
 */
export function countsOfVitest(report: unknown): TestCounts {
  const parsed = v.parse(vitestReportSchema, report);
  return {
    passed: parsed.numPassedTests,
    failed: parsed.success ? parsed.numFailedTests : Math.max(parsed.numFailedTests, 1),
    skipped: parsed.numPendingTests + parsed.numTodoTests,
  };
}

/**
 * The counts in Playwright's JSON report. A test that passed only when tried again counts as failed, and so
 * does every error outside a test.
 * @throws ValiError when it is no such report
 */
export function countsOfPlaywright(report: unknown): TestCounts {
  const { stats, errors } = v.parse(playwrightReportSchema, report);
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
  };
}

/** The sum of several runs. */
export function addCounts(counts: readonly TestCounts[]): TestCounts {
  const sum = (of: (entry: TestCounts) => number): number =>
    counts.reduce((total, entry) => total + of(entry), 0);
  return {
    passed: sum((entry) => entry.passed),
    failed: sum((entry) => entry.failed),
    skipped: sum((entry) => entry.skipped),
  };
}

/**
 * The closing lines of `npm test`: the counts alone on the last one, and before it, where there are any, how many
 * tests were skipped.
 */
export function summaryLines({ passed, failed, skipped }: TestCounts): readonly string[] {
  const counts = `${passed} passed, ${failed} failed`;
  return skipped > 0 ? [`${skipped} skipped`, counts] : [counts];
}
