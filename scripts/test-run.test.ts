import { describe, expect, it } from 'vitest';
import { type TestStep, runSteps } from './test-run.ts';

const counting = (title: string, passed: number, failed: number): TestStep => ({
  title,
  script: title,
  counts: () => Promise.resolve({ passed, failed, skipped: 0 }),
});

const lint: TestStep = { title: 'lint', script: 'lint' };

/** Runs the steps with these exit codes (0 where none is given) and records which ran. */
async function runWith(steps: readonly TestStep[], exitCodes: Readonly<Record<string, number>>) {
  const ran: string[] = [];
  const run = await runSteps(steps, (step) => {
    ran.push(step.title);
    return Promise.resolve(exitCodes[step.title] ?? 0);
  });
  return { ...run, ran };
}

describe('runSteps', () => {
  it('runs every step in order and adds their counts up', async () => {
    const run = await runWith([lint, counting('unit', 40, 0), counting('e2e', 20, 0)], {});
    expect(run.ran).toEqual(['lint', 'unit', 'e2e']);
    expect(run.failedStep).toBeNull();
    expect(run.counts).toEqual({ passed: 60, failed: 0, skipped: 0 });
  });

  it('stops at the first step that fails', async () => {
    const run = await runWith([counting('unit', 39, 1), counting('e2e', 20, 0)], { unit: 1 });
    expect(run.ran).toEqual(['unit']);
    expect(run.failedStep?.title).toBe('unit');
    expect(run.counts).toEqual({ passed: 39, failed: 1, skipped: 0 });
  });

  it('counts a failed step without tests as one failure', async () => {
    const run = await runWith([counting('unit', 40, 0), lint], { lint: 2 });
    expect(run.counts).toEqual({ passed: 40, failed: 1, skipped: 0 });
  });

  it('counts a failure beside tests that all passed', async () => {
    const run = await runWith([counting('unit', 40, 0)], { unit: 1 });
    expect(run.counts).toEqual({ passed: 40, failed: 1, skipped: 0 });
  });

  it('fails a step whose report has failures although it exits with 0', async () => {
    const run = await runWith([counting('unit', 39, 1)], {});
    expect(run.failedStep?.title).toBe('unit');
  });

  it('fails a step that wrote no report', async () => {
    const mute: TestStep = { ...counting('unit', 0, 0), counts: () => Promise.reject(new Error()) };
    const run = await runWith([mute, lint], {});
    expect(run.failedStep).toBe(mute);
    expect(run.counts.failed).toBe(1);
  });
});
