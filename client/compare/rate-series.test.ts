import { describe, expect, it } from 'vitest';
import { compareTimes, makeComparison, makeFinished, makeRun } from '../testing/make-comparison.ts';
import { rateSeries } from './rate-series.ts';

/** A look every half second at so many bytes per look. */
function samplesOf(...more: readonly number[]) {
  let bytes = 0;
  return more.map((add, index) => ({ atMs: (index + 1) * 500, bytes: (bytes += add) }));
}

describe('rate over time', () => {
  it('shows each method by the run nearest to its median', () => {
    const run = (totalMs: number, bytes: number) =>
      makeFinished(totalMs, { samples: samplesOf(bytes, bytes) });
    const series = rateSeries(
      makeComparison([
        makeRun('streamed', 0, run(5000, 10)),
        makeRun('direct', 0, run(9000, 1)),
        makeRun('direct', 1, run(1000, 2)),
        makeRun('direct', 2, run(2000, 3)),
      ]),
    );
    expect(series).toEqual([
      {
        method: 'direct',
        leg: 'whole',
        points: [
          { seconds: 0.5, bytesPerSecond: 6 },
          { seconds: 1, bytesPerSecond: 6 },
        ],
      },
      {
        method: 'streamed',
        leg: 'whole',
        points: [
          { seconds: 0.5, bytesPerSecond: 20 },
          { seconds: 1, bytesPerSecond: 20 },
        ],
      },
    ]);
  });

  it('has a stored run’s download begin where its upload ended', () => {
    const run = makeFinished(5000, {
      times: { uploadMs: 3000 },
      uploadSamples: samplesOf(100),
      samples: samplesOf(400),
    });
    expect(rateSeries(makeComparison([makeRun('stored', 0, run)]))).toEqual([
      { method: 'stored', leg: 'upload', points: [{ seconds: 0.5, bytesPerSecond: 200 }] },
      { method: 'stored', leg: 'download', points: [{ seconds: 3.5, bytesPerSecond: 800 }] },
    ]);
  });

  it('does not add a beginning to samples that have one', () => {
    const samples = [
      { atMs: 0, bytes: 50 },
      { atMs: 500, bytes: 150 },
    ];
    const series = rateSeries(makeComparison([makeRun('direct', 0, makeFinished(9, { samples }))]));
    expect(series[0]?.points).toEqual([{ seconds: 0.5, bytesPerSecond: 200 }]);
  });

  it('has no line without samples', () => {
    expect(rateSeries(compareTimes({ direct: [1000], stored: [1000] }))).toEqual([]);
    expect(rateSeries(makeComparison([]))).toEqual([]);
  });
});
