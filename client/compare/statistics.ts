/** The middle value; of an even number, the mean of the two in the middle. Null where there are none. */
export function median(values: readonly number[]): number | null {
  return quantile(values, 0.5);
}

/**
 * The value below which `share` (0 to 1) of them lie, between two neighbours by a straight line (Hyndman and Fan, "Sample
 * Quantiles in Statistical Packages", 1996, definition 7). Null where there are none.
 */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const place = Math.min(1, Math.max(0, share)) * (sorted.length - 1);
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) return null;
  // Not below · (1 − part) + above · part, which rounds to something else where both are the same.
  return below + (above - below) * (place - Math.floor(place));
}

/**
 * Half the range over the median: 0.04 where the slowest and the fastest are 8 % of the median apart. Of the few runs that a
 * comparison has, measures made to withstand outliers hide the only signs of trouble: of three runs, the median absolute
 * deviation leaves out the one that is farthest off. This hides none, and can be checked by hand. Null where there are
 * fewer than two, or where the median is not above 0.
 */
export function spread(values: readonly number[]): number | null {
  const middle = median(values);
  if (middle === null || middle <= 0 || values.length < 2) return null;
  return (Math.max(...values) - Math.min(...values)) / 2 / middle;
}

/** The mean; null where there are none. */
export function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** How far values lie from the means of their groups. */
export interface Scatter {
  /** the sum of the squares */
  readonly squares: number;
  /** how many of the values are free once the means are known */
  readonly freedom: number;
}

/** The scatter within groups, over all groups together. Groups of one say nothing. */
export function scatterWithin(groups: readonly (readonly number[])[]): Scatter {
  let squares = 0;
  let freedom = 0;
  for (const group of groups) {
    const middle = mean(group);
    if (middle === null) continue;
    for (const value of group) squares += (value - middle) ** 2;
    freedom += group.length - 1;
  }
  return { squares, freedom };
}

/**
 * How likely the absolute value of Student's t is to be below `t`, for whole degrees of freedom of at least 1.
 * Abramowitz and Stegun, "Handbook of Mathematical Functions", 26.7.3 and 26.7.4.
 */
function studentWithin(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const square = Math.cos(angle) ** 2;
  const odd = freedom % 2 === 1;
  let term = odd ? Math.cos(angle) : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let step = odd ? 3 : 2; step <= freedom - 2; step += 2) {
    term *= (square * (step - 1)) / step;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}

/**
 * What the absolute value of Student's t exceeds with the probability `level`.
 * @param level between 0 and 1: 0.05 for a two-sided test at 5 %
 * @param freedom degrees of freedom, whole, at least 1
 */
export function studentLimit(level: number, freedom: number): number {
  let low = 0;
  let high = 1;
  while (studentWithin(high, freedom) < 1 - level) high *= 2;
  // 60 halvings leave less than a number can hold.
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (studentWithin(middle, freedom) < 1 - level) low = middle;
    else high = middle;
  }
  return high;
}
