/** What a round of asking and arriving showed. */
export interface Round {
  readonly now: number;
  readonly durationMs: number;
  /** that arrived */
  readonly bytes: number;
  /** what the path takes from ask to arrival, queue included, in ms; null where this round did not show it */
  readonly latencyMs: number | null;
  /** whether that was sounded, and not taken from what waits behind other ranges */
  readonly sounded: boolean;
  /** how much what was sounded varies from one time to the next, in ms, smoothed over rounds */
  readonly jitterMs: number;
  /** the shortest time from ask to arrival, in ms */
  readonly leastLatencyMs: number;
  /** there was nothing to ask for although there was room: the rate tells nothing of the path */
  readonly starved: boolean;
  /** the most that was owed at once */
  readonly mostOwedBytes: number;
  /** how many ranges were overtaken by what was asked of their lane later: a packet of them was lost */
  readonly overtaken: number;
}

/** Why nothing more was asked for. */
export type AskLimit = 'window' | 'lanes' | 'nothing-left';

const LOW_PERCENTILE = 0.1;
/** A shorter round would measure the clock. */
const MIN_ROUND_MS = 20;
/** A round with fewer arrivals tells little. */
const MIN_ARRIVALS = 4;

/** A packet that was lost and sent again is no jitter. */
const MAX_JITTER_MS = 100;
const JITTER_WEIGHT = 1 / 16;

/** Collects what arrives into rounds: one lasts until something that was asked for in it has come. */
export class RoundMeter {
  #startedAt: number;
  #bytes = 0;
  #overtaken = 0;
  #latencies: number[] = [];
  #soundMs: number | null = null;
  #lastSoundMs: number | null = null;
  #jitterMs = 0;
  #starved = false;
  #mostOwedBytes = 0;

  constructor(now: number) {
    this.#startedAt = now;
  }

  /** Bytes came. */
  arrived(bytes: number): void {
    this.#bytes += bytes;
  }

  /** So many ranges were overtaken. */
  overtook(count: number): void {
    this.#overtaken += count;
  }

  /** A range that had a lane for itself took so long. */
  sounded(latencyMs: number): void {
    this.#soundMs = Math.min(this.#soundMs ?? latencyMs, latencyMs);
    const change = Math.abs(latencyMs - (this.#lastSoundMs ?? latencyMs));
    this.#lastSoundMs = latencyMs;
    this.#jitterMs += (Math.min(change, MAX_JITTER_MS) - this.#jitterMs) * JITTER_WEIGHT;
  }

  /** Nothing more is asked for, for this reason. */
  asked(limit: AskLimit, owedBytes: number): void {
    if (limit === 'nothing-left') this.#starved = true;
    this.#mostOwedBytes = Math.max(this.#mostOwedBytes, owedBytes);
  }

  /** A range is whole. @param sounding whether the path is sounded besides @returns the round, if it is over with it */
  settled(askedAt: number, latencyMs: number, sounding: boolean, now: number): Round | null {
    this.#latencies.push(latencyMs);
    const durationMs = now - this.#startedAt;
    if (askedAt < this.#startedAt || durationMs < MIN_ROUND_MS) return null;
    if (this.#latencies.length < MIN_ARRIVALS) return null;
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    const low = sorted[Math.floor(sorted.length * LOW_PERCENTILE)] ?? latencyMs;
    const round: Round = {
      now,
      durationMs,
      bytes: this.#bytes,
      latencyMs: sounding ? this.#soundMs : low,
      sounded: sounding,
      jitterMs: this.#jitterMs,
      leastLatencyMs: sorted[0] ?? latencyMs,
      starved: this.#starved,
      mostOwedBytes: this.#mostOwedBytes,
      overtaken: this.#overtaken,
    };
    this.restart(now);
    return round;
  }

  /** Begins a round. */
  restart(now: number): void {
    this.#startedAt = now;
    this.#bytes = 0;
    this.#overtaken = 0;
    this.#latencies = [];
    this.#soundMs = null;
    this.#starved = false;
    this.#mostOwedBytes = 0;
  }
}
