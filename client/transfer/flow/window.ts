import { type LossEstimate, NO_LOSS, stepLoss } from './loss-estimate.ts';
import { MIN_RANGE_BYTES } from './range-bytes.ts';
import type { Round } from './round-meter.ts';

/**
 * What the window does. `startup`: it grows as the rate does. `cruise`: it is what the path holds and a little more.
 * `drain`: it is small for a few rounds, so that the queue before the path empties and its round trip shows.
 */
type Phase =
  | { readonly type: 'startup'; readonly flatRounds: number }
  | { readonly type: 'cruise'; readonly standing: StandingQueue | null }
  | { readonly type: 'drain'; readonly rounds: number; readonly windowBytes: number };

/** A queue that does not go, and what was so when it was first seen. */
interface StandingQueue {
  readonly rounds: number;
  readonly windowBytes: number;
  readonly latencyMs: number;
}

/**
 * What is known of the path, and how much is kept on its way over all lanes together.
 *
 * From BBR (Cardwell, Cheng, Gunn, Yeganeh, Jacobson: BBR: Congestion-Based Congestion Control, ACM Queue 2016) is the
 * model: the largest rate and the shortest round trip of late, measured in rounds, their product in flight, losses not
 * taken for a full path, and a short drain when the round trip has not been seen for ten seconds. What is added for the
 * queue comes from the delay and not from probing with too much, as in Vegas (Brakmo, Peterson 1995), FAST TCP and Copa
 * (Arun, Balakrishnan, NSDI 2018), because the senders below, one SCTP for each lane, answer an overrun queue by halving.
 */
export interface PathWindow {
  readonly phase: Phase;
  /** how many bytes may be asked for and not here */
  readonly windowBytes: number;
  /** of the last rounds, in bytes/s, the newest last */
  readonly rates: readonly number[];
  /** the largest of them: what the path is taken to carry; 0 before the first round */
  readonly peakRate: number;
  /** in bytes/s, smoothed */
  readonly meanRate: number;
  /** the shortest time from ask to arrival, in ms, and when it was last seen; null before the first round */
  readonly leastLatency: { readonly ms: number; readonly at: number } | null;
  /** what the path took of late, in ms, and when, the newest last */
  readonly latencies: readonly { readonly ms: number; readonly at: number }[];
  /** how much that varies by itself, in ms */
  readonly jitterMs: number;
  readonly loss: LossEstimate;
}

const RATE_ROUNDS = 10;
/** Of the mean rate: half of it is what was so long ago, or longer. */
const MEAN_MS = 400;
const LATENCY_ROUNDS = 2;
const LATENCY_MS = 150;
const LATENCY_LIFE_MS = 10_000;
const LATENCY_NOISE = 1.05;
const STARTUP_GAIN = 1.4;
const STARTUP_GROWTH = 1.15;
const STARTUP_FLAT_ROUNDS = 3;
const DRAIN_GAIN = 0.9;
const DRAIN_ROUNDS = 3;
/** How far the window goes in one round towards what it should be. */
const STEP = 0.5;
const STANDING_ROUNDS = 4;
const MAX_WINDOW_BYTES = 8 * 1024 * 1024;
const MIN_WINDOW_BYTES = 2 * MIN_RANGE_BYTES;
const MIN_QUEUE_BYTES = MIN_RANGE_BYTES;
const MIN_QUEUE_MS = 20;
const MAX_QUEUE_MS = 25;
const JITTER_GAIN = 1.5;
const MAX_JITTER_QUEUE_MS = 50;

/** How many bytes a lane may owe before anything is known of the path; the first window is that of two lanes. */
export const FIRST_LANE_BYTES = 4 * MIN_RANGE_BYTES;

/** The window of a path of which nothing is known. */
export function createWindow(): PathWindow {
  return {
    phase: { type: 'startup', flatRounds: 0 },
    windowBytes: 2 * FIRST_LANE_BYTES,
    rates: [],
    peakRate: 0,
    meanRate: 0,
    leastLatency: null,
    latencies: [],
    jitterMs: 0,
    loss: NO_LOSS,
  };
}

/** How long what is asked for waits on the path, in ms, as far as is known. */
export function queuedMs(state: PathWindow): number {
  return Math.max(0, latencyNow(state) - (state.leastLatency?.ms ?? 0));
}

/**
 * The queue that is to stand before the path: a little, so that it is not idle when an ask comes late, and as much as
 * the latency varies by itself. In ms.
 */
export function queueTarget({ leastLatency, jitterMs }: PathWindow): number {
  const little = Math.min(Math.max(MIN_QUEUE_MS, (leastLatency?.ms ?? 0) / 4), MAX_QUEUE_MS);
  return Math.max(little, Math.min(JITTER_GAIN * jitterMs, MAX_JITTER_QUEUE_MS));
}

/** The window after a round, with so many lanes open. */
export function stepWindow(before: PathWindow, round: Round, lanes: number): PathWindow {
  const state = observe(before, round);
  const { phase } = state;
  switch (phase.type) {
    case 'startup': {
      const grew = state.peakRate > before.peakRate * STARTUP_GROWTH;
      return stepStartup(state, grew ? 0 : phase.flatRounds, round, lanes);
    }
    case 'cruise':
      return stepCruise(state, phase.standing, round);
    case 'drain':
      return phase.rounds < DRAIN_ROUNDS
        ? { ...state, phase: { ...phase, rounds: phase.rounds + 1 } }
        : { ...cruising(state), windowBytes: phase.windowBytes };
  }
}

function observe(state: PathWindow, round: Round): PathWindow {
  const rate = (round.bytes * 1_000) / round.durationMs;
  const counts = (!round.starved && state.phase.type !== 'drain') || rate > state.peakRate;
  const rates = counts ? [...state.rates, rate].slice(-RATE_ROUNDS) : state.rates;
  const { latencyMs } = round;
  return {
    ...state,
    rates,
    peakRate: Math.max(0, ...rates),
    meanRate: counts ? blend(state.meanRate, rate, round.durationMs) : state.meanRate,
    leastLatency: lesser(state.leastLatency, round.leastLatencyMs, round.now),
    latencies: latencyMs === null ? state.latencies : recent(state, latencyMs, round.now),
    jitterMs: round.jitterMs,
    loss: stepLoss(state.loss, round),
  };
}

/** It ends when a queue shows; where the path is not sounded, also when the rate does not grow any more. */
function stepStartup(
  state: PathWindow,
  flatBefore: number,
  round: Round,
  lanes: number,
): PathWindow {
  const flatRounds = round.starved || round.sounded ? 0 : flatBefore + 1;
  const queued = round.sounded && queuedMs(state) > queueTarget(state);
  if (queued || flatRounds > STARTUP_FLAT_ROUNDS) return stepCruise(cruising(state), null, round);
  const spare = Math.max(spareBytes(state), (lanes * FIRST_LANE_BYTES) / 4);
  const wanted = STARTUP_GAIN * heldBytes(state) + spare;
  const windowBytes = bounded(Math.max(state.windowBytes, wanted));
  return { ...state, phase: { type: 'startup', flatRounds }, windowBytes };
}

/**
 * The window goes to what it would be if the queue were as long as it should be: FAST TCP (Jin, Wei, Low: FAST TCP:
 * Motivation, Architecture, Algorithms, Performance, INFOCOM 2004, equation 6).
 */
function stepCruise(state: PathWindow, standing: StandingQueue | null, round: Round): PathWindow {
  const { windowBytes, leastLatency } = state;
  if (leastLatency === null || round.latencyMs === null) return state;
  if (round.now - leastLatency.at > LATENCY_LIFE_MS) return drain(state);
  const queue = queuedMs(state);
  const target = queueTarget(state);
  if (round.starved && queue <= target) return state;
  const spare = spareBytes(state);
  const used = Math.min(windowBytes, round.mostOwedBytes + spare);
  const wanted = used * (leastLatency.ms / (leastLatency.ms + queue)) + spare;
  const next = { ...state, windowBytes: bounded(windowBytes + STEP * (wanted - windowBytes)) };
  return queue > 2 * target ? watchQueue(next, standing, round) : cruising(next);
}

/** The smallest latency is old: the path may have become longer. Without a queue it shows. */
function drain(state: PathWindow): PathWindow {
  const { windowBytes } = state;
  const small = DRAIN_GAIN * Math.min(heldBytes(state), windowBytes);
  return {
    ...state,
    phase: { type: 'drain', rounds: 0, windowBytes },
    windowBytes: bounded(small),
  };
}

/** A queue that stays although the window became much smaller is not ours: the path is longer now, or others fill it. */
function watchQueue(state: PathWindow, before: StandingQueue | null, round: Round): PathWindow {
  const { windowBytes } = state;
  const latencyMs = latencyNow(state);
  // A queue that overflows stays as long as it is until the window is small enough.
  const standing =
    before === null || round.overtaken > 0
      ? { rounds: 0, windowBytes, latencyMs }
      : { ...before, rounds: before.rounds + 1 };
  const watched: PathWindow = { ...state, phase: { type: 'cruise', standing } };
  if (standing.rounds < STANDING_ROUNDS || windowBytes > standing.windowBytes * 0.6) return watched;
  if (latencyMs < standing.latencyMs * 0.85) return cruising(state);
  return cruising({ ...state, leastLatency: { ms: latencyMs, at: round.now } });
}

function cruising(state: PathWindow): PathWindow {
  return { ...state, phase: { type: 'cruise', standing: null } };
}

/** What the path holds without a queue, in bytes: rate × round trip. */
export function heldBytes(state: PathWindow): number {
  return (state.peakRate * (state.leastLatency?.ms ?? 0)) / 1_000;
}

/** What the queue holds that is to stand before the path, in bytes. */
function spareBytes(state: PathWindow): number {
  return Math.max((queueTarget(state) * state.peakRate) / 1_000, MIN_QUEUE_BYTES);
}

function latencyNow({ latencies }: PathWindow): number {
  return latencies.length === 0 ? 0 : Math.min(...latencies.map(({ ms }) => ms));
}

function recent({ latencies }: PathWindow, ms: number, now: number): PathWindow['latencies'] {
  const all = [...latencies, { ms, at: now }];
  return all.filter(
    ({ at }, index) => index >= all.length - LATENCY_ROUNDS || at > now - LATENCY_MS,
  );
}

function blend(mean: number, rate: number, durationMs: number): number {
  return mean === 0 ? rate : rate + (mean - rate) * 0.5 ** (durationMs / MEAN_MS);
}

function bounded(bytes: number): number {
  return Math.min(Math.max(bytes, MIN_WINDOW_BYTES), MAX_WINDOW_BYTES);
}

function lesser(
  least: PathWindow['leastLatency'],
  ms: number,
  now: number,
): { readonly ms: number; readonly at: number } {
  if (least === null || now - least.at > LATENCY_LIFE_MS + 2_000) return { ms, at: now };
  return ms <= least.ms * LATENCY_NOISE ? { ms: Math.min(ms, least.ms), at: now } : least;
}
