import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PIECE_BYTES } from '../share/manifest.ts';
import { fullNumberSet, hasNumber, withNumbers } from '../share/number-set.ts';
import type { Fault } from '../testing/lane-pair.ts';
import { digestAtOnce } from '../testing/quick-digest.ts';
import { type Random, seededRandom } from '../testing/random.ts';
import type { Incident, TransferEnd, TransferPlan } from '../testing/transfer-plan.ts';
import { runTransfer } from '../testing/transfer-run.ts';

const KIB = 1024;

beforeEach(digestAtOnce);

afterEach(() => {
  vi.restoreAllMocks();
});

/** The oracle of a transfer that says it is done: every file that was not given up is here, unchanged. */
function expectIdentical(end: TransferEnd, selected = fullNumberSet(end.originals.length)): void {
  expect(end.receiver).toBe('done');
  for (const [index, original] of end.originals.entries()) {
    if (end.failed.has(index) || !hasNumber(selected, index)) continue;
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

const INCIDENTS: readonly Incident[] = [
  'cut',
  'cut-one',
  'receiver-pauses',
  'receiver-resumes',
  'sender-pauses',
  'sender-resumes',
  'receiver-reloads',
  'sender-reloads',
  'disk-fills',
  'file-fails',
];

const FAULTS: readonly Fault[] = ['hold', 'drop', 'duplicate', 'corrupt', 'cut'];

const anyFault = (random: Random): Fault =>
  random.chance(0.02) ? (FAULTS[random.below(FAULTS.length)] ?? 'cut') : 'deliver';

const anyIncident = (random: Random): Incident | null =>
  random.chance(0.05) ? (INCIDENTS[random.below(INCIDENTS.length)] ?? 'cut') : null;

/** A transfer to which anything happens, and whose last lane nothing happens to. */
function stormyPlan(seed: number): TransferPlan {
  const random = seededRandom(seed);
  const sizes = smallSizes(random);
  const left = sizes.map((_, index) => index).filter(() => random.chance(0.2));
  const selected = withNumbers(fullNumberSet(sizes.length), left, false);
  return {
    seed,
    sizes,
    selected,
    maxMessageBytes: 16 * KIB,
    connections: 2 + random.below(8),
    maxLanes: 1 + random.below(4),
    deflates: random.chance(0.5),
    fault: anyFault,
    incident: anyIncident,
  };
}

/** How a stormy transfer ended; if it says it is done, it is. */
async function weather(seed: number): Promise<TransferEnd['receiver']> {
  const plan = stormyPlan(seed);
  const end = await runTransfer(plan);
  if (end.receiver === 'done') expectIdentical(end, plan.selected);
  return end.receiver;
}

describe('a transfer between the real two sides', () => {
  it('[RQ5] brings pieces across that travel deflated, and gives them back as they were', async () => {
    let deflated = 0;
    for (let seed = 1; seed <= 100; seed += 1) {
      const sizes = smallSizes(seededRandom(seed)).map((size) => 2 * size);
      const end = await runTransfer({ seed, sizes, maxMessageBytes: 16 * KIB, deflates: true });
      expectIdentical(end);
      deflated += end.deflatedPieces;
    }
    expect(deflated).toBeGreaterThan(100);
  });

  it.each([0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1])(
    'brings a file of %i bytes across unchanged',
    async (size) => {
      const end = await runTransfer({ seed: 1, sizes: [size], maxMessageBytes: 256 * KIB });
      expectIdentical(end);
      expect(end.sender).toBe('done');
    },
  );

  it('[DT1] does so whatever the order in which messages arrive', async () => {
    for (let seed = 1; seed <= 200; seed += 1) {
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

  it('over lanes that are lost one after another: done, and nothing that was stored is fetched again', async () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const sizes = smallSizes(seededRandom(seed));
      const plan = {
        seed,
        sizes,
        maxMessageBytes: 16 * KIB,
        connections: 6,
        fault: faulty('cut', 0.1),
      };
      const end = await runTransfer(plan);
      expectIdentical(end);
      expect(end.storedTwice, `seed ${seed}`).toBe(0);
    }
  });

  it.each([0, 1, 2, 3])(
    'whatever happens to its lanes, its pages, its disk and its files: done with what can be had, and never a hang (round %i)',
    async (round) => {
      for (let turn = 1; turn <= 400; turn += 1) {
        const seed = round * 400 + turn;
        // A root hash that was damaged on its way, and still reads like one, is caught by name.
        expect(await weather(seed), `seed ${seed}`).toMatch(/^(?:done|root-mismatch)$/);
      }
    },
  );
});
