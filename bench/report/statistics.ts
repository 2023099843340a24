/** Numbers in short. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

/** The spread of some numbers; null of none. */
export function spreadOf(values: readonly number[]): Spread | null {
  const sorted = values.toSorted((one, other) => one - other);
  const [min] = sorted;
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) return null;
  return { median: medianOf(sorted), min, max, count: sorted.length };
}

/** The middle one, or what is halfway between the two in the middle. */
function medianOf(sorted: readonly number[]): number {
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? upper;
  return (lower + upper) / 2;
}

/**
 * Between which of its values the median of what was drawn from lies with 95 % certainty, whatever the distribution: the
 * narrowest pair of order statistics with that coverage (Conover, Practical Nonparametric Statistics, 1999, 3.2), or the
 * least and the most of values that are too few for it.
 */
export function medianInterval(values: readonly number[]): readonly [number, number] {
  const sorted = values.toSorted((one, other) => one - other);
  const count = sorted.length;
  let below = 0.5 ** count;
  let term = below;
  let rank = 0;
  while (rank + 1 < count / 2) {
    term = (term * (count - rank)) / (rank + 1);
    below += term;
    if (2 * below > 0.05) break;
    rank += 1;
  }
  return [sorted[rank] ?? 0, sorted[count - 1 - rank] ?? 0];
}
