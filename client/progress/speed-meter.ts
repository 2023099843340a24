/** Only what happened in the last seconds tells the speed now. */
const SPAN_MS = 4_000;
/** Before that much time, a speed would be guesswork. */
const LEAST_SPAN_MS = 500;

/** Samples closer than this are one. */
const LEAST_GAP_MS = 100;

/** Progress seen at a time: milliseconds of a monotonic clock, bytes since the start. */
export interface SpeedSample {
  readonly at: number;
  readonly bytes: number;
}

/** The samples that still count, oldest first. */
export type SpeedMeter = readonly SpeedSample[];

/** The meter after one more sample. Bytes that shrink start it anew. */
export function addSample(meter: SpeedMeter, sample: SpeedSample): SpeedMeter {
  const last = meter.at(-1);
  if (last !== undefined && sample.bytes < last.bytes) return [sample];
  const before = meter.at(-2);
  const kept =
    before !== undefined && sample.at - before.at < LEAST_GAP_MS ? meter.slice(0, -1) : meter;
  // One sample from before the span stays, so that what lies within the span has a beginning.
  const first = kept.findLastIndex((old) => sample.at - old.at >= SPAN_MS);
  return [...kept.slice(Math.max(first, 0)), sample];
}

/** Bytes per second over the last seconds up to `now`; null until it can be told. */
export function measureRate(meter: SpeedMeter, now: number): number | null {
  const first = meter[0];
  const last = meter.at(-1);
  if (first === undefined || last === undefined) return null;
  const span = now - first.at;
  return span < LEAST_SPAN_MS ? null : ((last.bytes - first.bytes) * 1_000) / span;
}

/** Seconds until `totalBytes` at this rate; null where it cannot be told. */
export function estimateSecondsLeft(
  bytes: number,
  totalBytes: number,
  rate: number | null,
): number | null {
  if (rate === null || rate <= 0) return null;
  return Math.max(0, totalBytes - bytes) / rate;
}
