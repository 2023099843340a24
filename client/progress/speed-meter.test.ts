import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SpeedMeter, addSample, estimateSecondsLeft, measureRate } from './speed-meter.ts';

const meterOf = (...samples: readonly (readonly [at: number, bytes: number])[]): SpeedMeter =>
  samples.reduce<SpeedMeter>((meter, [at, bytes]) => addSample(meter, { at, bytes }), []);

describe('speed meter', () => {
  it('finds a steady rate, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 5, max: 60 }),
        (rate, seconds) => {
          const meter = meterOf(
            ...Array.from(
              { length: seconds + 1 },
              (_, second) => [second * 1_000, second * rate] as const,
            ),
          );
          expect(measureRate(meter, seconds * 1_000)).toBeCloseTo(rate);
        },
      ),
    );
  });

  it('forgets what was long ago', () => {
    const meter = meterOf([0, 0], [1_000, 1_000_000], [6_000, 1_000_000], [10_000, 1_000_400]);
    expect(measureRate(meter, 10_000)).toBeCloseTo(100);
  });

  it('falls while nothing arrives', () => {
    const meter = meterOf([0, 0], [1_000, 1_000]);
    expect(measureRate(meter, 1_000)).toBe(1_000);
    expect(measureRate(meter, 10_000)).toBe(100);
  });

  it('says nothing before it can know', () => {
    expect(measureRate([], 0)).toBeNull();
    expect(measureRate(meterOf([0, 0]), 100)).toBeNull();
  });

  it('starts anew when bytes shrink, as on another try', () => {
    expect(meterOf([0, 0], [1_000, 500], [2_000, 100])).toEqual([{ at: 2_000, bytes: 100 }]);
  });

  it('keeps few samples however long a transfer lasts', () => {
    const samples = Array.from({ length: 10_000 }, (_, index) => [index * 100, index] as const);
    expect(meterOf(...samples).length).toBeLessThan(50);
    const flood = Array.from({ length: 10_000 }, (_, index) => [index / 10, index] as const);
    expect(meterOf(...flood).length).toBeLessThan(50);
  });

  it('estimates the time left, where there is a rate', () => {
    expect(estimateSecondsLeft(40, 100, 20)).toBe(3);
    expect(estimateSecondsLeft(100, 100, 20)).toBe(0);
    expect(estimateSecondsLeft(40, 100, null)).toBeNull();
    expect(estimateSecondsLeft(40, 100, 0)).toBeNull();
  });
});
