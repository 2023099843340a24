import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PIECE_BYTES } from '../share/manifest.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import { MAX_RUNS_PER_REQUEST } from './control-message.ts';
import { packRuns, unpackRuns } from './piece-runs.ts';

const manifest = makeManifest(5 * PIECE_BYTES, 0, 1, PIECE_BYTES, 7);

describe('runs of pieces', () => {
  it('[RQ1] name the pieces that were packed, in their order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(manifest.pieceCount - 1), { maxLength: 600 }), (pieces) => {
        const requests = packRuns(manifest, pieces);
        for (const runs of requests) expect(runs.length).toBeLessThanOrEqual(MAX_RUNS_PER_REQUEST);
        const unpacked = requests.map((runs) => unpackRuns(manifest, runs, 10_000));
        expect(unpacked.flat()).toEqual(pieces);
      }),
    );
  });

  it('put consecutive pieces of a file into one run, and never two files', () => {
    expect(packRuns(manifest, [0, 1, 2, 4, 5, 6])).toEqual([
      [
        [0, 0, 3],
        [0, 4, 1],
        [2, 0, 1],
        [3, 0, 1],
      ],
    ]);
  });

  it.each([
    [[[0, 0, 6]]],
    [[[0, 5, 1]]],
    [[[1, 0, 1]]],
    [[[9, 0, 1]]],
    [
      [
        [0, 0, 1],
        [4, 1, 1],
      ],
    ],
  ] as [number, number, number][][][])('[RQ1] %j are out of range', (runs) => {
    expect(unpackRuns(manifest, runs, 100)).toBe('out-of-range');
  });

  it('[RQ2] that name more than may be queued are an overflow, without being expanded', () => {
    const huge = makeManifest(2 ** 43);
    expect(unpackRuns(huge, [[0, 0, 2 ** 23]], 4_096)).toBe('overflow');
    expect(unpackRuns(manifest, [[0, 0, 5]], 5)).toHaveLength(5);
    expect(unpackRuns(manifest, [[0, 0, 5]], 4)).toBe('overflow');
  });
});
