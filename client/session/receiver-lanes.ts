import { MAX_LANES } from '../../signaling/protocol/limits.ts';
import type { Signal } from '../../signaling/protocol/signal.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import type { LanePath } from '../peer/lane-path.ts';
import type { FileFailureReason } from '../transfer/control-message.ts';
import { SILENCE_WHILE_OFFLINE_MS } from '../transfer/conversation.ts';
import type { SeederLane, SeederLaneListener } from '../transfer/seeder-lane.ts';
import type { SeederStage } from '../transfer/seeder-state.ts';
import { type ReceiverEvent, mayComeBack } from './receiver-list.ts';

/** A receiver that opens more lanes than this at once is not answered on the rest: as many as it may use, and some that replace others. */
export const MAX_LANES_PER_RECEIVER = MAX_LANES + 4;
/** The channel keeps no order: so many steps of a handshake may overtake the offer that they belong to. */
const MAX_EARLY_SIGNALS = 64;

/** A sending lane, as it is one of several. */
export type ReceiverLane = Pick<
  SeederLane,
  | 'open'
  | 'silentMs'
  | 'roundTripMs'
  | 'readPath'
  | 'sendLaneSignal'
  | 'signal'
  | 'tick'
  | 'failFile'
  | 'setPaused'
  | 'close'
>;

/** What the lanes to one place in the room need of their owner. */
export interface ReceiverLanesTools {
  /** Makes a lane; null where there may be no more. */
  openLane(listener: SeederLaneListener): ReceiverLane | null;
  /** sends a step of a lane's handshake over the room */
  sendSignal(lane: number, signal: Signal): void;
  post(event: ReceiverEvent): void;
  /** a lane has greeted, or said whose it is */
  onLaneKnown(lane: ReceiverLane): void;
  /** the last lane is gone */
  onGone(reason: ErrorReason): void;
}

type WithoutPeer<Event> = Event extends { readonly peerId: string } ? Omit<Event, 'peerId'> : never;
type PlaceEvent = WithoutPeer<ReceiverEvent>;

interface Entry {
  readonly lane: ReceiverLane;
  /** whether the receiver has paused, as it says on this lane */
  paused: boolean;
}

/**
 * The lanes to a receiver at one place in the room. They count as one: what the receiver says once, it says on its main lane, which
 * is the one where it said last what it takes; the others only carry pieces.
 */
export class ReceiverLanes {
  online = true;
  /** the id of the receiver; null until it has said it */
  receiver: string | null = null;
  readonly #peerId: string;
  readonly #tools: ReceiverLanesTools;
  readonly #lanes = new Map<number, Entry>();
  #main: ReceiverLane | null = null;
  /** whether the sender has paused */
  #paused = false;
  /** why the receiver goes, as it said on the first lane that it closed */
  #farewell: ErrorReason | null = null;
  #early: { readonly number: number; readonly signal: Signal }[] = [];

  constructor(peerId: string, tools: ReceiverLanesTools) {
    this.#peerId = peerId;
    this.#tools = tools;
  }

  /** All lanes, also those that are not open yet. */
  get lanes(): readonly ReceiverLane[] {
    return [...this.#lanes.values()].map(({ lane }) => lane);
  }

  /** Whether nothing is heard of the receiver on any lane that is open. */
  get silent(): boolean {
    const open = this.#open;
    return open.length > 0 && open.every((lane) => isSilent(lane));
  }

  /** How many lanes are open, and the smallest of their round trips in milliseconds; null before the first. */
  get report(): { readonly lanes: number; readonly roundTripMs: number | null } {
    const open = this.#open;
    const known = open.flatMap(({ roundTripMs }) => roundTripMs ?? []);
    return { lanes: open.length, roundTripMs: known.length === 0 ? null : Math.min(...known) };
  }

  /** Which way the lanes go; null where that cannot be told. */
  async readPath(): Promise<LanePath | null> {
    return (await this.#open[0]?.readPath()) ?? null;
  }

  /** Takes a step of a lane's handshake. @param via the lane over which it came; null where that was the room */
  signal(number: number, signal: Signal, via: ReceiverLane | null): void {
    const known = this.#lanes.get(number);
    if (known !== undefined) known.lane.signal(signal);
    // Only an offer opens a lane. What else comes over the room for none is late, over a lane it may be early.
    else if (signal.type === 'offer') this.#openLane(number, signal, via);
    else if (via !== null)
      this.#early = [...this.#early, { number, signal }].slice(-MAX_EARLY_SIGNALS);
  }

  /** Looks at the clock; to be called about twice a second. */
  tick(): void {
    for (const lane of this.lanes) lane.tick(this.online);
  }

  /** Pauses, or goes on, also on lanes that are still to come. */
  setPaused(paused: boolean): void {
    this.#paused = paused;
    for (const lane of this.lanes) lane.setPaused(paused);
  }

  /** Tells the receiver that a file cannot be had any more. */
  failFile(file: number, reason: FileFailureReason): void {
    for (const lane of this.lanes) lane.failFile(file, reason);
  }

  /** Closes the lanes that are silent, but for `newest`. */
  dropSilent(newest: ReceiverLane): void {
    for (const lane of this.lanes) {
      if (lane !== newest && isSilent(lane)) lane.close('lane-replaced');
    }
  }

  /** Tells the receiver why, and closes every lane. */
  close(reason: ErrorReason): void {
    for (const lane of this.lanes) lane.close(reason);
  }

  get #open(): ReceiverLane[] {
    return this.lanes.filter((lane) => lane.open);
  }

  #openLane(number: number, offer: Signal, via: ReceiverLane | null): void {
    if (this.#lanes.size >= MAX_LANES_PER_RECEIVER) return;
    let closed = false;
    const lane = this.#tools.openLane({
      onSignal: (signal) => this.#sendSignal(number, signal, via),
      onLaneSignal: (other, signal) => this.signal(other, signal, lane),
      onStage: (stage) => this.#onStage(number, stage),
      onSelected: (receiver, bytes) => this.#onSelected(number, receiver, bytes),
      onPaused: (paused) => this.#onPaused(number, paused),
      onProgress: (bytes) => this.#tell(number, { type: 'receiver-progress', bytes }),
      onClosed: (reason) => {
        closed = true;
        this.#onClosed(number, reason);
      },
    });
    if (lane === null || closed) return;
    if (this.#lanes.size === 0) this.#post({ type: 'receiver-connecting' });
    this.#lanes.set(number, { lane, paused: false });
    lane.signal(offer);
    const early = this.#early.filter((one) => one.number === number);
    this.#early = this.#early.filter((one) => one.number !== number);
    for (const { signal } of early) lane.signal(signal);
  }

  #sendSignal(number: number, signal: Signal, via: ReceiverLane | null): void {
    const over = via === null || via.open ? via : (this.#open[0] ?? null);
    if (over === null) this.#tools.sendSignal(number, signal);
    else over.sendLaneSignal(number, signal);
  }

  #onStage(number: number, stage: SeederStage): void {
    this.#tell(number, { type: 'receiver-stage', stage });
    if (stage !== 'choosing') return;
    const lane = this.#lanes.get(number)?.lane;
    if (lane === undefined) return;
    if (this.#paused) lane.setPaused(true);
    this.#tools.onLaneKnown(lane);
  }

  #onSelected(number: number, receiver: string, bytes: number): void {
    const entry = this.#lanes.get(number);
    if (entry === undefined) return;
    this.#main = entry.lane;
    this.receiver = receiver;
    this.#post({ type: 'receiver-selected', receiver, bytes });
    this.#post({ type: 'receiver-paused', paused: entry.paused });
    this.#tools.onLaneKnown(entry.lane);
  }

  #onPaused(number: number, paused: boolean): void {
    const entry = this.#lanes.get(number);
    if (entry !== undefined) entry.paused = paused;
    this.#tell(number, { type: 'receiver-paused', paused });
  }

  #onClosed(number: number, reason: ErrorReason): void {
    if (!this.#lanes.delete(number)) return;
    if (!mayComeBack(reason)) this.#farewell ??= reason;
    if (this.#lanes.size === 0) this.#tools.onGone(this.#farewell ?? reason);
    // What ends the transfer on one lane ends it on all: that they say so themselves may be lost.
    else if (this.#farewell !== null) this.close(this.#farewell);
  }

  /** Tells what only the main lane says; while there was none, any may be it. */
  #tell(number: number, event: PlaceEvent): void {
    const lane = this.#lanes.get(number)?.lane;
    if (this.#main === null || this.#main === lane) this.#post(event);
  }

  #post(event: PlaceEvent): void {
    this.#tools.post({ ...event, peerId: this.#peerId });
  }
}

function isSilent({ silentMs }: ReceiverLane): boolean {
  return silentMs >= SILENCE_WHILE_OFFLINE_MS;
}
