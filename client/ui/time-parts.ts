import type { CompareMethod, Comparison, FinishedRun } from '../compare/comparison.ts';
import { finishedRuns, totalsOf } from '../compare/finished-runs.ts';
import { median } from '../compare/statistics.ts';

/** What the time of a run goes into, in the order in which it goes. */
export const TIME_PARTS = ['upload', 'connect', 'first-byte', 'transfer', 'verify'] as const;
export type TimePart = (typeof TIME_PARTS)[number];

/** Where the time of a method went. */
export interface MethodTimes {
  readonly method: CompareMethod;
  readonly medianMs: number;
  /** of every finished run, in the order in which they were made */
  readonly totalsMs: readonly number[];
  /** of the run in the middle: the one whose total is nearest to the median */
  readonly parts: readonly { readonly part: TimePart; readonly ms: number }[];
}

/** The times of every method that has finished runs. */
export function methodTimes(comparison: Comparison): readonly MethodTimes[] {
  return finishedRuns(comparison).map(({ method, runs }) => {
    const totalsMs = totalsOf(runs);
    const medianMs = median(totalsMs) ?? 0;
    const away = ({ times }: FinishedRun) => Math.abs(times.totalMs - medianMs);
    const [middle] = runs.toSorted((a, b) => away(a) - away(b));
    return { method, medianMs, totalsMs, parts: middle === undefined ? [] : partsOf(middle) };
  });
}

function partsOf({ times }: FinishedRun): MethodTimes['parts'] {
  const { uploadMs, connectMs, firstByteMs, transferMs, verifyMs } = times;
  return [
    ...(uploadMs === null ? [] : [{ part: 'upload' as const, ms: uploadMs }]),
    { part: 'connect', ms: connectMs },
    { part: 'first-byte', ms: firstByteMs },
    { part: 'transfer', ms: transferMs },
    { part: 'verify', ms: verifyMs },
  ];
}
