import {
  COMPARE_METHODS,
  type CompareMethod,
  type Comparison,
  type FinishedRun,
} from './comparison.ts';

/** The finished runs of one method, in the order in which they were made; at least one. */
export interface MethodRuns {
  readonly method: CompareMethod;
  readonly runs: readonly FinishedRun[];
}

/** What a finished run counts as: what was asked as direct and went through a relay is relayed, never direct. */
export function methodOf(asked: CompareMethod, run: FinishedRun): CompareMethod {
  return asked === 'direct' && run.path === 'relayed' ? 'relayed' : asked;
}

/** The methods that have finished runs, in the order of `COMPARE_METHODS`. */
export function finishedRuns({ runs }: Comparison): readonly MethodRuns[] {
  return COMPARE_METHODS.map((method) => ({
    method,
    runs: runs.flatMap(({ method: asked, outcome }) =>
      outcome.type === 'done' && methodOf(asked, outcome) === method ? [outcome] : [],
    ),
  })).filter(({ runs }) => runs.length > 0);
}

/** The total times of runs in milliseconds. */
export function totalsOf(runs: readonly FinishedRun[]): readonly number[] {
  return runs.map(({ times }) => times.totalMs);
}

/** Bytes per second; null where less than a millisecond passed, of which a browser's clock does not tell. */
export function rateOf(bytes: number, ms: number): number | null {
  return ms < 1 ? null : (bytes / ms) * 1000;
}
