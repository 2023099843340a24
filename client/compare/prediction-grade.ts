import { COMPARE_METHODS, type Comparison, type Prediction } from './comparison.ts';
import { finishedRuns, totalsOf } from './finished-runs.ts';
import { type Calibration, type Calibrations, fastest } from './prediction.ts';
import { median } from './statistics.ts';

/** With fewer graded predictions of a method, nothing is learned of it. */
export const LEAST_GRADED = 5;
/** Older ones are of another network, or another version. */
export const MOST_GRADED = 50;
/** How often an interval is meant to hold. */
const COVERAGE = 0.8;

/** How good a prediction was. */
export interface Grade {
  /** how many times as long as expected it took */
  readonly ratio: number;
  /** whether it took as long as the interval says */
  readonly inside: boolean;
}

/** How good predictions have been so far; null where there is none to tell by. */
export interface Accuracy {
  /** how many predictions there were of which the time is known */
  readonly graded: number;
  /** the share of them whose interval held, 0 to 1 */
  readonly inside: number | null;
  /** by what share they were off in the middle, either way: 0.1 where half of them were within 1.1 times */
  readonly medianError: number | null;
  /** in how many comparisons the method that was expected to be the fastest could be held against the best */
  readonly followed: number;
  /** by what share the method expected to be the fastest took longer than the best, in the middle and at worst */
  readonly medianCost: number | null;
  readonly worstCost: number | null;
}

/** A prediction with what came of it. */
interface Graded {
  readonly prediction: Prediction;
  /** the median of the method's total times */
  readonly actualMs: number;
}

/** Holds a prediction against the time that it took, in milliseconds. */
export function grade({ expectedMs, lowMs, highMs }: Prediction, actualMs: number): Grade {
  return {
    ratio: actualMs / Math.max(1, expectedMs),
    inside: actualMs >= lowMs && actualMs <= highMs,
  };
}

/** The running accuracy over comparisons, in any order. */
export function accuracy(comparisons: readonly Comparison[]): Accuracy {
  const grades = comparisons
    .flatMap(gradedOf)
    .map(({ prediction, actualMs }) => grade(prediction, actualMs));
  const errors = grades.map(({ ratio }) => (ratio < 1 ? 1 / ratio : ratio) - 1);
  const costs = comparisons.flatMap((comparison) => costOf(comparison) ?? []);
  return {
    graded: grades.length,
    inside:
      grades.length === 0 ? null : grades.filter(({ inside }) => inside).length / grades.length,
    medianError: median(errors),
    followed: costs.length,
    medianCost: median(costs),
    worstCost: costs.length === 0 ? null : Math.max(...costs),
  };
}

/**
 * What earlier comparisons teach of each method: the median of how many times as long as probed it took, and an interval about it
 * that held for four in five of them: so many of n + 1, rounded up, as one more is to be expected among them (split conformal
 * prediction: Papadopoulos et al., "Inductive Confidence Machines for Regression", 2002). What was probed counts, not what was expected
 * after correction: else each correction would be learned away by the next.
 * @param comparisons in any order; the `MOST_GRADED` newest of each method count
 */
export function learn(comparisons: readonly Comparison[]): Calibrations {
  const newest = comparisons.toSorted((a, b) => b.at - a.at).flatMap(gradedOf);
  return new Map(
    COMPARE_METHODS.flatMap((method) => {
      const logs = newest
        .filter(({ prediction }) => prediction.method === method)
        .slice(0, MOST_GRADED)
        .map(({ prediction, actualMs }) => Math.log(actualMs / Math.max(1, prediction.probedMs)));
      const learned = calibrationOf(logs);
      return learned === null ? [] : [[method, learned] as const];
    }),
  );
}

function calibrationOf(logs: readonly number[]): Calibration | null {
  const middle = median(logs);
  if (middle === null || logs.length < LEAST_GRADED) return null;
  const away = logs.map((log) => Math.abs(log - middle)).toSorted((a, b) => a - b);
  const held = Math.min(away.length, Math.ceil((away.length + 1) * COVERAGE));
  return { bias: Math.exp(middle), reach: Math.exp(away[held - 1] ?? 0) };
}

/** The predictions of a comparison whose methods have finished runs. */
function gradedOf(comparison: Comparison): readonly Graded[] {
  const actual = new Map(
    finishedRuns(comparison).map(({ method, runs }) => [method, median(totalsOf(runs)) ?? 0]),
  );
  return comparison.predictions.flatMap((prediction) => {
    const actualMs = actual.get(prediction.method);
    return actualMs === undefined ? [] : [{ prediction, actualMs: Math.max(1, actualMs) }];
  });
}

/** What following the prediction would have cost over the best; null where there was nothing to choose between. */
function costOf(comparison: Comparison): number | null {
  const graded = gradedOf(comparison);
  if (graded.length < 2) return null;
  const chosen = fastest(graded.map(({ prediction }) => prediction));
  const took = graded.find(({ prediction }) => prediction.method === chosen)?.actualMs;
  return took === undefined ? null : took / Math.min(...graded.map((of) => of.actualMs)) - 1;
}
