import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEAST_GAIN, LEAST_SAVING_MS, type Scales, weighWays } from './weigh-ways.ts';

const MB = 1_000_000;
const line = (bytesPerSecond: number, startMs = 50) => ({ startMs, bytesPerSecond, noise: 0 });

/** 100 MB to go, of a share of 100 MB. */
const scales: Scales = {
  directRate: 2 * MB,
  leftBytes: 100 * MB,
  upload: line(10 * MB),
  download: line(20 * MB),
  uploadBytes: 100 * MB,
};

describe('weighing the ways', () => {
  it('holds the rate of the direct way against the slower line of the server’s', () => {
    const weighed = weighWays(scales);
    expect(weighed?.direct.ms).toBe(50_000);
    expect(weighed?.server.ms).toBe(10_100);
    expect(weighed?.faster).toBe('server');
    const slowDown = weighWays({ ...scales, download: line(MB) });
    expect(slowDown?.server.ms).toBe(100_100);
    expect(slowDown?.faster).toBe('direct');
  });

  it('counts no upload that is over, and all of one that has yet to be made', () => {
    expect(weighWays({ ...scales, uploadBytes: 0 })?.server.ms).toBe(5_050);
    expect(weighWays({ ...scales, leftBytes: 10 * MB })?.server.ms).toBe(10_100);
    expect(weighWays({ ...scales, upload: null })).toBeNull();
    expect(weighWays({ ...scales, upload: null, uploadBytes: 0 })?.faster).toBe('server');
  });

  it('stays on the direct way where the change is worth little', () => {
    const near = { ...scales, directRate: 9.5 * MB };
    expect(weighWays(near)?.faster).toBe('direct');
    const soonOver = { ...scales, leftBytes: 2 * MB, uploadBytes: 0, directRate: 2 * MB };
    expect(weighWays(soonOver)?.faster).toBe('direct');
  });

  it('whatever the lines: leaves the direct way for a gain only, and times are in order', () => {
    const rate = fc.double({ min: 1, max: 1e9, noNaN: true });
    const bytes = fc.nat(1e9);
    fc.assert(
      fc.property(rate, rate, rate, bytes, bytes, (direct, up, down, leftBytes, uploadBytes) => {
        const weighed = weighWays({
          directRate: direct,
          leftBytes,
          upload: line(up),
          download: line(down),
          uploadBytes,
        });
        if (weighed === null) throw new Error('both lines are known');
        for (const { ms, lowMs, highMs } of [weighed.direct, weighed.server]) {
          expect(lowMs <= ms && ms <= highMs).toBe(true);
        }
        if (weighed.faster === 'direct') return;
        expect(weighed.direct.ms).toBeGreaterThan(weighed.server.ms * LEAST_GAIN);
        expect(weighed.direct.ms).toBeGreaterThan(weighed.server.ms + LEAST_SAVING_MS);
      }),
    );
  });
});
