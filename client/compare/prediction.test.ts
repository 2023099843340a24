import { describe, expect, it } from 'vitest';
import { fastest, type LegProbe, predict, type Probe } from './prediction.ts';

const leg = (startMs: number, megabytesPerSecond: number, noise = 0): LegProbe => ({
  startMs,
  bytesPerSecond: megabytesPerSecond * 1e6,
  noise,
});
const none: Probe = { direct: null, relayed: null, upload: null, download: null };

describe('prediction', () => {
  it('adds up start and bytes, of stored for both legs, of streamed by the slower one', () => {
    const probe = { ...none, direct: leg(500, 2), upload: leg(100, 2), download: leg(50, 10) };
    const predictions = predict(probe, 20e6);
    expect(predictions.map(({ method, probedMs }) => [method, probedMs])).toEqual([
      ['direct', 10_500],
      ['stored', 12_500],
      ['streamed', 10_400],
    ]);
    expect(fastest(predictions)).toBe('streamed');
  });

  it('crosses over with the size', () => {
    const probe = { ...none, direct: leg(900, 4), relayed: leg(100, 1) };
    expect(fastest(predict(probe, 1e5))).toBe('relayed');
    expect(fastest(predict(probe, 1e8))).toBe('direct');
  });

  it('says nothing of what was not probed', () => {
    expect(predict(none, 1e6)).toEqual([]);
    expect(fastest([])).toBeNull();
    const half = predict({ ...none, upload: leg(1, 1), relayed: leg(1, 1) }, 1e6);
    expect(half.map(({ method }) => method)).toEqual(['relayed']);
  });

  it('has an interval as wide as first comparisons need, and wider with the noise of the probe', () => {
    const reachOf = (noise: number, startMs = 0) => {
      const [found] = predict({ ...none, direct: leg(startMs, 1, noise) }, 10e6);
      return (found?.highMs ?? 0) / (found?.expectedMs ?? 1);
    };
    expect(reachOf(0)).toBeCloseTo(1.5);
    expect(reachOf(0.4)).toBeCloseTo(Math.exp(1.2816 * Math.hypot(0.4, 0.075)));
    // A long start is not part of what the rate's noise lengthens.
    expect(reachOf(0.4, 10_000)).toBeLessThan(reachOf(0.4));
  });

  it('evens out the noise of two legs', () => {
    const noisy = leg(0, 2, 0.9);
    const reachOf = (upload: LegProbe) => {
      const [stored] = predict({ ...none, upload, download: noisy }, 10e9);
      return (stored?.highMs ?? 0) / (stored?.expectedMs ?? 1);
    };
    expect(reachOf(noisy)).toBeLessThan(reachOf(leg(0, 1e6)));
  });

  it('expects a first comparison to be faster than its probe', () => {
    const [found] = predict({ ...none, direct: leg(0, 1) }, 10e6);
    expect(found?.expectedMs).toBeCloseTo(8_000);
    expect(found?.lowMs).toBeCloseTo(8_000 / 1.5);
    expect(found?.highMs).toBeCloseTo(12_000);
  });

  it('is corrected by what was learned, and keeps what was probed', () => {
    const learned = new Map([['direct', { bias: 2, reach: 1.5 }]] as const);
    const [found] = predict({ ...none, direct: leg(0, 1) }, 3e6, learned);
    expect(found).toEqual({
      method: 'direct',
      probedMs: 3000,
      expectedMs: 6000,
      lowMs: 4000,
      highMs: 9000,
    });
  });

  it('survives a probe through which nothing came', () => {
    const [found] = predict({ ...none, direct: leg(5, 0) }, 0);
    expect(found?.probedMs).toBe(5);
    const [empty] = predict({ ...none, direct: leg(0, 1) }, 0);
    expect(empty).toMatchObject({ expectedMs: 0, lowMs: 0, highMs: 0 });
  });
});
