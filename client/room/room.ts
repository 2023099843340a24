import { io } from 'socket.io-client';
import * as v from 'valibot';
import { REJOIN_GRACE_MS } from '../../signaling/protocol/limits.ts';
import {
  errorEventSchema,
  peerEventSchema,
  roomClosedEventSchema,
  signalEventSchema,
} from '../../signaling/protocol/replies.ts';
import type { Signal } from '../../signaling/protocol/signal.ts';
import { signalingErrorCodeSchema } from '../../signaling/protocol/signaling-error-code.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import { asOnehopError } from '../errors/onehop-error.ts';
import type { ShareKeys } from '../share/share-keys.ts';
import {
  type Entry,
  type Membership,
  type RoomPeer,
  type RoomRole,
  type RoomSocket,
  enterRoom,
  rejoinRoom,
} from './membership.ts';

/** How long it may take to get a place at first, in milliseconds. */
export const ENTER_TIMEOUT_MS = 15_000;
/** How long the server may take to hear that the place is given up. */
const LEAVE_TIMEOUT_MS = 10_000;
/** A server that sends its sockets away is tried again after this, and after twice as long each time it does so again. */
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;

/** What a room tells its member. After `onClosed` comes nothing more. */
export interface RoomListener {
  /** the member has its place; again after a place was lost with its server and taken anew */
  onEntered(entry: Entry): void;
  /** whether the server is in reach */
  onOnline(online: boolean): void;
  /** whether a peer of this room is in the server's reach */
  onPeer(peer: RoomPeer): void;
  onSignal(from: string, lane: number, signal: Signal): void;
  onClosed(reason: ErrorReason): void;
}

const refusalSchema = v.object({ data: v.object({ code: signalingErrorCodeSchema }) });

/**
 * A member's place in a room on the signaling server: takes it, keeps it through dropped sockets and restarted servers,
 * and relays signals. The only place where socket.io-client is started.
 */
export class Room {
  readonly #role: RoomRole;
  readonly #keys: ShareKeys;
  readonly #listener: RoomListener;
  readonly #socket: RoomSocket;
  readonly #enterTimer: ReturnType<typeof setTimeout>;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #senderTimer: ReturnType<typeof setTimeout> | undefined;
  #retryMs = FIRST_RETRY_MS;
  #membership: Membership | null = null;
  #connections = 0;
  #closed = false;

  /** Begins to take a place; `onEntered` or `onClosed` follows. */
  constructor(role: RoomRole, keys: ShareKeys, listener: RoomListener) {
    this.#role = role;
    this.#keys = keys;
    this.#listener = listener;
    this.#socket = io({
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      forceNew: true,
    });
    this.#enterTimer = setTimeout(() => this.#close('signaling-unreachable'), ENTER_TIMEOUT_MS);
    this.#listen();
  }

  /** Has the server relay a signal. One that gets lost is noticed by the lane that waits for it. */
  sendSignal(to: string, lane: number, signal: Signal): void {
    if (this.#closed || !this.#socket.connected) return;
    this.#socket.emit('signal:send', { to, lane, signal }, () => {});
  }

  /** Gives the place up and disconnects; a sender's room ends with that. */
  leave(): void {
    if (this.#closed) return;
    this.#end();
    if (!this.#socket.connected) {
      this.#socket.disconnect();
      return;
    }
    // The answer is not needed but shows that the server has heard.
    this.#socket.timeout(LEAVE_TIMEOUT_MS).emit('room:leave', {}, () => this.#socket.disconnect());
  }

  /** Disconnects without giving the place up: the server keeps it for whoever comes back in time. */
  disconnect(): void {
    this.#end();
    this.#socket.disconnect();
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('connect', () => void this.#onConnect());
    socket.on('connect_error', (error) => this.#onConnectError(error));
    socket.on('disconnect', (reason) => this.#onDisconnect(reason));
    const onPeer = (online: boolean) =>
      this.#checked(peerEventSchema, ({ peerId }) => this.#listener.onPeer({ peerId, online }));
    socket.on('peer:joined', onPeer(true));
    socket.on('peer:online', onPeer(true));
    socket.on('peer:offline', onPeer(false));
    socket.on('peer:left', onPeer(false));
    socket.on(
      'signal:relayed',
      this.#checked(signalEventSchema, ({ from, lane, signal }) =>
        this.#listener.onSignal(from, lane, signal),
      ),
    );
    socket.on(
      'room:closed',
      this.#checked(roomClosedEventSchema, ({ reason }) => this.#close(reason)),
    );
    socket.on(
      'error:raised',
      this.#checked(errorEventSchema, ({ code }) => this.#close(code)),
    );
  }

  /** A handler for what the server sends: checked first, and never heard after the room is closed. */
  #checked<Schema extends v.GenericSchema>(
    schema: Schema,
    handle: (event: v.InferOutput<Schema>) => void,
  ): (event: unknown) => void {
    return (event) => {
      if (this.#closed) return;
      const parsed = v.safeParse(schema, event);
      if (parsed.success) handle(parsed.output);
      else this.#close('server-error');
    };
  }

  /** A server that refuses says why; one that is out of reach is tried again until the time is over. */
  #onConnectError(error: Error): void {
    const refusal = v.safeParse(refusalSchema, error);
    if (refusal.success && !this.#closed) this.#close(refusal.output.data.code);
  }

  #onDisconnect(reason: string): void {
    if (this.#closed) return;
    this.#listener.onOnline(false);
    // A server that stops sends its sockets away; Socket.IO then leaves it to us to try whether it comes back.
    if (reason === 'io server disconnect' || reason === 'io client disconnect') this.#reconnect();
  }

  #reconnect(): void {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.#socket.connect(), this.#retryMs);
    this.#retryMs = Math.min(2 * this.#retryMs, LAST_RETRY_MS);
  }

  async #onConnect(): Promise<void> {
    this.#connections += 1;
    const connection = this.#connections;
    const current = () => !this.#closed && connection === this.#connections;
    try {
      await this.#takePlace(current);
      if (!current()) return;
      this.#retryMs = FIRST_RETRY_MS;
      clearTimeout(this.#senderTimer);
      this.#senderTimer = undefined;
      this.#listener.onOnline(true);
    } catch (error) {
      if (current()) this.#onRefused(asOnehopError(error).reason);
    }
  }

  #onRefused(reason: ErrorReason): void {
    // A socket that dropped meanwhile comes back by itself, and then tries anew.
    if (!this.#socket.connected) return;
    // Whoever had a place waits: for a server that answers too late, and after a restart for a sender that is back later.
    const hadPlace = this.#membership !== null;
    if (hadPlace && reason === 'signaling-unreachable') this.#socket.disconnect();
    else if (hadPlace && reason === 'share-not-found') this.#waitForSender();
    else this.#close(reason);
  }

  #waitForSender(): void {
    this.#senderTimer ??= setTimeout(() => this.#close('share-not-found'), REJOIN_GRACE_MS);
    this.#socket.disconnect();
  }

  async #takePlace(current: () => boolean): Promise<void> {
    if (this.#membership !== null) {
      const peers = await rejoinRoom(this.#socket, this.#keys, this.#membership);
      for (const peer of peers ?? []) if (current()) this.#listener.onPeer(peer);
      if (peers !== null) return;
    }
    const entry = await enterRoom(this.#socket, this.#role, this.#keys);
    if (!current()) return;
    this.#membership = entry.membership;
    clearTimeout(this.#enterTimer);
    this.#listener.onEntered(entry);
  }

  #close(reason: ErrorReason): void {
    if (this.#closed) return;
    this.#end();
    this.#socket.disconnect();
    this.#listener.onClosed(reason);
  }

  #end(): void {
    this.#closed = true;
    clearTimeout(this.#enterTimer);
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#senderTimer);
  }
}
