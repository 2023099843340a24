import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeNumberSet,
  emptyNumberSet,
  encodeNumberSet,
  fullNumberSet,
  hasNumber,
  numbersIn,
  withNumbers,
} from './number-set.ts';

const sized = fc.nat(300).chain((size) =>
  fc.record({
    size: fc.constant(size),
    numbers: fc.array(fc.nat(Math.max(0, size - 1)), { maxLength: size }),
  }),
);

describe('number set', () => {
  it('has what was put in and not what was taken out, like a Set', () => {
    fc.assert(
      fc.property(sized, fc.func(fc.boolean()), ({ size, numbers }, isIn) => {
        let set = emptyNumberSet(size);
        const model = new Set<number>();
        for (const number of numbers) {
          const included = isIn(number);
          set = withNumbers(set, [number], included);
          if (included) model.add(number);
          else model.delete(number);
        }
        expect([...numbersIn(set)]).toEqual([...model].toSorted((a, b) => a - b));
        expect(set.count).toBe(model.size);
      }),
    );
  });

  it('keeps the set that it was made from', () => {
    const before = emptyNumberSet(9);
    withNumbers(before, [8]);
    expect(hasNumber(before, 8)).toBe(false);
  });

  it('is full with every number below its size and no bit beyond', () => {
    fc.assert(
      fc.property(fc.nat(300), (size) => {
        expect(fullNumberSet(size)).toEqual(
          withNumbers(emptyNumberSet(size), Array.from({ length: size }).keys()),
        );
      }),
    );
  });

  it('refuses numbers that it has no place for', () => {
    expect(() => withNumbers(emptyNumberSet(8), [8])).toThrow(RangeError);
    expect(() => withNumbers(emptyNumberSet(8), [-1])).toThrow(RangeError);
  });

  it('comes back from its text as it was', () => {
    fc.assert(
      fc.property(sized, ({ size, numbers }) => {
        const set = withNumbers(emptyNumberSet(size), numbers);
        expect(decodeNumberSet(encodeNumberSet(set), size)).toEqual(set);
      }),
    );
  });

  it('is not read from a text of another size, with bits beyond it, or of no base64url', () => {
    expect(decodeNumberSet(encodeNumberSet(fullNumberSet(9)), 8)).toBeNull();
    expect(decodeNumberSet(encodeNumberSet(fullNumberSet(8)), 7)).toBeNull();
    expect(decodeNumberSet('!', 3)).toBeNull();
  });
});
