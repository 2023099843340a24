import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PIECE_BYTES } from '../share/manifest.ts';
import { MIN_FRAME_PAYLOAD_BYTES, decodeDataFrame } from './data-frame.ts';
import { frameRange } from './range-frames.ts';

const bytes = Uint8Array.from({ length: PIECE_BYTES }, (_, index) => index % 251);
const hash = new Uint8Array(32).fill(9);
const place = { file: 3, piece: 4, start: 4 * PIECE_BYTES, length: PIECE_BYTES };

it('[RQ1] [PM3] frames carry a range exactly, in either form, none too large for the channel or too small', () => {
  const edges = fc.oneof(fc.nat(PIECE_BYTES), fc.constantFrom(0, 16_328, 262_088, PIECE_BYTES));
  const forms = fc.constantFrom('plain' as const, 'deflated' as const);
  const sizes = fc.constantFrom(16_384, 65_536, 262_144);
  fc.assert(
    fc.property(edges, edges, forms, sizes, (one, other, form, maxMessageBytes) => {
      fc.pre(one !== other);
      const [start, end] = [Math.min(one, other), Math.max(one, other)];
      const encoded = { place, hash, form, bytes };
      let covered = start;
      for (const frame of frameRange({ encoded, start, end }, maxMessageBytes)) {
        expect(frame.length).toBeLessThanOrEqual(maxMessageBytes);
        const { payload, ...head } = decodeDataFrame(frame.buffer);
        const expected = { file: 3, piece: 4, form, total: PIECE_BYTES, offset: covered };
        expect(head).toEqual({ ...expected, hash: covered === 0 ? hash : null });
        expect(payload.every((byte, at) => byte === (covered + at) % 251)).toBe(true);
        covered += payload.length;
        const least = Math.min(MIN_FRAME_PAYLOAD_BYTES, end - start);
        expect(payload.length).toBeGreaterThanOrEqual(least);
      }
      expect(covered).toBe(end);
    }),
    { numRuns: 60, examples: [[0, 16_328 + 9, 'plain', 16_384]] },
  );
});
