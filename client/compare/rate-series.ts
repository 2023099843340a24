import { type RatePoint, ratesOf } from '../progress/rate-history.ts';
import type { CompareMethod, Comparison, FinishedRun, RunSample } from './comparison.ts';
import { finishedRuns, totalsOf } from './finished-runs.ts';
import { median } from './statistics.ts';

/** How fast a run was at a time. */
export interface SeriesPoint {
  /** since the run began; on the download of a stored run, since its upload began */
  readonly seconds: number;
  readonly bytesPerSecond: number;
}

/** One line of the chart **Rate over time**. */
export interface RateSeries {
  readonly method: CompareMethod;
  /** of a stored run the upload, and then the download */
  readonly leg: 'upload' | 'download' | 'whole';
  readonly points: readonly SeriesPoint[];
}

/**
 * The rate over time of each method's typical run: the one whose total time is nearest to the method's median. Means over
 * runs would show rates that no run had. Lines without points are left out.
 */
export function rateSeries(comparison: Comparison): readonly RateSeries[] {
  return finishedRuns(comparison).flatMap(({ method, runs }) => {
    const run = typicalRun(runs);
    return run === undefined ? [] : seriesOf(method, run).filter(({ points }) => points.length > 0);
  });
}

/** The first of those that are nearest to the median. */
function typicalRun(runs: readonly FinishedRun[]): FinishedRun | undefined {
  const middle = median(totalsOf(runs)) ?? 0;
  const away = (run: FinishedRun) => Math.abs(run.times.totalMs - middle);
  return runs.toSorted((a, b) => away(a) - away(b))[0];
}

function seriesOf(
  method: CompareMethod,
  { times, samples, uploadSamples }: FinishedRun,
): readonly RateSeries[] {
  if (times.uploadMs === null) {
    return [{ method, leg: 'whole', points: pointsOf(samples, 0) }];
  }
  return [
    { method, leg: 'upload', points: pointsOf(uploadSamples, 0) },
    { method, leg: 'download', points: pointsOf(samples, times.uploadMs) },
  ];
}

/** The points of samples whose clock began `sinceMs` after the run. */
function pointsOf(samples: readonly RunSample[], sinceMs: number): readonly SeriesPoint[] {
  // What had not begun was at 0: without that, the time before the first byte would be missing from the chart.
  const [first] = samples;
  if (first === undefined) return [];
  const whole = first.atMs > 0 ? [{ atMs: 0, bytes: 0 }, ...samples] : samples;
  const history = whole.map(({ atMs, bytes }) => ({ at: atMs, bytes }));
  return ratesOf({ samples: history, gapMs: 0 }).map(
    ({ seconds, rate }: RatePoint): SeriesPoint => ({
      seconds: seconds + sinceMs / 1000,
      bytesPerSecond: rate,
    }),
  );
}
