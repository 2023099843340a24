import { type Ask, LaneLedger } from './lane-ledger.ts';
import type { PathControl } from './path-control.ts';
import { rangeBytesFor } from './range-bytes.ts';
import { FIRST_LANE_BYTES } from './window.ts';

/** With fewer lanes than these, all are needed for the bytes. */
const SOUNDING_LANES = 3;
/** Before anything is known, a lane has so long for a range. In ms. */
const FIRST_LATENCY_MS = 400;
/** How much longer than usual a lane may take before what it owes is taken for late: so many times, and so many ms. */
const PATIENCE = 1.5;
const PATIENCE_MS = 50;
/** A lane that brings nothing for so many times its usual, and so many ms at least, is stalled. */
const STALLED = 4;
const STALLED_MS = 1_000;
/** And one that goes on so for so many times and ms has no answer, it may be. */
const LOST = 10;
const LOST_MS = 10_000;

/** The open lanes: which of them is asked next, which one sounds the path, and which ones are late. */
export class FlowLanes {
  readonly #path: PathControl;
  /** in the order in which they were opened */
  readonly #open = new Map<number, LaneLedger>();
  /** as many of them as are wanted */
  #used: readonly LaneLedger[] = [];
  #sounder: LaneLedger | null = null;

  constructor(path: PathControl) {
    this.#path = path;
  }

  /** The open lanes. */
  get all(): Iterable<LaneLedger> {
    return this.#open.values();
  }

  get count(): number {
    return this.#open.size;
  }

  /**
   * The lane that has no more than a small range at a time: how long that takes is what the path takes. On the others
   * what is asked for may wait for the lane's own congestion window, which looks the same and is not. Null where there
   * are too few lanes for it.
   */
  get sounder(): LaneLedger | null {
    return this.#sounder;
  }

  find(lane: number): LaneLedger | undefined {
    return this.#open.get(lane);
  }

  add(lane: number, now: number): void {
    this.#open.set(lane, new LaneLedger(lane, now));
    this.#share();
  }

  remove(ledger: LaneLedger): void {
    this.#open.delete(ledger.lane);
    if (this.#sounder === ledger) this.#sounder = null;
    this.#share();
  }

  /** A measuring round of so many milliseconds is over. */
  endRound(durationMs: number): void {
    for (const ledger of this.#open.values()) ledger.endRound(durationMs);
    this.#share();
  }

  /** The lanes beyond those that are wanted, the newest ones, which are not asked any more. */
  get surplus(): readonly LaneLedger[] {
    return [...this.#open.values()].slice(this.#path.lanesWanted);
  }

  /** Chooses the lane that sounds the path, where there is none, or it is late itself or not wanted any more. */
  chooseSounder(now: number): void {
    const sounder = this.#sounder;
    if (this.#used.length < SOUNDING_LANES) this.#sounder = null;
    else if (sounder === null || !this.#used.includes(sounder) || this.isLate(sounder, now)) {
      this.#sounder = this.#leastOwing(now);
    }
  }

  /** Of the lanes that may be asked for more, the one that has least to deliver for what it delivers; null where none may. */
  choose(now: number): LaneLedger | null {
    const mean = this.#path.bytesPerSecond / this.#open.size;
    let best: LaneLedger | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const ledger of this.#used) {
      const { owedBytes, share } = ledger;
      const load = owedBytes / (ledger.bytesPerSecond + mean + 1);
      if (load >= least || owedBytes + share.rangeBytes > share.mostBytes) continue;
      if (ledger === this.#sounder || this.isLate(ledger, now)) continue;
      best = ledger;
      least = load;
    }
    return best;
  }

  /** What lanes owe that are late is not on the path: it waits for them to recover, and others fill the path meanwhile. */
  inFlightBytes(now: number): number {
    let bytes = 0;
    for (const ledger of this.#open.values()) {
      if (!this.isLate(ledger, now)) bytes += ledger.owedBytes;
    }
    return bytes;
  }

  /** Whether a lane brings nothing for longer than it usually takes: one of its packets was lost, it may be. */
  isLate(ledger: LaneLedger, now: number): boolean {
    return ledger.quietMs(now) > PATIENCE_MS + PATIENCE * this.#usualMs(ledger);
  }

  /** Whether it brings nothing for so long that others should be asked for what it owes. */
  isStalled(ledger: LaneLedger, now: number): boolean {
    return ledger.quietMs(now) > Math.max(STALLED_MS, STALLED * this.#usualMs(ledger));
  }

  /** Whether it has been stalled for so long that it may have no answer for what it was asked for. */
  isLost(ledger: LaneLedger, now: number): boolean {
    return ledger.quietMs(now) > Math.max(LOST_MS, LOST * this.#usualMs(ledger));
  }

  /** The oldest ask that is late, on another lane than this one, among those that `mayMove`; null where none is. */
  findLate(than: LaneLedger, now: number, mayMove: (ask: Ask) => boolean): Ask | null {
    let oldest: Ask | null = null;
    for (const ledger of this.#open.values()) {
      if (ledger === than) continue;
      const before = now - PATIENCE_MS - PATIENCE * this.#usualMs(ledger);
      for (const ask of ledger.awaited) {
        if (ask.askedAt > Math.min(before, oldest?.askedAt ?? before)) break;
        if (!mayMove(ask)) continue;
        oldest = ask;
        break;
      }
    }
    return oldest;
  }

  /** What was asked before tells nothing any more. */
  restartClocks(now: number): void {
    for (const ledger of this.#open.values()) ledger.restartClock(now);
  }

  #leastOwing(now: number): LaneLedger | null {
    let least: LaneLedger | null = null;
    for (const ledger of this.#used) {
      if (this.isLate(ledger, now)) continue;
      if (least === null || ledger.owedBytes < least.owedBytes) least = ledger;
    }
    return least;
  }

  /**
   * A lane may owe enough to keep its congestion window growing, and little more: what waits in a lane cannot move to
   * another.
   */
  #share(): void {
    const { bytesPerSecond, windowBytes, queueMs } = this.#path;
    this.#used = [...this.#open.values()].slice(0, this.#path.lanesWanted);
    const laneBytes = windowBytes / this.#open.size;
    const trips = 2 * ((this.#path.leastLatencyMs ?? 0) + queueMs);
    for (const ledger of this.#open.values()) {
      const rangeBytes = rangeBytesFor(ledger.bytesPerSecond, bytesPerSecond, laneBytes);
      const delivered = (ledger.bytesPerSecond * trips) / 1_000;
      const mostBytes = Math.max(FIRST_LANE_BYTES, delivered + 2 * rangeBytes);
      ledger.share = { rangeBytes, mostBytes };
    }
  }

  #usualMs(ledger: LaneLedger): number {
    return ledger.latencyMs ?? this.#path.leastLatencyMs ?? FIRST_LATENCY_MS;
  }
}
