import { describe, expect, test } from 'vitest';
import { makeFinished, makeRun } from '../testing/make-comparison.ts';
import { probeOf } from './probe.ts';

const BYTES = 1_000_000;
const times = { connectMs: 60, firstByteMs: 40, transferMs: 480, verifyMs: 20 };

describe('a probe', () => {
  test('has the start and the rate of each leg', () => {
    const direct = makeRun('direct', 0, makeFinished(600, { times, path: 'direct' }));
    const uploadSamples = [
      { atMs: 0, bytes: 0 },
      { atMs: 150, bytes: 0 },
      { atMs: 300, bytes: 400_000 },
    ];
    const stored = makeFinished(1_750, { times: { ...times, uploadMs: 1_150 }, uploadSamples });
    expect(probeOf([direct, makeRun('stored', 0, stored)], BYTES)).toEqual({
      direct: { startMs: 100, bytesPerSecond: 2_000_000, noise: 0 },
      relayed: null,
      upload: { startMs: 150, bytesPerSecond: 1_000_000, noise: 0 },
      download: { startMs: 100, bytesPerSecond: 2_000_000, noise: 0 },
    });
  });

  test('says nothing of what failed, or went another way', () => {
    const relayed = makeFinished(600, { times, path: 'relayed' });
    const failed = { type: 'failed', reason: 'connect-timeout' } as const;
    const probe = probeOf([makeRun('direct', 0, relayed), makeRun('stored', 0, failed)], BYTES);
    expect(probe).toMatchObject({ direct: null, upload: null, download: null });
    expect(probe.relayed?.startMs).toBe(100);
    expect(probeOf([], BYTES)).toEqual({
      direct: null,
      relayed: null,
      upload: null,
      download: null,
    });
  });

  test('takes both legs of a streamed one for as fast as the whole', () => {
    const probe = probeOf([makeRun('streamed', 0, makeFinished(600, { times }))], BYTES);
    expect(probe.upload).toEqual(probe.download);
  });
});
