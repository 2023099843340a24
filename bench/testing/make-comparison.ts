import type { CompareMethod, Comparison, Prediction } from '../../client/compare/comparison.ts';
import { compareTimes, makePlan } from '../../client/testing/make-comparison.ts';
import type { ComparedSize } from '../compare/measured.ts';

/** The times of the runs of each way, in seconds. */
export type RunSeconds = Partial<Readonly<Record<CompareMethod, readonly number[]>>>;

/** A comparison with these times. */
export function makeComparison(
  seconds: RunSeconds,
  bytes = 10e6,
  expected: RunSeconds = {},
): Comparison {
  const totals = Object.entries(seconds).map(([way, of]) => [way, of.map((one) => one * 1000)]);
  const comparison = compareTimes(Object.fromEntries(totals));
  const { methods, rounds } = comparison.plan;
  return {
    ...comparison,
    plan: makePlan(methods, rounds, bytes),
    predictions: methods.flatMap((method) => predictionsOf(method, expected[method])),
  };
}

function predictionsOf(method: CompareMethod, of: readonly number[] = []): Prediction[] {
  return of.map((seconds) => {
    const ms = seconds * 1000;
    return { method, expectedMs: ms, probedMs: ms, lowMs: ms / 1.1, highMs: ms * 1.1 };
  });
}

/** A measured comparison, but for what is said of it. */
export function makeCompared(
  seconds: RunSeconds,
  said: Partial<ComparedSize> & { readonly expected?: RunSeconds } = {},
): ComparedSize {
  const { expected, ...rest } = said;
  const bytes = rest.bytes ?? 10e6;
  return {
    profile: 'loopback',
    bytes,
    comparison: makeComparison(seconds, bytes, expected),
    verdict: 'Direct was 1.8 times as fast as Stored (median of 3; spread 4 %).',
    tcp: null,
    serverBytes: 40e6,
    failure: null,
    ...rest,
  };
}
