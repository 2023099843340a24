import type { Signal } from '../../signaling/protocol/signal.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import { asOnehopError } from '../errors/onehop-error.ts';
import { Inbox } from '../machine/inbox.ts';
import type { LanePath } from '../peer/lane-path.ts';
import type { Lane, LaneListener } from '../peer/lane.ts';
import {
  BYE_REASONS,
  type ByeReason,
  type ControlMessage,
  encodeControlMessage,
} from './control-message.ts';
import {
  type ConversationEffect,
  type ConversationEvent,
  type ConversationState,
  createConversation,
  stepConversation,
} from './conversation.ts';
import { canInflate } from './can-inflate.ts';
import { type PeerMessage, decodePeerMessage } from './peer-message.ts';

/** Makes a lane that tells `listener` what happens to it. */
export type OpenLane = (listener: LaneListener) => Lane;

/** Milliseconds of a clock that never runs backwards. */
export type Clock = () => number;

/** What a peer lane tells its owner. After `onClosed` comes nothing more. */
export interface PeerLaneListener {
  onSignal(signal: Signal): void;
  /** both sides have greeted each other */
  onOpened(): void;
  onMessage(message: PeerMessage): void;
  /** a step of the handshake of another lane between the two */
  onLaneSignal(lane: number, signal: Signal): void;
  /** the channel has room again */
  onRoom(): void;
  onClosed(reason: ErrorReason): void;
}

/** One lane to a peer, with greeting, liveness and good-bye: carries out what `stepConversation` decides. */
export class PeerLane {
  readonly #listener: PeerLaneListener;
  readonly #clock: Clock;
  readonly #lane: Lane;
  readonly #inbox = new Inbox<ConversationEvent>((event) => this.#step(event));
  #state: ConversationState;

  constructor(openLane: OpenLane, listener: PeerLaneListener, clock: Clock) {
    this.#listener = listener;
    this.#clock = clock;
    this.#state = createConversation(clock(), canInflate());
    this.#lane = openLane({
      onSignal: (signal) => listener.onSignal(signal),
      onOpen: () => this.#inbox.post({ type: 'lane-opened' }),
      onMessage: (bytes) => this.#inbox.post(decode(bytes)),
      onRoom: () => listener.onRoom(),
      onClose: (error) => this.#inbox.post({ type: 'lane-closed', reason: error.reason }),
    });
  }

  /** See `Lane.maxMessageBytes`. */
  get maxMessageBytes(): number {
    return this.#lane.maxMessageBytes;
  }

  /** See `Lane.full`. */
  get full(): boolean {
    return this.#lane.full;
  }

  /** Whether both sides have greeted and the lane is not closed. */
  get open(): boolean {
    return this.#state.type === 'open';
  }

  /** Whether the peer takes deflated pieces; false before it has greeted. */
  get peerInflates(): boolean {
    return this.#state.type === 'open' && this.#state.peerInflates;
  }

  /** The last round trip of a ping, in milliseconds; null where there was none. */
  get roundTripMs(): number | null {
    return this.#state.type === 'open' ? this.#state.roundTripMs : null;
  }

  /** How long nothing was heard from the peer, in milliseconds; 0 while the two have not greeted. */
  get silentMs(): number {
    return this.#state.type === 'open' ? this.#clock() - this.#state.heardAt : 0;
  }

  /** See `Lane.readPath`. */
  readPath(): Promise<LanePath | null> {
    return this.#lane.readPath();
  }

  /** Takes a step of the WebRTC handshake from the peer. */
  signal(signal: Signal): void {
    this.#lane.signal(signal);
  }

  /** Sends a control message; on a lane that is closed it does nothing. */
  send(message: ControlMessage): void {
    this.sendFrame(encodeControlMessage(message));
  }

  /** Sends a frame; on a lane that is closed it does nothing. */
  sendFrame(frame: Uint8Array<ArrayBuffer>): void {
    if (this.#state.type === 'closed') return;
    try {
      this.#lane.send(frame);
    } catch (error) {
      this.#inbox.post({ type: 'lane-closed', reason: asOnehopError(error).reason });
    }
  }

  /** Looks at the clock; to be called about twice a second. @param peerOnline false where signaling lost the peer */
  tick(peerOnline: boolean): void {
    this.#inbox.post({ type: 'tick', peerOnline });
  }

  /** Tells the peer why, and closes. */
  close(reason: ErrorReason): void {
    this.#inbox.post({ type: 'close', reason });
  }

  #step(event: ConversationEvent): void {
    const { state, effects } = stepConversation(this.#state, event, this.#clock());
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: ConversationEffect): void {
    switch (effect.type) {
      case 'send':
        this.send(effect.message);
        break;
      case 'opened':
        this.#listener.onOpened();
        break;
      case 'deliver':
        this.#deliver(effect.message);
        break;
      case 'closed':
        this.#close(effect.reason, effect.tell);
        break;
    }
  }

  #deliver(received: PeerMessage): void {
    if (received.type === 'control' && received.message.type === 'signal') {
      this.#listener.onLaneSignal(received.message.lane, received.message.signal);
    } else {
      this.#listener.onMessage(received);
    }
  }

  #close(reason: ErrorReason, tell: boolean): void {
    if (tell) this.#sayBye(reason);
    this.#lane.close({ flush: tell });
    this.#listener.onClosed(reason);
  }

  #sayBye(reason: ErrorReason): void {
    try {
      this.#lane.send(encodeControlMessage({ type: 'bye', reason: byeReason(reason) }));
    } catch {
      // A lane that takes no good-bye is gone, and the peer will notice that by itself.
    }
  }
}

function decode(bytes: ArrayBuffer): ConversationEvent {
  try {
    return { type: 'received', message: decodePeerMessage(bytes) };
  } catch (error) {
    return { type: 'undecodable', reason: asOnehopError(error, 'frame-malformed').reason };
  }
}

function byeReason(reason: ErrorReason): ByeReason {
  return BYE_REASONS.find((known) => known === reason) ?? 'unexpected';
}
