import SimplePeer from 'simple-peer/simplepeer.min.js';
import * as v from 'valibot';
import { type Signal, signalSchema } from '../../signaling/protocol/signal.ts';
import type { IceServer } from '../../signaling/protocol/replies.ts';
import { OnehopError } from '../errors/onehop-error.ts';
import type { LanePath } from './lane-path.ts';

/** While more than this waits in the channel, nothing more is put in. */
export const HIGH_WATER_BYTES = 1024 * 1024;
/** When what waits falls to this, there is room again. */
export const LOW_WATER_BYTES = 256 * 1024;

/** What every browser takes, where the other side does not say (RFC 8841 §6.1). */
const DEFAULT_MAX_MESSAGE_BYTES = 64 * 1024;
/** Larger messages gain nothing and delay the small ones behind them. */
const LARGEST_MESSAGE_BYTES = 256 * 1024;
/** How long the channel may take to hand over its last messages. */
const FLUSH_MS = 1_000;

/** What a lane tells its owner. After `onClose` comes nothing more. */
export interface LaneListener {
  /** a step of the handshake that the other side needs */
  onSignal(signal: Signal): void;
  onOpen(): void;
  onMessage(bytes: ArrayBuffer): void;
  /** there is room again after `send` filled the channel */
  onRoom(): void;
  /** the lane is gone, for whatever reason but `close` */
  onClose(error: OnehopError): void;
}

/** What the protocol needs of a lane; tests put a pair of channels in memory in its place. */
export interface Lane {
  /** the largest message that the other side takes, in bytes; known once the lane is open */
  readonly maxMessageBytes: number;
  /** whether `send` should wait for `onRoom` */
  readonly full: boolean;
  /** which way it goes; null where that cannot be told, as before it is open and after it is closed */
  readPath(): Promise<LanePath | null>;
  /** takes a step of the handshake from the other side */
  signal(signal: Signal): void;
  /** @throws {OnehopError} `connection-lost` */
  send(bytes: Uint8Array<ArrayBuffer>): void;
  /** Ends the lane; with `flush`, what was sent before still goes out first. */
  close(options?: { readonly flush: boolean }): void;
}

/** How a lane is made. */
export interface LaneOptions {
  /** the initiator makes the offer */
  readonly initiator: boolean;
  readonly iceServers: readonly IceServer[];
  /** goes through a relay (TURN) or not at all */
  readonly relayOnly?: boolean;
}

const messageSchema = v.instance(Uint8Array<ArrayBuffer>);

/** Opens a lane: one RTCPeerConnection with one reliable, unordered data channel. The only user of simple-peer. */
export function openLane(options: LaneOptions, listener: LaneListener): Lane {
  return new SimplePeerLane(options, listener);
}

class SimplePeerLane implements Lane {
  readonly #peer: SimplePeer;
  readonly #listener: LaneListener;
  #closed = false;
  #flushTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LaneOptions, listener: LaneListener) {
    this.#listener = listener;
    this.#peer = new SimplePeer({
      initiator: options.initiator,
      trickle: true,
      // Keeps one message one chunk on the readable side.
      objectMode: true,
      config: {
        iceServers: options.iceServers.map((server) => toRtcIceServer(server)),
        iceTransportPolicy: options.relayOnly === true ? 'relay' : 'all',
      },
      // Every frame says where it belongs, so a lost packet need not hold up the frames behind it.
      channelConfig: { ordered: false },
    });
    this.#listen();
  }

  get maxMessageBytes(): number {
    const negotiated = this.#peer._pc?.sctp?.maxMessageSize ?? DEFAULT_MAX_MESSAGE_BYTES;
    return Math.min(negotiated, LARGEST_MESSAGE_BYTES);
  }

  get full(): boolean {
    return (this.#peer._channel?.bufferedAmount ?? 0) >= HIGH_WATER_BYTES;
  }

  async readPath(): Promise<LanePath | null> {
    try {
      // Few ask for it, and the scripts that every page loads are at their limit.
      const { findPath } = await import('./lane-path.ts');
      const statistics = await this.#peer._pc?.getStats();
      return statistics === undefined ? null : findPath(statistics.values());
    } catch {
      return null;
    }
  }

  signal(signal: Signal): void {
    if (this.#peer.destroyed || this.#peer.destroying) return;
    try {
      this.#peer.signal(signal);
    } catch (cause) {
      this.#peer.destroy();
      this.#onEnd(cause);
    }
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    try {
      this.#peer.send(bytes);
    } catch (cause) {
      throw new OnehopError('connection-lost', { cause });
    }
  }

  close({ flush } = { flush: false }): void {
    if (this.#closed) return;
    this.#closed = true;
    const channel = this.#peer._channel;
    if (!flush || channel === null || channel.readyState !== 'open') {
      this.#peer.destroy();
      return;
    }
    // Closing the channel sends what waits in it (RFC 8831 §6.7); closing the connection would not.
    channel.close();
    this.#flushTimer = setTimeout(() => this.#peer.destroy(), FLUSH_MS);
  }

  #listen(): void {
    const peer = this.#peer;
    peer.on('signal', (value) => this.#onSignal(value));
    peer.on('connect', () => this.#onConnect());
    peer.on('data', (value) => this.#onData(value));
    peer.on('error', (cause) => this.#onEnd(cause));
    peer.on('close', () => this.#onEnd(undefined));
  }

  #onSignal(value: unknown): void {
    const parsed = v.safeParse(signalSchema, plainSignal(value));
    if (parsed.success && !this.#closed) this.#listener.onSignal(parsed.output);
  }

  #onConnect(): void {
    const channel = this.#peer._channel;
    if (this.#closed || channel === null) return;
    // One channel a lane: another one that the peer opened would take the place of this one.
    if (this.#peer._pc !== null) this.#peer._pc.ondatachannel = null;
    channel.bufferedAmountLowThreshold = LOW_WATER_BYTES;
    channel.addEventListener('bufferedamountlow', () => {
      if (!this.#closed) this.#listener.onRoom();
    });
    this.#listener.onOpen();
    // The channel may have filled and emptied before anybody listened.
    this.#listener.onRoom();
  }

  #onData(value: unknown): void {
    if (this.#closed) return;
    // simple-peer wraps a binary message, whole and uncopied, in a Buffer; a text message is a string, and none of ours.
    if (v.is(messageSchema, value)) this.#listener.onMessage(value.buffer);
    else this.#listener.onMessage(new ArrayBuffer(0));
  }

  #onEnd(cause: unknown): void {
    clearTimeout(this.#flushTimer);
    if (this.#closed) return;
    this.#closed = true;
    this.#listener.onClose(new OnehopError('connection-lost', { cause }));
  }
}

/** simple-peer's signals without the browser's own objects in them. */
function plainSignal(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, field: unknown) =>
    key === 'usernameFragment' ? undefined : field,
  );
}

function toRtcIceServer(server: IceServer): RTCIceServer {
  const { urls, username, credential } = server;
  return {
    urls,
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  };
}
