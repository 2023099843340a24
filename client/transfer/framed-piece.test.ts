import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PIECE_BYTES } from '../share/manifest.ts';
import { MIN_FRAME_PAYLOAD_BYTES, decodeDataFrame } from './data-frame.ts';
import { framePiece } from './framed-piece.ts';

const lengths = fc.oneof(
  fc.integer({ min: 1, max: PIECE_BYTES }),
  fc.constantFrom(1, 16_332, 16_333, PIECE_BYTES - 1, PIECE_BYTES),
);
const frameSizes = fc.constantFrom(16_384, 65_536, 262_144);

describe('a piece laid out as frames', () => {
  it('[PM3] tiles the piece with frames that fit the channel, none but the last too small', () => {
    fc.assert(
      fc.property(lengths, frameSizes, (length, maxFrameBytes) => {
        const bytes = Uint8Array.from({ length }, (_, index) => index % 251);
        const place = { file: 3, piece: 4, start: 0, length };
        const { frames } = framePiece(place, bytes, new Uint8Array(32), maxFrameBytes);
        let covered = 0;
        for (const [index, frame] of frames.entries()) {
          expect(frame.length).toBeLessThanOrEqual(maxFrameBytes);
          const decoded = decodeDataFrame(frame.slice().buffer);
          expect(decoded.offset).toBe(covered);
          expect(decoded.payload.every((byte, at) => byte === (covered + at) % 251)).toBe(true);
          const last = index === frames.length - 1;
          expect(last || decoded.payload.length >= MIN_FRAME_PAYLOAD_BYTES).toBe(true);
          covered += decoded.payload.length;
        }
        expect(covered).toBe(length);
      }),
      { numRuns: 40 },
    );
  });

  it('[PM3] is not laid out for a channel so small that it would take a flood of frames', () => {
    const place = { file: 0, piece: 0, start: 0, length: 1 };
    const lay = (maxFrameBytes: number) =>
      framePiece(place, new Uint8Array(1), new Uint8Array(32), maxFrameBytes);
    expect(lay(16_384).frames).toHaveLength(1);
    expect(() => lay(16_383)).toThrow(RangeError);
  });

  it('is one buffer, so that it can be handed over whole', () => {
    const place = { file: 0, piece: 0, start: 0, length: PIECE_BYTES };
    const bytes = new Uint8Array(PIECE_BYTES);
    const { frames } = framePiece(place, bytes, new Uint8Array(32), 65_536);
    expect(new Set(frames.map((frame) => frame.buffer)).size).toBe(1);
  });
});
