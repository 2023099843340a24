import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ProbePost, downloadLeg, uploadLeg } from './leg-rate.ts';

const KIB = 1024;
const answered = (bytes: number, ms: number): ProbePost => ({ bytes, ms, isAnswered: true });
const cut = (bytes: number, ms: number): ProbePost => ({ bytes, ms, isAnswered: false });
const small = [answered(16, 150), answered(16, 50)];

describe('the line to the server', () => {
  it('starts as slowly as its first request, and is as fast as the better one of the last two', () => {
    const posts = [answered(40_000, 51), answered(40_000, 90), answered(80_000, 90)];
    expect(uploadLeg(small, posts)).toEqual({ startMs: 150, bytesPerSecond: 2e6, noise: 0 });
    const stumbled = [answered(40_000, 90), answered(80_000, 450)];
    expect(uploadLeg(small, stumbled)?.bytesPerSecond).toBe(1e6);
  });

  it('is known by what was answered before one was cut', () => {
    expect(uploadLeg(small, [answered(40_000, 90), cut(80_000, 600)])?.bytesPerSecond).toBe(1e6);
  });

  it('is no faster than the first one where that was cut, if an answer could have been there', () => {
    expect(uploadLeg(small, [cut(32_000, 800)])?.bytesPerSecond).toBe(40_000);
    expect(uploadLeg(small, [cut(32_000, 50)])).toBeNull();
  });

  it('is not known where only small ones were answered, or not even those', () => {
    expect(uploadLeg(small, [])).toBeNull();
    expect(uploadLeg([answered(16, 150), cut(16, 750)], [])).toBeNull();
    expect(uploadLeg([cut(16, 900)], [])).toBeNull();
    expect(uploadLeg([], [])).toBeNull();
  });

  it('takes what the clock does not show for a millisecond', () => {
    expect(uploadLeg(small, [answered(5_000, 50)])?.bytesPerSecond).toBe(5e6);
    expect(uploadLeg(small, [answered(5_000, 40)])?.bytesPerSecond).toBe(5e6);
  });

  it('is found as it is, whatever its rate, its answers and its start', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e3, max: 3e7, noNaN: true }),
        fc.double({ min: 0, max: 500, noNaN: true }),
        fc.double({ min: 0, max: 500, noNaN: true }),
        fc.integer({ min: 1, max: 5 }),
        (rate, answerMs, connectMs, count) => {
          const posts = Array.from({ length: count }, (_, index) => 32 * KIB * 2 ** index).map(
            (bytes) => answered(bytes, answerMs + (bytes * 1_000) / rate),
          );
          const leg = uploadLeg(
            [answered(16, answerMs + connectMs), answered(16, answerMs)],
            posts,
          );
          expect(leg?.startMs).toBe(answerMs + connectMs);
          expect(leg?.bytesPerSecond).toBeCloseTo(rate, -Math.log10(rate) + 6);
        },
      ),
    );
  });

  it('is a number above zero or not known, whatever was measured', () => {
    const post = fc.record({
      bytes: fc.integer({ min: 1, max: 1_000_000 }),
      ms: fc.double({ min: 0, max: 1e6, noNaN: true }),
      isAnswered: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(post), fc.array(post), (small, posts) => {
        const leg = uploadLeg(small, posts);
        if (leg === null) return;
        expect(leg.bytesPerSecond).toBeGreaterThan(0);
        expect(leg.bytesPerSecond).toBeLessThanOrEqual(1e9);
        expect(leg.startMs).toBe(small[0]?.ms);
      }),
    );
  });
});

describe('the line from the server', () => {
  it('starts with its first bytes, which say nothing of its rate', () => {
    const chunks = [
      { bytes: 60_000, atMs: 80 },
      { bytes: 100_000, atMs: 130 },
      { bytes: 100_000, atMs: 180 },
    ];
    expect(downloadLeg(chunks, 180)).toEqual({ startMs: 80, bytesPerSecond: 2e6, noise: 0 });
  });

  it('is as slow as a pause at its end makes it, if that is longer than the others', () => {
    const chunks = [
      { bytes: 60_000, atMs: 80 },
      { bytes: 10_000, atMs: 180 },
    ];
    expect(downloadLeg(chunks, 280)?.bytesPerSecond).toBe(100_000);
    expect(downloadLeg(chunks, 580)?.bytesPerSecond).toBe(20_000);
  });

  it('is known by the first bytes where no more came', () => {
    expect(downloadLeg([{ bytes: 10_000, atMs: 20 }], 20)?.bytesPerSecond).toBe(1e7);
    expect(downloadLeg([{ bytes: 10_000, atMs: 400 }], 900)?.bytesPerSecond).toBe(20_000);
  });

  it('is not known where nothing came', () => {
    expect(downloadLeg([], 900)).toBeNull();
  });

  it('is what came after the first bytes over the time that it took, in whatever portions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 65_536 }), fc.integer({ min: 1, max: 50 })), {
          minLength: 2,
        }),
        (portions) => {
          let atMs = 0;
          const chunks = portions.map(([bytes, ms]) => ({ bytes, atMs: (atMs += ms) }));
          const leg = downloadLeg(chunks, atMs);
          const startMs = chunks[0]?.atMs ?? 0;
          const later = chunks.slice(1).reduce((sum, { bytes }) => sum + bytes, 0);
          expect(leg).toMatchObject({ startMs });
          expect(((leg?.bytesPerSecond ?? 0) * (atMs - startMs)) / 1_000).toBeCloseTo(later, 3);
        },
      ),
    );
  });
});
