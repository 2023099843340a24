import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MIN_FRAME_PAYLOAD_BYTES, dataFrameOverhead } from '../data-frame.ts';
import { MAX_RANGE_BYTES, MIN_RANGE_BYTES, rangeBytesFor, rangeEnd } from './range-bytes.ts';

const MIB = 1024 * 1024;

describe('bytes of a range', () => {
  it('are what a lane delivers in about 20 ms', () => {
    expect(rangeBytesFor(0, 0, MIB)).toBe(MIN_RANGE_BYTES);
    expect(rangeBytesFor(3 * MIB, 12 * MIB, MIB) / (3 * MIB)).toBeCloseTo(0.02, 2);
    expect(rangeBytesFor(100 * MIB, 100 * MIB, 8 * MIB)).toBe(MAX_RANGE_BYTES);
  });

  it('are more where the path is so fast that each frame costs too much of the processor', () => {
    expect(rangeBytesFor(6 * MIB, 25 * MIB, MIB)).toBe(MAX_RANGE_BYTES);
  });

  it('are no more than half of what the lane may be asked for', () => {
    expect(rangeBytesFor(6 * MIB, 25 * MIB, 200_000)).toBeLessThanOrEqual(100_000 + 8_192);
  });

  it('fit with their header into a message, of 16 KiB at least and 256 KiB at most', () => {
    const rate = fc.double({ min: 0, max: 1e10, noNaN: true });
    fc.assert(
      fc.property(rate, rate, rate, (lane, total, share) => {
        const message = rangeBytesFor(lane, total, share) + dataFrameOverhead(0);
        expect(message % (16 * 1024)).toBe(0);
        expect(message).toBeGreaterThanOrEqual(16 * 1024);
        expect(message).toBeLessThanOrEqual(256 * 1024);
      }),
    );
  });

  it('cut a piece evenly, so that no frame but its last is too small, and none too large', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: MIB }),
        fc.integer({ min: MIN_FRAME_PAYLOAD_BYTES, max: MAX_RANGE_BYTES }),
        (limit, bytes) => {
          const sizes: number[] = [];
          for (let start = 0; start < limit;) {
            const end = rangeEnd(start, limit, bytes);
            sizes.push(end - start);
            start = end;
          }
          const [largest, smallest] = [Math.max(...sizes), Math.min(...sizes)];
          expect(largest).toBeLessThanOrEqual(Math.min(MAX_RANGE_BYTES, 2 * bytes));
          expect(smallest >= MIN_FRAME_PAYLOAD_BYTES || sizes.length === 1).toBe(true);
          expect(smallest).toBeGreaterThan(Math.min(limit, largest) / 2);
        },
      ),
    );
  });
});
