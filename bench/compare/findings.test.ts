import { describe, expect, it } from 'vitest';
import { makeCompared } from '../testing/make-comparison.ts';
import { crossings } from './crossings.ts';
import { summarizeCrowds } from './crowd-summary.ts';
import { againstTcp, followed, followingCost, pairsOf, runNoise, wayTimes } from './findings.ts';
import type { CrowdRun } from './measured.ts';

const FAILED = { comparison: null, verdict: null, failure: 'TimeoutError' } as const;

describe('what a comparison came to', () => {
  it('is a median for each way, with the least and the most', () => {
    const { comparison } = makeCompared({ direct: [4, 2, 3], stored: [6] });
    expect(wayTimes(comparison)).toEqual([
      { method: 'direct', median: 3, min: 2, max: 4 },
      { method: 'stored', median: 6, min: 6, max: 6 },
    ]);
    expect(wayTimes(null)).toEqual([]);
  });

  it('is held against TCP: direct against the whole path, stored against both legs together', () => {
    const tcp = { path: 4, up: 4, down: 1 };
    const one = makeCompared({ direct: [4.2], stored: [6] }, { tcp });
    expect(againstTcp(one)?.direct).toBeCloseTo(1.05);
    expect(againstTcp(one)?.stored).toBeCloseTo(1.2);
    expect(againstTcp(makeCompared({ direct: [4] }))).toBeNull();
    expect(againstTcp({ ...one, ...FAILED })).toEqual({ direct: null, stored: null });
  });
});

describe('following the prediction', () => {
  const wrong = makeCompared(
    { direct: [4], stored: [5] },
    { expected: { direct: [6], stored: [5] } },
  );
  const right = makeCompared(
    { direct: [40], stored: [50] },
    { expected: { direct: [6], stored: [7] } },
  );

  it('costs what the way that was expected to be the fastest took longer than the best', () => {
    expect(followed(wrong)).toEqual({ method: 'stored', took: 5, best: 4 });
    expect(followed(right)).toEqual({ method: 'direct', took: 40, best: 40 });
    const cost = followingCost([wrong, right]);
    expect(cost).toMatchObject({ comparisons: 2, worst: 0.25, median: 0.125, mean: 0.125 });
    expect(cost?.inAll).toBeCloseTo(1 / 44);
  });

  it('is not judged where there was nothing to choose', () => {
    const one = makeCompared({ direct: [4], stored: [5] }, { expected: { direct: [6] } });
    expect(followed(one)).toBeNull();
    expect(followed({ ...one, ...FAILED })).toBeNull();
    expect(followingCost([one])).toBeNull();
  });
});

describe('how much runs vary', () => {
  it('is the deviation within ways, whatever the difference between them', () => {
    const runs = [Math.exp(1), Math.exp(1.1), Math.exp(0.9)];
    const far = runs.map((seconds) => seconds * 100);
    const one = makeCompared({ direct: runs, stored: far });
    expect(runNoise([one])?.deviation).toBeCloseTo(0.1);
    expect(runNoise([one, one])).toMatchObject({ freedom: 8 });
    expect(runNoise([one], 'direct')).toMatchObject({ freedom: 2 });
    expect(runNoise([makeCompared({ direct: [1] })])).toBeNull();
  });
});

describe('where ways cross over', () => {
  const at = (bytes: number, direct: number, stored: number) =>
    makeCompared({ direct: [direct], stored: [stored] }, { bytes });

  it('is between the sizes at which another one is faster, on logarithmic axes', () => {
    const own = [at(100e6, 8, 16), at(1e6, 2, 1)];
    const [crossing, ...others] = crossings(own, 'direct', 'stored');
    expect(others).toEqual([]);
    expect(crossing).toMatchObject({ below: 'stored', above: 'direct', sure: true });
    expect(crossing?.bytes).toBeCloseTo(10e6, -2);
    expect(crossings(own, 'stored', 'direct')[0]).toMatchObject({
      below: 'stored',
      above: 'direct',
    });
  });

  it('is not sure where runs of both overlap', () => {
    const close = makeCompared({ direct: [8, 17], stored: [16] }, { bytes: 100e6 });
    expect(crossings([at(1e6, 2, 1), close], 'direct', 'stored')).toMatchObject([{ sure: false }]);
  });

  it('is nowhere where one is always the faster, or only one was measured', () => {
    expect(crossings([at(1e6, 1, 2), at(10e6, 1, 2)], 'direct', 'stored')).toEqual([]);
    expect(crossings([at(1e6, 1, 2), at(10e6, 2, 1)], 'direct', 'streamed')).toEqual([]);
    expect(crossings([{ ...at(1e6, 1, 2), ...FAILED }], 'direct', 'stored')).toEqual([]);
  });

  it('is looked for between every two ways that were measured', () => {
    const own = [makeCompared({ direct: [1], stored: [2], streamed: [3] })];
    expect(pairsOf(own)).toEqual([
      ['direct', 'stored'],
      ['direct', 'streamed'],
      ['stored', 'streamed'],
    ]);
  });
});

describe('several receivers', () => {
  const run = (said: Partial<CrowdRun>): CrowdRun => ({
    profile: 'loopback',
    bytes: 10e6,
    receivers: 2,
    way: 'direct',
    round: 1,
    downSeconds: 4,
    upSeconds: null,
    serverBytes: 1e6,
    failure: null,
    ...said,
  });
  const failed = { downSeconds: null, serverBytes: null, failure: 'TimeoutError' } as const;

  it('are summed up for each number, through the server with the upload before it', () => {
    const server = { way: 'server', upSeconds: 3, downSeconds: 2, serverBytes: 30e6 } as const;
    const runs = [run({}), run(server), run({ round: 2, downSeconds: 6 }), run({ receivers: 4 })];
    const [two, four] = summarizeCrowds(runs);
    expect(two).toMatchObject({
      receivers: 2,
      ways: {
        direct: { runs: 2, seconds: 5 },
        server: { runs: 1, seconds: 5, upSeconds: 3, serverBytes: 30e6 },
      },
    });
    expect(four).toMatchObject({ receivers: 4, ways: { server: { runs: 0, seconds: null } } });
  });

  it('are not counted where a transfer failed, but that it did is', () => {
    const [two] = summarizeCrowds([run({}), run({ round: 2, ...failed })]);
    expect(two?.ways.direct).toMatchObject({ runs: 2, failed: 1, seconds: 4 });
  });
});
