import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PIECE_BYTES, locatePiece } from '../share/manifest.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import { locateRanges } from './asked-ranges.ts';

const manifest = makeManifest(2 * PIECE_BYTES + 7, 0, 5);

describe('ranges of a request', () => {
  it('[RQ1] are bytes of pieces, in the order asked', () => {
    expect(
      locateRanges(manifest, [
        [2, 0, 0, 5],
        [0, 2, 1, 6],
        [0, 0, 0, PIECE_BYTES],
        [0, 0, PIECE_BYTES - 1, 1],
      ]),
    ).toEqual([
      { piece: 3, start: 0, end: 5 },
      { piece: 2, start: 1, end: 7 },
      { piece: 0, start: 0, end: PIECE_BYTES },
      { piece: 0, start: PIECE_BYTES - 1, end: PIECE_BYTES },
    ]);
  });

  it('[RQ1] whatever is asked for: either all of it is within its pieces, or the request is out of range', () => {
    const number = fc.oneof(fc.nat(8), fc.constantFrom(PIECE_BYTES, 100_000, 2 ** 24));
    const range = fc.tuple(
      number,
      number,
      number,
      number.map((length) => length + 1),
    );
    fc.assert(
      fc.property(fc.array(range, { maxLength: 4 }), (ranges) => {
        const located = locateRanges(manifest, ranges);
        const within = ranges.every(([file, piece, start, length]) => {
          const bytes = (manifest.entries[file]?.size ?? 0) - piece * PIECE_BYTES;
          return start + length <= Math.min(bytes, PIECE_BYTES);
        });
        expect(located !== null).toBe(within);
        for (const { piece, start, end } of located ?? []) {
          expect(start).toBeLessThan(end);
          expect(end).toBeLessThanOrEqual(locatePiece(manifest, piece).length);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
