import { describe, expect, it } from 'vitest';
import { type LaneCount, type LaneEvidence, createLaneCount, stepLaneCount } from './lane-count.ts';

const MIB = 1024 * 1024;
const ROUND_MS = 40;

const evidence: LaneEvidence = {
  now: 0,
  lanes: 8,
  maxLanes: 32,
  bytesPerSecond: MIB,
  peakRate: MIB,
  unfilled: false,
  needed: 1,
};

/** Goes on for so many rounds; lanes open and close at once, and the rate is what `rateOf` says of their number. */
function run(
  from: { count: LaneCount; now: number },
  rounds: number,
  rateOf: (lanes: number) => number,
  change: Partial<LaneEvidence> = {},
) {
  let { count, now } = from;
  const wanted: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    now += ROUND_MS;
    const rate = rateOf(count.wanted);
    const rates = { bytesPerSecond: rate, peakRate: rate };
    count = stepLaneCount(count, { ...evidence, now, lanes: count.wanted, ...rates, ...change });
    wanted.push(count.wanted);
  }
  return { count, now, wanted };
}

const begun = { count: createLaneCount(32), now: 0 };
const short = { unfilled: true, needed: 40 };
/** The path is not full, and nothing was lost on it. */
const lossless = { unfilled: true, needed: 0 };

/** The pauses between the rounds in which more than eight lanes are tried, in ms. */
function pausesOf(wanted: readonly number[]): readonly number[] {
  const tries = wanted.flatMap((lanes, at) => (lanes > 8 && wanted[at - 1] === 8 ? [at] : []));
  return tries.slice(1).map((at, index) => (at - (tries[index] ?? 0)) * ROUND_MS);
}

describe('lane count', () => {
  it('begins with eight, or fewer where no more are allowed', () => {
    expect(createLaneCount(32).wanted).toBe(8);
    expect(createLaneCount(2).wanted).toBe(2);
  });

  it('stays where the lanes fill the path', () => {
    expect(run(begun, 500, () => 10 * MIB).count.wanted).toBe(8);
  });

  it('grows as long as the path is not full and every lane brings more, up to the most allowed', () => {
    const { count, wanted } = run(begun, 60, (lanes) => lanes * MIB, short);
    expect(count.wanted).toBe(32);
    expect(wanted.indexOf(32)).toBeLessThan(10);
    expect(run(begun, 60, (lanes) => lanes * MIB, { ...short, maxLanes: 12 }).count.wanted).toBe(
      12,
    );
  });

  it('grows more slowly where no loss speaks for more lanes', () => {
    const { wanted } = run(begun, 60, (lanes) => lanes * MIB, { unfilled: true });
    expect(wanted.indexOf(16)).toBeGreaterThan(5);
    expect(wanted.indexOf(32)).toBeGreaterThan(wanted.indexOf(16) + 5);
  });

  it('does not grow while the rate still grows by itself', () => {
    let rate = MIB;
    const { wanted } = run(begun, 20, () => (rate *= 1.25), short);
    expect(new Set(wanted)).toEqual(new Set([8]));
  });

  it('goes back where more lanes bring nothing without losses, and waits longer each time before it tries again', () => {
    const { wanted } = run(begun, 6_000, () => MIB, lossless);
    const pauses = pausesOf(wanted);
    expect(new Set(wanted)).toEqual(new Set([8, 16]));
    expect(pauses.length).toBeGreaterThan(1);
    expect(pauses[0]).toBeGreaterThan(10_000);
    expect(pauses[1]).toBeGreaterThan((pauses[0] ?? 0) * 1.5);
    expect(wanted.filter((lanes) => lanes > 8).length).toBeLessThan(wanted.length / 20);
  });

  it('keeps lanes that bring nothing where losses were seen, and tries more a second after it judged them', () => {
    const { wanted } = run(begun, 500, () => MIB, { unfilled: true, needed: 1 });
    const grownAt = [16, 32].map((lanes) => wanted.indexOf(lanes) * ROUND_MS);
    const pause = (grownAt[1] ?? 0) - (grownAt[0] ?? 0);
    expect(new Set(wanted)).toEqual(new Set([8, 16, 32]));
    expect(wanted).toEqual(wanted.toSorted((one, other) => one - other));
    expect(pause).toBeGreaterThan(800 + 1_000);
    expect(pause).toBeLessThan(800 + 1_000 + 5 * ROUND_MS);
  });

  it('goes back all the same where losses were seen and more lanes do harm, and waits before it tries again', () => {
    const falling = (ratio: number) => (lanes: number) => (lanes > 8 ? ratio * MIB : MIB);
    const harmed = run(begun, 1_000, falling(0.79), short).wanted;
    expect(new Set(harmed)).toEqual(new Set([8, 32]));
    expect(harmed.filter((lanes) => lanes > 8).length).toBeLessThan(harmed.length / 10);
    expect(pausesOf(harmed)[0]).toBeGreaterThan(10_000);
    const unharmed = run(begun, 1_000, falling(0.81), short).wanted;
    expect(unharmed.slice(unharmed.indexOf(32))).not.toContain(8);
  });

  it('waits until the lanes that it wants are open before it judges them', () => {
    let { count } = run(begun, 10, () => MIB, lossless);
    expect(count.wanted).toBe(16);
    const wanted = count.wanted;
    for (let round = 0; round < 200; round += 1) {
      count = stepLaneCount(count, { ...evidence, ...lossless, now: 1_000 + round * ROUND_MS });
    }
    expect(count.wanted).toBe(wanted);
  });

  it('becomes smaller, slowly, when fewer lanes would carry as much', () => {
    const grown = run(begun, 60, (lanes) => lanes * MIB, short);
    const { count, wanted } = run(grown, 1_000, () => 8 * MIB, { needed: 3 });
    expect(wanted[150]).toBe(32);
    expect(count.wanted).toBe(8);
  });
});
