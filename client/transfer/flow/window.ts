import { type LossEstimate, NO_LOSS, stepLoss } from './loss-estimate.ts';
import { MIN_RANGE_BYTES } from './range-bytes.ts';
import type { Round } from './round-meter.ts';

/**
 * What the window does. `startup`: it grows as the rate does. `cruise`: it is what the path holds and a little more.
 * `drain`: it is small for a few rounds, so that the queue before the path empties and its round trip shows.
 */
type Phase =
  | { readonly type: 'startup'; readonly flatRounds: number; readonly doubted: Doubt | null }
  | { readonly type: 'cruise'; readonly standing: StandingQueue | null }
  | { readonly type: 'drain'; readonly rounds: number; readonly windowBytes: number };

/** Why it starts again: whether a queue is of its own is in doubt. It is not if the rate becomes much larger than it was, in bytes/s. */
interface Doubt {
  readonly rate: number;
}

/** A queue that is too long, and what was so when it was first seen. */
interface StandingQueue {
  readonly windowBytes: number;
  readonly latencyMs: number;
  readonly at: number;
  readonly rounds: number;
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
  /** the part of what looks like a queue that does not answer to the window, in ms, and when that was found */
  readonly foreign: { readonly ms: number; readonly at: number } | null;
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
/** A queue that should be so much shorter by now, in ms, shows whether it answers; or, where latency varies, so many times that. */
const MIN_FALL_MS = 30;
const FALL_OF_JITTER = 2;
/** It does if it is shorter by this share of that. */
const ANSWERED = 1 / 3;
/** A latency that is longer by this factor is another one. */
const LONGER = 1.1;
const STANDING_LIFE_MS = 5_000;
const DOUBT_EVERY_MS = 4_000;
const MAX_FOREIGN_MS = 150;
/** Where more on its way pays, the rate grows so much. */
const PAID = 1.2;
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
    phase: { type: 'startup', flatRounds: 0, doubted: null },
    windowBytes: 2 * FIRST_LANE_BYTES,
    rates: [],
    peakRate: 0,
    meanRate: 0,
    leastLatency: null,
    foreign: null,
    latencies: [],
    jitterMs: 0,
    loss: NO_LOSS,
  };
}

/** How long what is asked for waits on the path, in ms, as far as is known. */
export function queuedMs(state: PathWindow): number {
  return Math.max(0, latencyNow(state) - emptyMs(state));
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
      return stepStartup(state, grew ? { ...phase, flatRounds: 0 } : phase, round, lanes);
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
  const leastLatency = lesser(state.leastLatency, round.leastLatencyMs, round.now);
  // What a longer path explains is not to be explained a second time.
  const isLonger = state.leastLatency !== null && leastLatency.ms > state.leastLatency.ms;
  return {
    ...state,
    rates,
    peakRate: Math.max(0, ...rates),
    meanRate: counts ? blend(state.meanRate, rate, round.durationMs) : state.meanRate,
    leastLatency,
    foreign: isLonger ? null : lasting(state.foreign, round.now),
    latencies: latencyMs === null ? state.latencies : recent(state, latencyMs, round.now),
    jitterMs: round.jitterMs,
    loss: stepLoss(state.loss, round),
  };
}

/** It ends when a queue shows; where the path is not sounded, also when the rate does not grow any more. */
function stepStartup(
  state: PathWindow,
  phase: Phase & { readonly type: 'startup' },
  round: Round,
  lanes: number,
): PathWindow {
  const flatRounds = round.starved || round.sounded ? 0 : phase.flatRounds + 1;
  const queued = round.sounded && queuedMs(state) > queueTarget(state);
  if (queued || flatRounds > STARTUP_FLAT_ROUNDS) {
    return stepCruise(cruising(judged(state, phase.doubted)), null, round);
  }
  const spare = Math.max(spareBytes(state), (lanes * FIRST_LANE_BYTES) / 4);
  const wanted = STARTUP_GAIN * heldBytes(state) + spare;
  const windowBytes = bounded(Math.max(state.windowBytes, wanted));
  return { ...state, phase: { ...phase, flatRounds }, windowBytes };
}

/** Where more on its way brought no more, the queue was of our own. */
function judged(state: PathWindow, doubted: Doubt | null): PathWindow {
  const { foreign } = state;
  if (doubted === null || foreign === null || state.meanRate > doubted.rate * PAID) return state;
  return { ...state, foreign: { ...foreign, ms: 0 } };
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
  const empty = emptyMs(state);
  const wanted = used * (empty / (empty + queue)) + spare;
  const next = { ...state, windowBytes: bounded(windowBytes + STEP * (wanted - windowBytes)) };
  return queue > target ? watchQueue(next, standing, round) : cruising(next, standing);
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

/**
 * A queue of its own becomes shorter as the window does. What stays as it is comes from elsewhere: the path is longer
 * now, others fill it, or a page is busy in step with it. Then the window is as wide as the path at most, and grows anew.
 */
function watchQueue(state: PathWindow, before: StandingQueue | null, round: Round): PathWindow {
  const latencyMs = latencyNow(state);
  const { windowBytes, leastLatency } = state;
  const seen = { windowBytes, latencyMs, at: round.now, rounds: 0 };
  // A queue that overflows stays as long as it is until the window is small enough.
  if (before === null || round.overtaken > 0) return cruising(state, seen);
  const doubtedAt = state.foreign?.at ?? Number.NEGATIVE_INFINITY;
  const isLonger = latencyMs > before.latencyMs * LONGER;
  const isOld = round.now - before.at > STANDING_LIFE_MS;
  if (isLonger || isOld || round.now < doubtedAt + DOUBT_EVERY_MS) return cruising(state, seen);
  const fallMs = before.latencyMs * (1 - windowBytes / before.windowBytes);
  const rounds = before.rounds + 1;
  const isSeen = fallMs > Math.max(MIN_FALL_MS, FALL_OF_JITTER * state.jitterMs);
  if (!isSeen || rounds < STANDING_ROUNDS) return cruising(state, { ...before, rounds });
  if (before.latencyMs - latencyMs > fallMs * ANSWERED) return cruising(state, seen);
  const ms = Math.min(latencyMs - (leastLatency?.ms ?? 0), MAX_FOREIGN_MS);
  const phase = { type: 'startup', flatRounds: 0, doubted: { rate: state.meanRate } } as const;
  return { ...state, phase, windowBytes: before.windowBytes, foreign: { ms, at: round.now } };
}

function cruising(state: PathWindow, standing: StandingQueue | null = null): PathWindow {
  return { ...state, phase: { type: 'cruise', standing } };
}

/** What the path holds without a queue, in bytes: rate × round trip. */
export function heldBytes(state: PathWindow): number {
  return (state.peakRate * emptyMs(state)) / 1_000;
}

/** What the path takes without a queue of our own, in ms. */
function emptyMs({ leastLatency, foreign }: PathWindow): number {
  return (leastLatency?.ms ?? 0) + (foreign?.ms ?? 0);
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

function lasting(foreign: PathWindow['foreign'], now: number): PathWindow['foreign'] {
  return foreign !== null && now - foreign.at > LATENCY_LIFE_MS ? null : foreign;
}

function lesser(
  least: PathWindow['leastLatency'],
  ms: number,
  now: number,
): { readonly ms: number; readonly at: number } {
  if (least === null || now - least.at > LATENCY_LIFE_MS + 2_000) return { ms, at: now };
  return ms <= least.ms * LATENCY_NOISE ? { ms: Math.min(ms, least.ms), at: now } : least;
}
