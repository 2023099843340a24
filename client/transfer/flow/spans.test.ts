import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Span, holdsSpan, spanBytes, withoutSpan } from './spans.ts';

const span = fc
  .tuple(fc.nat(40), fc.integer({ min: 1, max: 20 }))
  .map(([start, length]): Span => ({ start, end: start + length }));

/** The bytes of spans, one by one. */
function bytesOf(spans: readonly Span[]): Set<number> {
  return new Set(
    spans.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, at) => start + at)),
  );
}

describe('spans', () => {
  it('lose exactly the bytes that are taken out, whatever order they are taken out in', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 8 }), (gone) => {
        let left: readonly Span[] = [{ start: 0, end: 60 }];
        const expected = bytesOf(left);
        for (const one of gone) {
          left = withoutSpan(left, one);
          for (const byte of bytesOf([one])) expected.delete(byte);
        }
        expect(bytesOf(left)).toEqual(expected);
        expect(spanBytes(left)).toBe(expected.size);
        expect(left.every(({ start, end }) => start < end)).toBe(true);
      }),
    );
  });

  it('hold a span only where one of them has all of it', () => {
    const spans = [
      { start: 0, end: 10 },
      { start: 20, end: 30 },
    ];
    expect(holdsSpan(spans, { start: 20, end: 30 })).toBe(true);
    expect(holdsSpan(spans, { start: 5, end: 10 })).toBe(true);
    expect(holdsSpan(spans, { start: 5, end: 25 })).toBe(false);
    expect(holdsSpan(spans, { start: 10, end: 12 })).toBe(false);
  });
});
