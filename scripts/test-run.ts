import { type TestCounts, addCounts } from './test-counts.ts';

/** One step of `npm test`: an npm script, and the counts of its report where it runs tests. */
export interface TestStep {
  readonly title: string;
  readonly script: string;
  /** reads the report that the script wrote; rejects when there is none */
  readonly counts?: () => Promise<TestCounts>;
}

/** How a whole run ended. */
export interface TestRun {
  readonly counts: TestCounts;
  /** null when every step passed */
  readonly failedStep: TestStep | null;
}

const NONE: TestCounts = { passed: 0, failed: 0, skipped: 0 };
const ONE_FAILURE: TestCounts = { ...NONE, failed: 1 };

/**
 * Runs the steps in order and stops at the first that fails. A step that fails without a failed test counts as
 * one failure, so a run that failed never says "0 failed"; failed tests fail their step, whatever it exits with.
 * @param run runs an npm script and resolves to its exit code
 */
export async function runSteps(
  steps: readonly TestStep[],
  run: (step: TestStep) => Promise<number>,
): Promise<TestRun> {
  const counts: TestCounts[] = [];
  for (const step of steps) {
    const exitCode = await run(step);
    const ownCounts = await readCounts(step);
    const failed = exitCode !== 0 || ownCounts.failed > 0;
    counts.push(failed && ownCounts.failed === 0 ? addCounts([ownCounts, ONE_FAILURE]) : ownCounts);
    if (failed) return { counts: addCounts(counts), failedStep: step };
  }
  return { counts: addCounts(counts), failedStep: null };
}

async function readCounts(step: TestStep): Promise<TestCounts> {
  if (!step.counts) return NONE;
  try {
    return await step.counts();
  } catch {
    // A run that ended before it could write its report has failed, and has counted nothing.
    return ONE_FAILURE;
  }
}
