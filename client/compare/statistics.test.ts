import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean, median, quantile, scatterWithin, spread, studentLimit } from './statistics.ts';

const numbers = fc.array(fc.double({ min: 0.001, max: 1e9, noNaN: true }), { minLength: 1 });

describe('statistics', () => {
  it('says null of nothing', () => {
    for (const of of [median, spread, mean]) expect(of([])).toBeNull();
    expect(quantile([], 0.95)).toBeNull();
  });

  it('finds the middle of odd and even numbers of values, in any order', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 2, 9])).toBe(3);
    expect(median([7])).toBe(7);
  });

  it('finds quantiles between neighbours', () => {
    const values = Array.from({ length: 101 }, (_, index) => 100 - index);
    expect(quantile(values, 0.95)).toBe(95);
    expect(quantile([10, 20], 0.25)).toBe(12.5);
    expect(quantile([10, 20], 0)).toBe(10);
    expect(quantile([10, 20], 1)).toBe(20);
  });

  it('has every quantile between the least and the most, and rising with its share', () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const found = quantile(values, share) ?? Number.NaN;
        expect(found).toBeGreaterThanOrEqual(Math.min(...values));
        expect(found).toBeLessThanOrEqual(Math.max(...values));
        expect(quantile(values, share / 2)).toBeLessThanOrEqual(found);
      }),
    );
  });

  it('gives the spread as half the range over the median', () => {
    expect(spread([96, 100, 104])).toBeCloseTo(0.04);
    expect(spread([100, 100, 150])).toBeCloseTo(0.25);
    expect(spread([5])).toBeNull();
    expect(spread([0, 0])).toBeNull();
  });

  it('sums the scatter of groups about their own means', () => {
    expect(scatterWithin([[1, 3], [10, 10, 13], [5], []])).toEqual({ squares: 8, freedom: 3 });
  });

  it('has the limits of Student’s t as tables give them', () => {
    const table = [
      [0.05, 1, 12.706],
      [0.05, 2, 4.303],
      [0.05, 3, 3.182],
      [0.05, 4, 2.776],
      [0.05, 8, 2.306],
      [0.05, 11, 2.201],
      [0.05, 40, 2.021],
      [0.01, 5, 4.032],
      [0.2, 10, 1.372],
    ] as const;
    for (const [level, freedom, limit] of table) {
      expect(studentLimit(level, freedom)).toBeCloseTo(limit, 3);
    }
  });
});
