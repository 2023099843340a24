import { describe, expect, it } from 'vitest';
import type { Round } from './round-meter.ts';
import {
  FIRST_LANE_BYTES,
  type PathWindow,
  createWindow,
  heldBytes,
  queueTarget,
  queuedMs,
  stepWindow,
} from './window.ts';

const LANES = 8;

/** A path without loss, as rounds show it. */
interface Path {
  readonly bytesPerMs: number;
  readonly tripMs: number;
}

/** The round that a path shows while so much is on its way. */
function roundOn({ bytesPerMs, tripMs }: Path, onTheWay: number, now: number): Round {
  const latencyMs = Math.max(tripMs, onTheWay / bytesPerMs);
  return {
    now: now + latencyMs,
    durationMs: latencyMs,
    bytes: onTheWay,
    latencyMs,
    sounded: true,
    jitterMs: 0,
    // The first range of all finds the path empty.
    leastLatencyMs: now === 0 ? tripMs : latencyMs,
    starved: false,
    mostOwedBytes: onTheWay,
    overtaken: 0,
  };
}

/** Goes on with a window for so many ms on this path. */
function runOn(path: Path, from: { window: PathWindow; now: number }, ms: number) {
  let { window, now } = from;
  const queues: number[] = [];
  while (now < from.now + ms) {
    const round = roundOn(path, window.windowBytes, now);
    window = stepWindow(window, round, LANES);
    now = round.now;
    queues.push(round.durationMs - path.tripMs);
  }
  return { window, now, queues };
}

const fast: Path = { bytesPerMs: 12_500, tripMs: 40 };
const begun = { window: createWindow(), now: 0 };

describe('window', () => {
  it('begins with what two lanes are asked for, however many there are', () => {
    expect(createWindow().windowBytes).toBe(2 * FIRST_LANE_BYTES);
  });

  it('leaves every lane a quarter of its first bytes in startup, whatever the rate is', () => {
    const slow: Path = { bytesPerMs: 100, tripMs: 40 };
    const after = (lanes: number) =>
      stepWindow(createWindow(), roundOn(slow, 1_000, 0), lanes).windowBytes;
    expect(after(1)).toBe(createWindow().windowBytes);
    expect(after(8)).toBeGreaterThan(2 * FIRST_LANE_BYTES);
    expect(after(8)).toBeLessThan(2.1 * FIRST_LANE_BYTES);
    expect(after(32) - after(16)).toBeCloseTo(4 * FIRST_LANE_BYTES);
  });

  it.each<[string, Path]>([
    ['100 Mbit/s, 40 ms', fast],
    ['20 Mbit/s, 40 ms', { bytesPerMs: 2_500, tripMs: 40 }],
    ['50 Mbit/s, 200 ms', { bytesPerMs: 6_250, tripMs: 200 }],
    ['1 Gbit/s, 2 ms', { bytesPerMs: 125_000, tripMs: 2 }],
  ])('comes to what the path holds and the queue that is wanted: %s', (_, path) => {
    const { window, queues } = runOn(path, begun, 6_000);
    const target = queueTarget(window);
    expect(window.peakRate / 1_000).toBeCloseTo(path.bytesPerMs, -2);
    expect(window.windowBytes / (path.bytesPerMs * (path.tripMs + target))).toBeCloseTo(1, 1);
    expect(Math.max(...queues.slice(-5))).toBeLessThan(target * 1.2);
  });

  it('overruns the path in startup by about half of what it holds at most', () => {
    const { queues } = runOn({ bytesPerMs: 6_250, tripMs: 200 }, begun, 10_000);
    expect(Math.max(...queues)).toBeLessThan(110);
  });

  it('drains the queue within a second when the rate halves, and finds a rate that doubles within three', () => {
    const settled = runOn(fast, begun, 5_000);
    const halved = runOn({ ...fast, bytesPerMs: 6_250 }, settled, 1_000);
    expect(halved.queues.at(-1)).toBeLessThan(30);
    const doubled = runOn(fast, halved, 3_000);
    expect(doubled.window.windowBytes).toBeGreaterThan(heldBytes(settled.window));
  });

  it('does not take a sender that has nothing to send for a slow path', () => {
    const { window, now } = runOn(fast, begun, 5_000);
    let after = window;
    for (let rounds = 0; rounds < 50; rounds += 1) {
      const round = roundOn(fast, 20_000, now + rounds * 40);
      after = stepWindow(after, { ...round, starved: true }, LANES);
    }
    expect(after.peakRate).toBe(window.peakRate);
    expect(after.windowBytes).toBe(window.windowBytes);
  });

  it('drains for a moment when the shortest latency is ten seconds old, and goes on as before', () => {
    let state = runOn(fast, begun, 5_000);
    const before = state.window.windowBytes;
    const lows: number[] = [];
    for (let rounds = 0; rounds < 300; rounds += 1) {
      state = runOn(fast, state, 1);
      lows.push(state.window.windowBytes);
    }
    expect(Math.min(...lows)).toBeLessThan(fast.bytesPerMs * fast.tripMs);
    expect(state.window.windowBytes / before).toBeCloseTo(1, 1);
    expect(state.window.leastLatency?.ms).toBe(40);
  });

  it('takes a path for longer when the latency stays although the window became small', () => {
    const settled = runOn(fast, begun, 5_000);
    const longer = runOn({ ...fast, tripMs: 90 }, settled, 4_000);
    expect(queuedMs(longer.window)).toBeLessThan(queueTarget(longer.window) * 1.5);
    expect(longer.window.foreign?.ms).toBeCloseTo(50, -1);
    expect(longer.window.peakRate / 1_000).toBeGreaterThan(fast.bytesPerMs * 0.9);
  });

  it('lets the queue be as long as the latency varies by itself, up to 50 ms', () => {
    const calm = stepWindow(createWindow(), roundOn(fast, 100_000, 0), LANES);
    const restless = { ...roundOn(fast, 100_000, 0), jitterMs: 20 };
    expect(queueTarget(calm)).toBe(20);
    expect(queueTarget(stepWindow(createWindow(), restless, LANES))).toBe(30);
    expect(queueTarget(stepWindow(createWindow(), { ...restless, jitterMs: 90 }, LANES))).toBe(50);
  });

  it('judges the queue by the shortest latency of late: one slow sounding is no queue', () => {
    let window = stepWindow(createWindow(), roundOn(fast, 400_000, 0), LANES);
    window = stepWindow(window, { ...roundOn(fast, 400_000, 40), latencyMs: 240 }, LANES);
    expect(queuedMs(window)).toBe(0);
  });

  it('without a sounded path leaves startup when the rate does not grow any more', () => {
    let window = createWindow();
    for (let rounds = 0; rounds < 3; rounds += 1) {
      window = stepWindow(
        window,
        { ...roundOn(fast, 100_000, rounds * 40), sounded: false },
        LANES,
      );
    }
    expect(window.phase.type).toBe('startup');
    for (let rounds = 3; rounds < 8; rounds += 1) {
      window = stepWindow(
        window,
        { ...roundOn(fast, 100_000, rounds * 40), sounded: false },
        LANES,
      );
    }
    expect(window.phase.type).toBe('cruise');
  });
});
