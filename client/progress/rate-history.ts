import type { SpeedSample } from './speed-meter.ts';

/** No history has more samples than this, however long it is. */
export const MAX_HISTORY_SAMPLES = 600;
/** A rate is that of so much time: pieces come whole, and over less time a slow transfer would seem to stop and go. */
const RATE_SPAN_MS = 2_000;
/** Before that much time, a rate would be that of a single piece; it is given where there is no better. */
const LEAST_SPAN_MS = 400;

/** How far a transfer was at each of its times. */
export interface RateHistory {
  /** the oldest first */
  readonly samples: readonly SpeedSample[];
  /** samples closer than this are one, in milliseconds */
  readonly gapMs: number;
}

/** How fast a transfer was at a time. */
export interface RatePoint {
  /** since the history began */
  readonly seconds: number;
  /** bytes per second */
  readonly rate: number;
}

/** The slowest, the middle and the fastest of a history, in bytes per second. */
export interface RateSpread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export const EMPTY_HISTORY: RateHistory = { samples: [], gapMs: 0 };

/** The history after one more sample; samples come in the order of their times. When there are too many, neighbours become one. */
export function addToHistory({ samples, gapMs }: RateHistory, sample: SpeedSample): RateHistory {
  const before = samples.at(-2);
  // The last one stays as it came for as long as it is the last: the end of a history is always shown.
  const replaces = before !== undefined && sample.at - before.at < gapMs;
  const grown = [...(replaces ? samples.slice(0, -1) : samples), sample];
  return grown.length <= MAX_HISTORY_SAMPLES ? { samples: grown, gapMs } : thinOut(grown);
}

function thinOut(samples: readonly SpeedSample[]): RateHistory {
  const last = samples.length - 1;
  const kept = samples.filter((_, index) => index % 2 === 0 || index === last);
  const span = (samples[last]?.at ?? 0) - (samples[0]?.at ?? 0);
  return { samples: kept, gapMs: (2 * span) / MAX_HISTORY_SAMPLES };
}

/** How fast it was at each sample but the first ones, over the last two seconds or as long as there is. Bytes that were given up count as none. */
export function ratesOf({ samples }: RateHistory): readonly RatePoint[] {
  const points: RatePoint[] = [];
  const last = samples.length - 1;
  const start = samples[0]?.at ?? 0;
  let first = 0;
  for (const [index, { at, bytes }] of samples.entries()) {
    while (first + 1 < index && at - (samples[first + 1]?.at ?? at) >= RATE_SPAN_MS) first += 1;
    const since = samples[first];
    const least = index === last && points.length === 0 ? 1 : LEAST_SPAN_MS;
    if (since === undefined || at - since.at < least) continue;
    const rate = Math.max(0, ((bytes - since.bytes) * 1_000) / (at - since.at));
    points.push({ seconds: (at - start) / 1_000, rate });
  }
  return points;
}

/** The spread of these rates; null where there are none. */
export function spreadOf(points: readonly RatePoint[]): RateSpread | null {
  const rates = points.map(({ rate }) => rate).toSorted((a, b) => a - b);
  const median = rates[Math.floor(rates.length / 2)];
  const [min, max] = [rates[0], rates.at(-1)];
  return min === undefined || median === undefined || max === undefined
    ? null
    : { min, median, max };
}
