import {
  type CompareMethod,
  COMPARE_METHODS,
  type Comparison,
} from '../../client/compare/comparison.ts';
import { finishedRuns, totalsOf } from '../../client/compare/finished-runs.ts';
import { fastest } from '../../client/compare/prediction.ts';
import { median, scatterWithin } from '../../client/compare/statistics.ts';
import type { ComparedSize } from './measured.ts';

/** One way of a comparison: its times in seconds. */
export interface WayTimes {
  readonly method: CompareMethod;
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The ways of a comparison that have finished runs; none where there is no comparison. */
export function wayTimes(comparison: Comparison | null): readonly WayTimes[] {
  if (comparison === null) return [];
  return finishedRuns(comparison).map(({ method, runs }) => {
    const seconds = totalsOf(runs).map((ms) => ms / 1000);
    return {
      method,
      median: median(seconds) ?? 0,
      min: Math.min(...seconds),
      max: Math.max(...seconds),
    };
  });
}

/** The median of a way's times in seconds; null without a finished run. */
export function medianOf(
  comparison: Comparison | null,
  method: CompareMethod | null,
): number | null {
  return wayTimes(comparison).find((way) => way.method === method)?.median ?? null;
}

/** How many times as long as plain TCP the ways took. */
export interface AgainstTcp {
  /** direct, against TCP from sender to receiver */
  readonly direct: number | null;
  /** stored, against TCP to the server and then from it: bytes ÷ rate up + bytes ÷ rate down */
  readonly stored: number | null;
}

/** Null where TCP was not measured. */
export function againstTcp({ comparison, tcp }: ComparedSize): AgainstTcp | null {
  if (tcp === null) return null;
  const over = (method: CompareMethod, mark: number): number | null => {
    const seconds = medianOf(comparison, method);
    return seconds === null ? null : seconds / mark;
  };
  return { direct: over('direct', tcp.path), stored: over('stored', tcp.up + tcp.down) };
}

/** What following the page's prediction would have come to. */
export interface Followed {
  /** the way that was expected to be the fastest */
  readonly method: CompareMethod;
  /** what it took, and what the best way took, in seconds */
  readonly took: number;
  readonly best: number;
}

/** Null where nothing was expected, or not of two ways whose time is known. */
export function followed({ comparison }: ComparedSize): Followed | null {
  if (comparison === null) return null;
  const ways = wayTimes(comparison);
  const known = comparison.predictions.filter((prediction) =>
    ways.some(({ method }) => method === prediction.method),
  );
  const method = fastest(known);
  const took = medianOf(comparison, method);
  if (known.length < 2 || method === null || took === null) return null;
  return { method, took, best: Math.min(...ways.map((way) => way.median)) };
}

/** What following would have cost over many comparisons, as shares: 0.1 is 10 % more time than the best ways. */
export interface FollowingCost {
  readonly comparisons: number;
  readonly median: number;
  readonly mean: number;
  readonly worst: number;
  /** of the sum of all times */
  readonly inAll: number;
}

/** Null of none. */
export function followingCost(compared: readonly ComparedSize[]): FollowingCost | null {
  const all = compared.flatMap((one) => followed(one) ?? []);
  const costs = all.map(({ took, best }) => took / best - 1);
  const middle = median(costs);
  if (middle === null) return null;
  const sum = (values: readonly number[]): number => values.reduce((one, other) => one + other, 0);
  return {
    comparisons: costs.length,
    median: middle,
    mean: sum(costs) / costs.length,
    worst: Math.max(...costs),
    inAll: sum(all.map(({ took }) => took)) / sum(all.map(({ best }) => best)) - 1,
  };
}

/**
 * By how much the runs of one way in one comparison vary: the standard deviation of the logarithm of their times, pooled. The
 * verdict's rule assumes 0.075. Null where no way has two runs.
 * @param method of this way only
 */
export function runNoise(
  compared: readonly ComparedSize[],
  method: CompareMethod | null = null,
): { readonly deviation: number; readonly freedom: number } | null {
  const groups = compared.flatMap(({ comparison }) =>
    comparison === null
      ? []
      : finishedRuns(comparison)
          .filter((way) => method === null || way.method === method)
          .map(({ runs }) => totalsOf(runs).map((ms) => Math.log(Math.max(1, ms)))),
  );
  const { squares, freedom } = scatterWithin(groups);
  return freedom === 0 ? null : { deviation: Math.sqrt(squares / freedom), freedom };
}

/** Every pair of ways that were compared. */
export function pairsOf(
  compared: readonly ComparedSize[],
): readonly (readonly [CompareMethod, CompareMethod])[] {
  const methods = methodsOf(compared);
  return methods.flatMap((one, index) =>
    methods.slice(index + 1).map((other) => [one, other] as const),
  );
}

/** The ways that have a finished run anywhere. */
export function methodsOf(compared: readonly ComparedSize[]): readonly CompareMethod[] {
  return COMPARE_METHODS.filter((method) =>
    compared.some(({ comparison }) => medianOf(comparison, method) !== null),
  );
}
