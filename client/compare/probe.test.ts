import { describe, expect, test } from 'vitest';
import { makeFinished } from '../testing/make-comparison.ts';
import { PROBE_BYTES, probeFiles, probeOf } from './probe.ts';

const times = { connectMs: 60, firstByteMs: 40, transferMs: 480, verifyMs: 20 };
const upload = { startMs: 20, bytesPerSecond: 1e6, noise: 0 };
const download = { startMs: 10, bytesPerSecond: 4e6, noise: 0 };
const UNKNOWN = { upload: null, download: null };

describe('a probe', () => {
  test('has the start and the rate of each leg', () => {
    const outcome = makeFinished(600, { times, path: 'direct' });
    expect(probeOf([{ method: 'direct', outcome }], { upload, download })).toEqual({
      direct: { startMs: 100, bytesPerSecond: 2_000_000, noise: 0 },
      relayed: null,
      upload,
      download,
    });
  });

  test('says of what was cut off what came by then', () => {
    const probe = probeOf([{ method: 'direct', bytes: 250_000, ms: 1_250 }], UNKNOWN);
    expect(probe.direct).toEqual({ startMs: 0, bytesPerSecond: 200_000, noise: 0 });
    expect(probeOf([{ method: 'direct', bytes: 0, ms: 1_250 }], UNKNOWN).direct).toBeNull();
  });

  test('says nothing of what failed, or went another way', () => {
    const relayed = makeFinished(600, { times, path: 'relayed' });
    const probe = probeOf([{ method: 'direct', outcome: relayed }], UNKNOWN);
    expect(probe).toMatchObject({ direct: null, upload: null, download: null });
    expect(probe.relayed?.startMs).toBe(100);
    const outcome = { type: 'failed', reason: 'connect-timeout' } as const;
    const failed = probeOf([{ method: 'direct', outcome }], UNKNOWN);
    expect(failed).toEqual({ direct: null, relayed: null, ...UNKNOWN });
  });

  test('sends so much, in several files', () => {
    const sizes = probeFiles().map(({ size }) => size);
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(PROBE_BYTES);
  });
});
