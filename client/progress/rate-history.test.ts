import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EMPTY_HISTORY,
  MAX_HISTORY_SAMPLES,
  type RateHistory,
  addToHistory,
  ratesOf,
  spreadOf,
} from './rate-history.ts';
import type { SpeedSample } from './speed-meter.ts';

function historyOf(samples: readonly SpeedSample[]): RateHistory {
  let history = EMPTY_HISTORY;
  for (const sample of samples) history = addToHistory(history, sample);
  return history;
}

/** A look every half second at a transfer that does so many bytes in each. */
function looks(halves: readonly number[]): SpeedSample[] {
  let bytes = 0;
  return [0, ...halves].map((more, index) => {
    bytes += more;
    return { at: 7_000 + index * 500, bytes };
  });
}

describe('rate history', () => {
  it('has no rates before its second sample', () => {
    expect(ratesOf(EMPTY_HISTORY)).toEqual([]);
    expect(ratesOf(historyOf(looks([])))).toEqual([]);
    expect(spreadOf([])).toBeNull();
  });

  it('gives the rate over what there is, and then over the last two seconds', () => {
    const points = ratesOf(historyOf(looks([100, 200, 300, 400, 500, 0])));
    expect(points).toEqual([
      { seconds: 0.5, rate: 200 },
      { seconds: 1, rate: 300 },
      { seconds: 1.5, rate: 400 },
      { seconds: 2, rate: 500 },
      { seconds: 2.5, rate: 700 },
      { seconds: 3, rate: 600 },
    ]);
    expect(spreadOf(points)).toEqual({ min: 200, median: 500, max: 700 });
  });

  it('does not take one piece that came at the beginning for a rate, unless it is all there is', () => {
    const first = [
      { at: 0, bytes: 0 },
      { at: 2, bytes: 1_000 },
    ];
    expect(ratesOf(historyOf(first))).toEqual([{ seconds: 0.002, rate: 500_000 }]);
    const later = { at: 500, bytes: 2_000 };
    expect(ratesOf(historyOf([...first, later]))).toEqual([{ seconds: 0.5, rate: 4_000 }]);
  });

  it('counts bytes that were given up as none, and two looks at one time as one', () => {
    expect(ratesOf(historyOf(looks([100, -40]))).map(({ rate }) => rate)).toEqual([200, 60]);
    expect(ratesOf(historyOf(looks([100, -400]))).map(({ rate }) => rate)).toEqual([200, 0]);
    const sample = { at: 1, bytes: 2 };
    expect(ratesOf(historyOf([sample, sample]))).toEqual([]);
  });

  it('keeps beginning, end and bounds of any transfer, however long', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 90_000 }), fc.nat(1e9)), {
      minLength: 2,
      maxLength: 5_000,
      size: 'max',
    });
    fc.assert(
      fc.property(steps, (given) => {
        let [at, bytes] = [0, 0];
        const samples = given.map(([later, more]) => {
          at += later;
          bytes += more;
          return { at, bytes };
        });
        const history = historyOf(samples);
        expect(history.samples.length).toBeLessThanOrEqual(MAX_HISTORY_SAMPLES);
        expect(history.samples[0]).toEqual(samples[0]);
        expect(history.samples.at(-1)).toEqual(samples.at(-1));
        const fastest = Math.max(...given.map(([later, more]) => (more * 1_000) / later));
        for (const { rate } of ratesOf(history)) expect(rate).toBeLessThanOrEqual(fastest * 1.001);
      }),
      { numRuns: 30 },
    );
  });

  it('of a day keeps hundreds of samples, spread evenly', () => {
    const { samples } = historyOf(looks(Array.from({ length: 2 * 86_400 }, () => 50)));
    expect(samples.length).toBeGreaterThan(MAX_HISTORY_SAMPLES / 3);
    const gaps = samples.slice(1, -1).map((sample, index) => sample.at - (samples[index]?.at ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * Math.min(...gaps));
    expect(spreadOf(ratesOf({ samples, gapMs: 0 }))).toEqual({ min: 100, median: 100, max: 100 });
  });
});
