import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { medianInterval, spreadOf } from './statistics.ts';

describe('the spread of numbers', () => {
  it('has the middle one for a median, or what is halfway between two', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3, count: 3 });
    expect(spreadOf([4, 1, 2, 3])?.median).toBe(2.5);
    expect(spreadOf([7])?.median).toBe(7);
    expect(spreadOf([])).toBeNull();
  });

  it('has as many numbers below its median as above, whatever the numbers', () => {
    const numbers = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 });
    fc.assert(
      fc.property(numbers, (values) => {
        const { median, min, max } = spreadOf(values) ?? { median: NaN, min: NaN, max: NaN };
        expect(min <= median && median <= max).toBe(true);
        const below = values.filter((value) => value < median).length;
        const above = values.filter((value) => value > median).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });
});

describe('the interval of a median', () => {
  // Ranks by the binomial distribution, as tables of the sign test have them.
  it.each([
    [5, 1, 5],
    [6, 1, 6],
    [9, 2, 8],
    [15, 4, 12],
    [20, 6, 15],
  ])('lies, of %d values, between number %d and number %d', (count, from, to) => {
    const values = Array.from({ length: count }, (_, index) => count - index);
    expect(medianInterval(values)).toEqual([from, to]);
  });
});
