import type { Signal } from '../../signaling/protocol/signal.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import type { LanePath } from '../peer/lane-path.ts';
import type { ControlMessage } from './control-message.ts';
import { type Clock, type OpenLane, PeerLane } from './peer-lane.ts';
import type { PeerMessage } from './peer-message.ts';

/** The first lane's number within its group; the others have numbers of their own. */
export const FIRST_LANE = -1;
/** A further lane that could not be opened is tried again after this long, then after twice as long, in milliseconds. */
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

/** How a lane may go without the peer being gone: what it carried, the other lanes can. */
const LANE_LOSSES: ReadonlySet<ErrorReason> = new Set([
  'connection-lost',
  'peer-silent',
  'connect-timeout',
  'lane-replaced',
]);

/** What a group of lanes tells its owner. After `onClosed` comes nothing more. */
export interface LaneGroupListener {
  /** a step of the first lane's handshake for the peer */
  onSignal(signal: Signal): void;
  /** the two have greeted on this lane */
  onLaneOpened(lane: number): void;
  onMessage(lane: number, message: PeerMessage): void;
  /** this lane is gone, and others are there */
  onLaneClosed(lane: number): void;
  /** another lane is the main one from now on */
  onMainChanged(): void;
  /** all are gone */
  onClosed(reason: ErrorReason): void;
}

/** What lanes are made of. */
export interface LaneTools {
  readonly openLane: OpenLane;
  /** the number of a further lane, which the peer has not heard of yet */
  readonly nextLane: () => number;
  readonly clock: Clock;
}

/**
 * Several lanes to one peer. The first one's handshake goes where the owner sends it; those of the further ones go over a
 * lane that is open. One lane is the main lane: if it is lost, another one takes its place.
 */
export class LaneGroup {
  readonly #tools: LaneTools;
  readonly #listener: LaneGroupListener;
  readonly #lanes = new Map<number, PeerLane>();
  /** those that their owner knows */
  readonly #opened = new Set<number>();
  #main = FIRST_LANE;
  #wanted = 1;
  #failures = 0;
  #openAt = 0;
  #closed = false;

  /** Begins to open the first lane. */
  constructor(tools: LaneTools, listener: LaneGroupListener) {
    this.#tools = tools;
    this.#listener = listener;
    this.#open(FIRST_LANE);
  }

  /** The lane that carries what is said once. */
  get main(): number {
    return this.#main;
  }

  /** The lanes on which the two have greeted. */
  get open(): readonly number[] {
    return [...this.#lanes].filter(([, lane]) => lane.open).map(([number]) => number);
  }

  /** How long nothing was heard from the peer on any lane, in milliseconds; 0 while the first one is not open. */
  get silentMs(): number {
    const open = [...this.#lanes.values()].filter((lane) => lane.open);
    return open.length === 0 ? 0 : Math.min(...open.map((lane) => lane.silentMs));
  }

  /** The smallest of the lanes' last round trips, in milliseconds; null before the first. */
  get roundTripMs(): number | null {
    const known = [...this.#lanes.values()].flatMap(({ roundTripMs }) => roundTripMs ?? []);
    return known.length === 0 ? null : Math.min(...known);
  }

  /** Which way the main lane goes; null where that cannot be told. */
  async readPath(): Promise<LanePath | null> {
    return (await this.#lanes.get(this.#main)?.readPath()) ?? null;
  }

  /** Takes a step of the first lane's handshake from the peer. */
  signal(signal: Signal): void {
    this.#lanes.get(FIRST_LANE)?.signal(signal);
  }

  /** Sends a control message on one lane, the main one unless told; on one that is gone it does nothing. */
  send(message: ControlMessage, lane = this.#main): void {
    this.#lanes.get(lane)?.send(message);
  }

  /** From now on there are to be this many lanes: opens more. @param spare those that may be closed, the main one excepted */
  want(lanes: number, spare: readonly number[] = []): void {
    this.#wanted = lanes;
    if (this.#closed || this.#lanes.get(this.#main)?.open !== true) return;
    for (const number of spare) if (number !== this.#main) this.#drop(number);
    while (this.#lanes.size < this.#wanted && this.#tools.clock() >= this.#openAt) {
      this.#open(this.#tools.nextLane());
    }
  }

  /** Looks at the clock; to be called about twice a second. @param peerOnline false where signaling lost the peer */
  tick(peerOnline: boolean): void {
    for (const lane of this.#lanes.values()) lane.tick(peerOnline);
    this.want(this.#wanted);
  }

  /** Closes every lane and tells the peer why. */
  close(reason: ErrorReason): void {
    if (this.#closed) return;
    this.#closed = true;
    const lanes = [...this.#lanes.values()];
    this.#lanes.clear();
    for (const lane of lanes) lane.close(reason);
    this.#listener.onClosed(reason);
  }

  #open(number: number): void {
    const lane = new PeerLane(
      this.#tools.openLane,
      {
        onSignal: (signal) => {
          if (number === FIRST_LANE) this.#listener.onSignal(signal);
          else this.send({ type: 'signal', lane: number, signal });
        },
        onOpened: () => this.#onOpened(number),
        onMessage: (message) => {
          if (this.#lanes.has(number)) this.#listener.onMessage(number, message);
        },
        onLaneSignal: (other, signal) => this.#lanes.get(other)?.signal(signal),
        onRoom: () => {},
        onClosed: (reason) => this.#onLaneClosed(number, reason),
      },
      this.#tools.clock,
    );
    this.#lanes.set(number, lane);
  }

  #onOpened(number: number): void {
    if (!this.#lanes.has(number)) return;
    this.#opened.add(number);
    this.#failures = 0;
    this.#listener.onLaneOpened(number);
    this.want(this.#wanted);
  }

  #onLaneClosed(number: number, reason: ErrorReason): void {
    if (!this.#lanes.has(number)) return;
    const alone = this.open.every((other) => other === number);
    if (!LANE_LOSSES.has(reason) || alone) {
      this.close(reason);
      return;
    }
    this.#noteFailure();
    this.#forget(number);
  }

  #drop(number: number): void {
    this.#lanes.get(number)?.close('lane-replaced');
    this.#forget(number);
  }

  #forget(number: number): void {
    this.#lanes.delete(number);
    if (this.#opened.delete(number)) this.#listener.onLaneClosed(number);
    const next = this.open[0];
    if (number !== this.#main || next === undefined) return;
    this.#main = next;
    this.#listener.onMainChanged();
  }

  #noteFailure(): void {
    const wait = Math.min(FIRST_RETRY_MS * 2 ** this.#failures, LAST_RETRY_MS);
    this.#failures += 1;
    this.#openAt = this.#tools.clock() + wait;
  }
}
