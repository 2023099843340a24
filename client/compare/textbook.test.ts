import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareTimes, makeComparison, makeFinished, makeRun } from '../testing/make-comparison.ts';
import {
  distributionSeconds,
  lineRatesOf,
  RECEIVER_COUNTS,
  type ServerUse,
  serverCost,
  sourceWords,
} from './textbook.ts';

const WAYS = ['peer-to-peer', 'direct', 'stored', 'streamed'] as const;
const rates = { uplink: 2e6, upload: 2.5e6, download: 10e6 };
const secondsOf = (way: (typeof WAYS)[number], receivers: number, of = rates) =>
  distributionSeconds(way, 100e6, receivers, of).value;

describe('how ways scale with receivers', () => {
  it('takes what the slowest line takes, by the textbook', () => {
    expect(RECEIVER_COUNTS.map((count) => secondsOf('direct', count))).toEqual([50, 100, 200, 400]);
    expect(RECEIVER_COUNTS.map((count) => secondsOf('stored', count))).toEqual([50, 50, 50, 50]);
    expect(RECEIVER_COUNTS.map((count) => secondsOf('streamed', count))).toEqual([40, 40, 40, 40]);
    const shared = RECEIVER_COUNTS.map((count) => secondsOf('peer-to-peer', count));
    expect(shared).toEqual([50, 50, 50, 50]);
  });

  it('never takes less for more receivers, nor streamed longer than stored', () => {
    const rate = fc.double({ min: 1, max: 1e9, noNaN: true });
    const lines = fc.record({ uplink: rate, upload: rate, download: rate });
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 100 }), (lines, count) => {
        for (const way of WAYS) {
          const more = secondsOf(way, count + 1, lines) ?? 0;
          expect(more).toBeGreaterThanOrEqual(
            (secondsOf(way, count, lines) ?? Infinity) * (1 - 1e-12),
          );
        }
        const streamed = secondsOf('streamed', count, lines) ?? Infinity;
        expect(streamed).toBeLessThanOrEqual(secondsOf('stored', count, lines) ?? 0);
      }),
    );
  });

  it('says what it was computed from, or that something was not measured', () => {
    expect(sourceWords(distributionSeconds('direct', 1, 1, rates))).toBe(
      'computed from the rate of direct',
    );
    const unknown = { uplink: 0, upload: 0, download: null };
    for (const way of WAYS) {
      const none = distributionSeconds(way, 1, 1, unknown);
      expect(none).toEqual({ source: 'not measured yet', value: null });
      expect(sourceWords(none)).toBe('not measured yet');
    }
  });

  it('takes the rates of a comparison’s lines from its runs', () => {
    const stored = makeFinished(9000, { times: { uploadMs: 5000, transferMs: 4000 } });
    const comparison = makeComparison([
      makeRun('direct', 0, makeFinished(2000)),
      makeRun('stored', 0, stored),
    ]);
    expect(lineRatesOf(comparison)).toEqual({
      uplink: 5e6,
      upload: 2e6,
      download: 2.5e6,
    });
    expect(lineRatesOf(compareTimes({}))).toEqual({
      uplink: null,
      upload: null,
      download: null,
    });
  });
});

describe('what ways cost the server', () => {
  const use = { bytes: 2e9, receivers: 3, lifetimeHours: 24, pricePerGigabyte: 0.05 };
  const valuesOf = (way: Parameters<typeof serverCost>[0], of: ServerUse = use) => {
    const { traffic, byteHours, price } = serverCost(way, of);
    return [traffic.value, byteHours.value, price.value];
  };

  it('counts bytes in and out, and bytes kept for hours', () => {
    expect(valuesOf('direct')).toEqual([0, 0, 0]);
    expect(valuesOf('relayed')).toEqual([12e9, 0, 12 * 0.05]);
    expect(valuesOf('stored')).toEqual([8e9, 48e9, 8 * 0.05]);
    expect(valuesOf('streamed')).toEqual(valuesOf('stored'));
  });

  it('has no price that the user has not said', () => {
    expect(valuesOf('stored', { ...use, pricePerGigabyte: null })).toEqual([8e9, 48e9, null]);
  });
});
