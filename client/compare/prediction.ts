import * as v from 'valibot';
import { COMPARE_METHODS, type CompareMethod, type Prediction } from './comparison.ts';

/** Checks that what the other page says is what a small transfer over one leg showed. */
export const legProbeSchema = v.strictObject({
  /** milliseconds until bytes came: connecting, and the first round trips */
  startMs: v.pipe(v.number(), v.minValue(0), v.maxValue(60_000)),
  /** from then on */
  bytesPerSecond: v.pipe(v.number(), v.gtValue(0), v.maxValue(2 ** 50)),
  /** the standard deviation of the logarithm of that rate, over parts of the probe; 0 where there was one part */
  noise: v.pipe(v.number(), v.minValue(0), v.maxValue(100)),
});

/** What a small transfer over one leg showed. */
export type LegProbe = Readonly<v.InferOutput<typeof legProbeSchema>>;

/** What a probe showed of each leg; null where it was not tried, or did not come through. */
export interface Probe {
  readonly direct: LegProbe | null;
  readonly relayed: LegProbe | null;
  /** to the server */
  readonly upload: LegProbe | null;
  /** from the server */
  readonly download: LegProbe | null;
}

/** What earlier predictions of a method teach. */
export interface Calibration {
  /** how many times as long as the probe says it takes */
  readonly bias: number;
  /** the interval reaches from the expected time divided by this to the expected time multiplied by this; at least 1 */
  readonly reach: number;
}

/** Of the methods that there is enough to learn from. */
export type Calibrations = ReadonlyMap<CompareMethod, Calibration>;

/** Four times in five, a normal value is within so many standard deviations of its mean. */
const FOUR_IN_FIVE = 1.2816;
/** By how much runs vary, as the standard deviation of the logarithm of their times: see `verdict`. No probe makes that less. */
const RUN_NOISE = 0.075;

/**
 * Where nothing was learned yet. By the first comparisons of browsers in `bench/results/compare/first`: in the middle they took so
 * many times as long as probed (a transfer gets up to speed after the little that a probe sends), and 31 of 36 within `reach`
 * times of that.
 */
const FIRST: Readonly<Record<CompareMethod, Calibration>> = {
  direct: { bias: 0.8, reach: 1.5 },
  relayed: { bias: 0.8, reach: 1.5 },
  stored: { bias: 0.75, reach: 2.1 },
  streamed: { bias: 0.7, reach: 2 },
};

/** What goes by the server is made, claimed and listed there first, in ms: what 1 MB took there beyond its probe. */
const SETUP = { stored: { ms: 350, noise: 0 }, streamed: { ms: 250, noise: 0 } } as const;

/** One part of a method's time. */
interface Part {
  readonly ms: number;
  readonly noise: number;
}

/**
 * The time that each method is expected to take for so many bytes, with an interval meant to hold four times in five.
 * Direct and relayed: start and then the bytes at the probe's rate; stored: set-up, and that of both legs, one after the other; streamed: set-up,
 * the start of both, and the bytes at the rate of the slower one. A method whose legs were not probed is left out.
 * @param learned `learn` of earlier comparisons; nothing is corrected of methods that are not in it
 */
export function predict(
  probe: Probe,
  bytes: number,
  learned: Calibrations = new Map(),
): readonly Prediction[] {
  return COMPARE_METHODS.flatMap((method) => {
    const parts = partsOf(method, probe, bytes);
    return parts === null ? [] : [predictionOf(method, parts, learned.get(method))];
  });
}

/** The method with the shortest expected time; null where nothing is expected. */
export function fastest(predictions: readonly Prediction[]): CompareMethod | null {
  return predictions.toSorted((a, b) => a.expectedMs - b.expectedMs)[0]?.method ?? null;
}

function partsOf(method: CompareMethod, probe: Probe, bytes: number): readonly Part[] | null {
  const { upload, download } = probe;
  switch (method) {
    case 'direct':
    case 'relayed': {
      const leg = probe[method];
      return leg === null ? null : legParts(leg, bytes);
    }
    case 'stored':
      return upload === null || download === null
        ? null
        : [SETUP.stored, ...legParts(upload, bytes), ...legParts(download, bytes)];
    case 'streamed': {
      if (upload === null || download === null) return null;
      const slower = upload.bytesPerSecond < download.bytesPerSecond ? upload : download;
      return [
        SETUP.streamed,
        ...legParts({ ...slower, startMs: upload.startMs + download.startMs }, bytes),
      ];
    }
  }
}

function legParts({ startMs, bytesPerSecond, noise }: LegProbe, bytes: number): readonly Part[] {
  return [
    { ms: startMs, noise: 0 },
    { ms: (bytes / Math.max(1, bytesPerSecond)) * 1000, noise },
  ];
}

function predictionOf(
  method: CompareMethod,
  parts: readonly Part[],
  learned: Calibration | undefined,
): Prediction {
  const probedMs = parts.reduce((sum, { ms }) => sum + ms, 0);
  const { bias } = learned ?? FIRST[method];
  const reach = learned?.reach ?? Math.max(FIRST[method].reach, probeReach(parts, probedMs));
  const expectedMs = probedMs * bias;
  return { method, expectedMs, probedMs, lowMs: expectedMs / reach, highMs: expectedMs * reach };
}

/** As far as the noise of the probe and that of runs reach; the parts' noises are independent of each other. */
function probeReach(parts: readonly Part[], wholeMs: number): number {
  const squares = parts.reduce((sum, { ms, noise }) => sum + (ms * noise) ** 2, 0);
  const ofProbe = wholeMs === 0 ? 0 : Math.sqrt(squares) / wholeMs;
  return Math.exp(FOUR_IN_FIVE * Math.hypot(ofProbe, RUN_NOISE));
}
