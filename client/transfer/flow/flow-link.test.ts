import { describe, expect, it } from 'vitest';
import { type FlowRun, FlowWorld, type Sample } from '../../testing/flow-world.ts';
import type { LinkProfile, LinkStage } from '../../testing/link-model.ts';

const MIB = 1024 * 1024;
/** Of a packet on the link, so much is payload. */
const PAYLOAD = 1_160 / 1_256;

function link(mbits: number, roundTripMs: number, more: Partial<LinkProfile> = {}): LinkProfile {
  return { stages: [{ from: 0, mbits, roundTripMs }], queueMs: 100, loss: 0, ...more };
}

/** A link that is another one from a moment in ms on. */
function changing(first: Omit<LinkStage, 'from'>, then: LinkStage): LinkProfile {
  return { stages: [{ from: 0, ...first }, then], queueMs: 100, loss: 0 };
}

function run(profile: LinkProfile, mebibytes: number, more: Partial<FlowRun> = {}): FlowWorld {
  const pieces = Array.from({ length: mebibytes }, () => MIB);
  return new FlowWorld({ profile, maxLanes: 32, pieces, ...more });
}

/** What share of what the link could carry came, from beginning to end. */
function shareOf(world: FlowWorld): number {
  const ms = world.finish();
  return world.takenBytes / (world.link.capacityUntil(ms) * PAYLOAD);
}

/** The queue before the bottleneck, in ms, that nine of ten samples do not exceed. */
function highQueue(samples: readonly Sample[]): number {
  const queues = samples.map(({ queuedMs }) => queuedMs).toSorted((one, other) => one - other);
  return queues[Math.floor(queues.length * 0.9)] ?? 0;
}

/** Bytes/s that came between two moments in ms. */
function rateBetween(world: FlowWorld, from: number, to: number): number {
  const within = world.samples.filter(({ at }) => at >= from && at <= to);
  const first = within[0];
  const last = within.at(-1);
  if (first === undefined || last === undefined) throw new Error('no samples then');
  return ((last.takenBytes - first.takenBytes) * 1_000) / (last.at - first.at);
}

const home = link(100, 40);

describe('flow over a simulated link', () => {
  it.each<
    [string, LinkProfile, number, { share: number; queueMs: number; lanes: [number, number] }]
  >([
    ['100 Mbit/s, 40 ms', home, 60, { share: 0.92, queueMs: 40, lanes: [8, 8] }],
    [
      'the same, 0.1 % loss',
      link(100, 40, { loss: 0.001 }),
      60,
      { share: 0.8, queueMs: 40, lanes: [16, 32] },
    ],
    [
      'the same, 1 % loss',
      link(100, 40, { loss: 0.01 }),
      60,
      { share: 0.7, queueMs: 20, lanes: [32, 32] },
    ],
    ['20 Mbit/s, 40 ms', link(20, 40), 20, { share: 0.95, queueMs: 40, lanes: [8, 8] }],
    ['50 Mbit/s, 200 ms', link(50, 200), 60, { share: 0.8, queueMs: 75, lanes: [8, 8] }],
    ['5 Mbit/s, 40 ms', link(5, 40), 5, { share: 0.9, queueMs: 75, lanes: [8, 8] }],
    [
      'a queue of no more than 15 ms',
      link(100, 40, { queueMs: 15 }),
      60,
      { share: 0.8, queueMs: 16, lanes: [8, 32] },
    ],
  ])('fills it and keeps its queue short: %s', (_, profile, mebibytes, goal) => {
    const world = run(profile, mebibytes);
    expect(shareOf(world)).toBeGreaterThan(goal.share);
    expect(highQueue(world.samples.filter(({ at }) => at > 1_500))).toBeLessThan(goal.queueMs);
    expect(world.mostLanes).toBeGreaterThanOrEqual(goal.lanes[0]);
    expect(world.mostLanes).toBeLessThanOrEqual(goal.lanes[1]);
    expect(world.duplicateBytes).toBeLessThan(world.takenBytes * 0.05);
  });

  it.each<[string, number, number]>([
    ['300 Mbit/s, 4 ms', 300, 4],
    ['a machine with itself', 2_000, 1],
  ])('keeps a processor busy that is slower than the link: %s', (_, mbits, roundTripMs) => {
    const processorBytesPerSecond = 20e6;
    const world = run(link(mbits, roundTripMs, { processorBytesPerSecond }), 60);
    expect(world.finish()).toBeLessThan((60 * MIB) / 20e3 / 0.85);
  });

  it('takes about as long whatever packets are lost', () => {
    const times = [1, 2, 3].map((seed) =>
      run(link(100, 40, { loss: 0.01 }), 30, { seed }).finish(),
    );
    expect(Math.max(...times) / Math.min(...times)).toBeLessThan(1.5);
  });

  it('drains the queue within two seconds when the rate halves, and goes on at the new rate', () => {
    const half = { from: 3_000, mbits: 50, roundTripMs: 40 };
    const world = run(changing({ mbits: 100, roundTripMs: 40 }, half), 70);
    expect(shareOf(world)).toBeGreaterThan(0.85);
    expect(highQueue(world.samples.filter(({ at }) => at > 5_000))).toBeLessThan(50);
    expect(rateBetween(world, 5_000, 8_000)).toBeGreaterThan(6_250_000 * PAYLOAD * 0.9);
  });

  it('finds a rate that doubles within three seconds', () => {
    const double = { from: 3_000, mbits: 100, roundTripMs: 40 };
    const world = run(changing({ mbits: 50, roundTripMs: 40 }, double), 60);
    world.finish();
    const last = world.samples.at(-1)?.at ?? 0;
    expect(rateBetween(world, 6_000, last)).toBeGreaterThan(12_500_000 * PAYLOAD * 0.9);
  });

  it('does not take a path that becomes longer for a full one', () => {
    const longer = { from: 3_000, mbits: 100, roundTripMs: 90 };
    const world = run(changing({ mbits: 100, roundTripMs: 40 }, longer), 80);
    world.finish();
    const last = world.samples.at(-1)?.at ?? 0;
    expect(rateBetween(world, 6_000, last)).toBeGreaterThan(12_500_000 * PAYLOAD * 0.85);
  });

  it('does as well as one lane can where no more are allowed', () => {
    const one = { maxLanes: 1 };
    expect(shareOf(run(home, 60, one))).toBeGreaterThan(0.75);
    expect(shareOf(run(link(20, 40), 20, one))).toBeGreaterThan(0.9);
    expect(shareOf(run(link(100, 40, { loss: 0.001 }), 10, one))).toBeGreaterThan(0.07);
  });

  it('is not slowed down by a receiving page that is busy now and then', () => {
    const busy = { forMs: 20, everyMs: 130 };
    expect(shareOf(run(home, 60, { busy }))).toBeGreaterThan(0.88);
  });

  it.each([
    { forMs: 120, everyMs: 300 },
    { forMs: 100, everyMs: 240 },
  ])('does not take for a queue that a page is busy in step with the round trip', (busy) => {
    expect(shareOf(run(link(50, 200), 60, { busy }))).toBeGreaterThan(0.5);
  });

  it('keeps the queue short although the rate falls as slowly as the window follows', () => {
    const stages = Array.from({ length: 30 }, (_, index) => ({
      from: index * 200,
      mbits: 100 * 0.95 ** index,
      roundTripMs: 40,
    }));
    const world = run({ stages, queueMs: 100, loss: 0 }, 45);
    expect(shareOf(world)).toBeGreaterThan(0.85);
    expect(highQueue(world.samples.filter(({ at }) => at > 1_500))).toBeLessThan(50);
  });

  it('keeps a sender at work that reads more slowly than the link carries', () => {
    const world = run(home, 10, { readBytesPerSecond: 2e6 });
    expect(world.finish()).toBeLessThan((10 * MIB) / 2e3 / 0.9);
  });

  it('goes on at its rate after a pause, which counts for nothing', () => {
    const world = run(home, 60);
    world.runUntil(3_000);
    const before = world.flow.report;
    world.pause();
    world.runUntil(13_000);
    expect(world.flow.report).toEqual(before);
    world.resume();
    world.finish();
    expect(rateBetween(world, 13_100, 14_000)).toBeGreaterThan(12_500_000 * PAYLOAD * 0.85);
  });

  it('loses little where a lane ends, or falls silent', () => {
    const undisturbed = run(home, 40).finish();
    const ended = run(home, 40);
    ended.runUntil(1_500);
    for (const lane of ended.lanes.slice(1, 3)) ended.closeLane(lane);
    expect(ended.finish()).toBeLessThan(undisturbed + 600);

    const silent = run(home, 40);
    silent.runUntil(1_500);
    const [, lane] = silent.lanes;
    if (lane !== undefined) silent.silence(lane);
    expect(silent.finish()).toBeLessThan(undisturbed + 600);
  });

  it('does not leave the last bytes to the slowest lane', () => {
    const world = run(home, 8);
    world.runUntil(750);
    const [, lane] = world.lanes;
    if (lane !== undefined) world.silence(lane);
    const ms = world.finish();
    expect(world.duplicateBytes).toBeLessThan(MIB / 2);
    expect(ms).toBeLessThan(1_500);
  });

  it('is as fast with 10,000 files of 1 KiB as the number of pieces at once and the round trip allow', () => {
    const pieces = Array.from({ length: 10_000 }, () => 1024);
    const world = new FlowWorld({ profile: home, maxLanes: 32, pieces });
    expect(world.finish()).toBeLessThan(2_000);
  });

  it('is faster by what pieces shrink on their way', () => {
    const world = run(link(20, 40), 40, { total: (piece) => (piece % 7 === 0 ? MIB : MIB / 8) });
    const plain = (40 * MIB) / (2_500 * PAYLOAD);
    expect(world.finish()).toBeLessThan(plain / 3);
  });
});
