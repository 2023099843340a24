import type { IceServer } from '../../signaling/protocol/replies.ts';
import type { Signal } from '../../signaling/protocol/signal.ts';
import type { Lane, LaneListener, LaneOptions } from '../peer/lane.ts';
import { type ControlMessage, parseControlMessage } from './control-message.ts';

/** A text that is longer is none of ours, in bytes. */
const MAX_TEXT_BYTES = 64 * 1024;
/** How long a line may take to come up, in milliseconds. */
const CONNECT_MS = 20_000;
/** How long until another one is tried after one that broke, in milliseconds; then twice as long. */
const FIRST_PAUSE_MS = 2_000;
const LAST_PAUSE_MS = 60_000;

/** What a peer line is made of. */
export interface PeerLineTools {
  openLane(options: LaneOptions, listener: LaneListener): Lane;
  sendSignal(lane: number, signal: Signal): void;
  readonly iceServers: readonly IceServer[];
  /** the initiator opens it, and opens another one where it broke */
  readonly initiator: boolean;
  /** in ms of a monotonic clock */
  clock(): number;
}

/** What a peer line tells its owner. */
export interface PeerLineListener {
  onUp(up: boolean): void;
  onMessage(message: ControlMessage): void;
}

/** One lane for words, not for files, between the two of a comparison; where it breaks, another one is tried. */
export class PeerLine {
  readonly #tools: PeerLineTools;
  readonly #listener: PeerLineListener;
  #number = -1;
  #lane: Lane | null = null;
  #up = false;
  #openedAt = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #againAt: number | null = null;
  #closed = false;

  constructor(tools: PeerLineTools, listener: PeerLineListener) {
    this.#tools = tools;
    this.#listener = listener;
    if (tools.initiator) this.#open(0);
  }

  get up(): boolean {
    return this.#up;
  }

  /** A step of the handshake, from the other side. */
  signal(lane: number, signal: Signal): void {
    if (this.#closed) return;
    // The initiator counts on with each that it opens.
    if (lane > this.#number && !this.#tools.initiator) this.#open(lane);
    if (lane === this.#number) this.#lane?.signal(signal);
  }

  /** @returns whether it was handed to a lane that is up */
  send(message: ControlMessage): boolean {
    if (!this.#up || this.#lane === null) return false;
    try {
      this.#lane.send(new TextEncoder().encode(JSON.stringify(message)));
      return true;
    } catch {
      return false;
    }
  }

  /** Looks at the clock; to be called about twice a second. */
  tick(): void {
    if (this.#closed) return;
    const now = this.#tools.clock();
    if (this.#lane !== null && !this.#up && now - this.#openedAt > CONNECT_MS) this.#lost();
    if (this.#againAt !== null && now >= this.#againAt) this.#open(this.#number + 1);
  }

  close(): void {
    this.#closed = true;
    this.#againAt = null;
    this.#drop();
  }

  #open(number: number): void {
    this.#drop();
    this.#number = number;
    this.#againAt = null;
    this.#openedAt = this.#tools.clock();
    const { initiator, iceServers } = this.#tools;
    const current = () => this.#number === number && !this.#closed;
    this.#lane = this.#tools.openLane(
      { initiator, iceServers },
      {
        onSignal: (signal) => {
          if (current()) this.#tools.sendSignal(number, signal);
        },
        onOpen: () => {
          if (!current()) return;
          this.#pauseMs = FIRST_PAUSE_MS;
          this.#setUp(true);
        },
        onMessage: (bytes) => {
          if (current()) this.#read(bytes);
        },
        onRoom: () => {},
        onClose: () => {
          if (current()) this.#lost();
        },
      },
    );
  }

  #read(bytes: ArrayBuffer): void {
    const message =
      bytes.byteLength > MAX_TEXT_BYTES
        ? null
        : parseControlMessage(new TextDecoder().decode(bytes));
    if (message === null) this.#lost();
    else this.#listener.onMessage(message);
  }

  #lost(): void {
    this.#drop();
    if (!this.#tools.initiator) return;
    this.#againAt = this.#tools.clock() + this.#pauseMs;
    this.#pauseMs = Math.min(2 * this.#pauseMs, LAST_PAUSE_MS);
  }

  #drop(): void {
    const lane = this.#lane;
    this.#lane = null;
    lane?.close();
    this.#setUp(false);
  }

  #setUp(up: boolean): void {
    if (this.#up === up) return;
    this.#up = up;
    this.#listener.onUp(up);
  }
}
