import { type SpeedMeter, estimateSecondsLeft, measureRate } from '../progress/speed-meter.ts';

/** How far a transfer is. */
export interface Progress {
  /** bytes verified in the receiver's sink */
  readonly bytes: number;
  readonly totalBytes: number;
  /** bytes per second over the last seconds; null until it can be told */
  readonly rate: number | null;
  /** null until it can be told */
  readonly secondsLeft: number | null;
}

/** How far a transfer is, with speed and time left as far as `meter` can tell at `now`. */
export function describeProgress(
  bytes: number,
  totalBytes: number,
  meter: SpeedMeter,
  now: number,
): Progress {
  const rate = measureRate(meter, now);
  return { bytes, totalBytes, rate, secondsLeft: estimateSecondsLeft(bytes, totalBytes, rate) };
}
