import type { CompareMethod, ComparePlan, Run } from './comparison.ts';
import { median } from './statistics.ts';

/** One run that is to be made. */
export interface PlannedRun {
  /** from 0 */
  readonly round: number;
  readonly method: CompareMethod;
}

/**
 * The runs of a plan in their order: every method once, then every method again, so that what changes while the comparison
 * is under way meets all of them. Each round begins with the next method, so that none always comes first.
 */
export function planRuns({ methods, rounds }: ComparePlan): readonly PlannedRun[] {
  return Array.from({ length: rounds }, (_, round) => {
    const first = round % methods.length;
    return [...methods.slice(first), ...methods.slice(0, first)].map((method) => ({
      round,
      method,
    }));
  }).flat();
}

/**
 * How long the rest of a plan takes, in milliseconds: each method as long as the median of its finished runs, and one whose
 * runs have all failed as long as the median of all.
 * @param runs those that ended, in the order of the plan
 * @param elapsedMs since the run under way began; 0 where none is
 * @returns null until every method that is still to come has ended once, and any was finished
 */
export function timeLeft(
  plan: ComparePlan,
  runs: readonly Run[],
  elapsedMs: number,
): number | null {
  const coming = planRuns(plan).slice(runs.length);
  const any = median(totals(runs));
  let left = 0;
  for (const [index, { method }] of coming.entries()) {
    const ended = runs.filter((run) => run.method === method);
    const usual = median(totals(ended)) ?? any;
    if (usual === null || ended.length === 0) return null;
    // A run that takes longer than usual is not over, but nothing says how long it still takes.
    left += index === 0 ? Math.max(0, usual - elapsedMs) : usual;
  }
  return left;
}

/**
 * How much of a plan is done, 0 to 1, every run counting the same.
 * @param fraction of the run under way, 0 to 1; 0 where none is
 */
export function fractionDone(plan: ComparePlan, runs: readonly Run[], fraction: number): number {
  const all = plan.methods.length * plan.rounds;
  return Math.min(1, (runs.length + Math.min(1, Math.max(0, fraction))) / all);
}

function totals(runs: readonly Run[]): readonly number[] {
  return runs.flatMap(({ outcome }) => (outcome.type === 'done' ? [outcome.times.totalMs] : []));
}
