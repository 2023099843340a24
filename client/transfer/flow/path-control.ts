import { type LaneCount, createLaneCount, stepLaneCount } from './lane-count.ts';
import { congestionWindow, lossRatio } from './loss-estimate.ts';
import { type AskLimit, type Round, RoundMeter } from './round-meter.ts';
import {
  type PathWindow,
  createWindow,
  heldBytes,
  queueTarget,
  queuedMs,
  stepWindow,
} from './window.ts';

/** Where so many times what the path and its queue should hold is asked for, and no queue stands, it waits in the sender's lanes. */
const OVERFILLED = 1.2;
/** Of what lanes can carry with the losses that they have, so much is taken to be as much as they will. */
const BUSY = 0.6;

/** Measures the path in rounds, and says how much may be on its way and over how many lanes. */
export class PathControl {
  readonly #maxLanes: number;
  readonly #meter: RoundMeter;
  #window: PathWindow = createWindow();
  #laneCount: LaneCount;

  constructor(maxLanes: number, now: number) {
    this.#maxLanes = maxLanes;
    this.#meter = new RoundMeter(now);
    this.#laneCount = createLaneCount(maxLanes);
  }

  /** How much may be asked for and not here, over all lanes. */
  get windowBytes(): number {
    return this.#window.windowBytes;
  }

  /** The largest rate of late, in bytes/s; 0 before the first round. */
  get bytesPerSecond(): number {
    return this.#window.peakRate;
  }

  /** The rate smoothed over about a second, in bytes/s. */
  get meanBytesPerSecond(): number {
    return this.#window.meanRate;
  }

  /** The shortest time from ask to arrival, in ms; null before the first round. */
  get leastLatencyMs(): number | null {
    return this.#window.leastLatency?.ms ?? null;
  }

  /** The queue that is to stand before the path, in ms. */
  get queueMs(): number {
    return queueTarget(this.#window);
  }

  /** How many lanes are wanted. */
  get lanesWanted(): number {
    return this.#laneCount.wanted;
  }

  /** Bytes came. */
  arrived(bytes: number): void {
    this.#meter.arrived(bytes);
  }

  /** Nothing more is asked for, for this reason. @param owedBytes what is asked for and not here */
  asked(limit: AskLimit, owedBytes: number): void {
    this.#meter.asked(limit, owedBytes);
  }

  /** A range that had its lane for itself is here. @param latencyMs since it was asked for */
  sounded(latencyMs: number): void {
    this.#meter.sounded(latencyMs);
  }

  /**
   * A range is here.
   * @param overtaken how many ranges it overtook @param sounding whether one of the lanes sounds the path
   * @returns how long the round took that is over with it, in ms; null where none is
   */
  settled(
    range: { readonly askedAt: number; readonly latencyMs: number; readonly overtaken: number },
    lanes: { readonly open: number; readonly sounding: boolean },
    now: number,
  ): number | null {
    this.#meter.overtook(range.overtaken);
    const round = this.#meter.settled(range.askedAt, range.latencyMs, lanes.sounding, now);
    if (round === null) return null;
    this.#window = stepWindow(this.#window, round, lanes.open);
    this.#laneCount = this.#countLanes(round, lanes.open);
    return round.durationMs;
  }

  /** What was measured since the last round does not count: there was a pause. */
  restart(now: number): void {
    this.#meter.restart(now);
  }

  #countLanes(round: Round, lanes: number): LaneCount {
    const window = this.#window;
    const held = heldBytes(window);
    const target = queueTarget(window);
    const noQueue = queuedMs(window) < target / 2;
    const filled = held + (window.peakRate * target) / 1_000;
    return stepLaneCount(this.#laneCount, {
      now: round.now,
      lanes,
      maxLanes: this.#maxLanes,
      bytesPerSecond: window.meanRate,
      peakRate: window.peakRate,
      unfilled: !round.starved && noQueue && round.mostOwedBytes > OVERFILLED * filled,
      needed: Math.ceil(held / (BUSY * congestionWindow(lossRatio(window.loss)))),
    });
  }
}
