import { describe, expect, it } from 'vitest';
import { PIECE_BYTES } from '../share/manifest.ts';
import type { Fault } from '../testing/lane-pair.ts';
import { type Random, seededRandom } from '../testing/random.ts';
import { type TransferEnd, runTransfer } from '../testing/transfer-run.ts';

const KIB = 1024;

function expectIdentical(end: TransferEnd): void {
  expect(end.receiver).toBe('done');
  for (const [index, original] of end.originals.entries()) {
    expect(end.stored[index]?.every((byte, at) => byte === original[at])).toBe(true);
  }
}

/** Few, small files, so that many schedules fit in the time of a test. */
function smallSizes(random: Random): number[] {
  return Array.from({ length: 1 + random.below(6) }, () =>
    random.chance(0.15) ? 0 : 1 + random.below(40 * KIB),
  );
}

const faulty =
  (fault: Fault, probability: number) =>
  (random: Random): Fault =>
    random.chance(probability) ? fault : 'deliver';

describe('a transfer between the real two sides', () => {
  it.each([0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1])(
    'brings a file of %i bytes across unchanged',
    async (size) => {
      const end = await runTransfer({ seed: 1, sizes: [size], maxMessageBytes: 256 * KIB });
      expectIdentical(end);
      expect(end.sender).toBe('done');
    },
  );

  it('[DT1] does so whatever the order in which messages arrive', async () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const sizes = smallSizes(seededRandom(seed));
      const end = await runTransfer({ seed, sizes, maxMessageBytes: 16 * KIB });
      expectIdentical(end);
      expect(end.sender).toBe('done');
    }
  });

  it.each<Fault>(['drop', 'duplicate', 'corrupt', 'cut'])(
    'with messages that meet %s: identical bytes or a named error, never neither',
    async (fault) => {
      const ends: TransferEnd[] = [];
      for (let seed = 1; seed <= 100; seed += 1) {
        const sizes = smallSizes(seededRandom(seed));
        const plan = { seed, sizes, maxMessageBytes: 16 * KIB, fault: faulty(fault, 0.03) };
        ends.push(await runTransfer(plan));
      }
      for (const end of ends) if (end.receiver === 'done') expectIdentical(end);
      expect(ends.some((end) => end.receiver === 'done')).toBe(true);
      expect(ends.some((end) => end.receiver !== 'done')).toBe(true);
    },
  );
});
