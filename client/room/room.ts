import { io, type Socket } from 'socket.io-client';
import * as v from 'valibot';
import type { ClientEvents, ServerEvents } from '../../signaling/protocol/events.ts';
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
  enterRoom,
  rejoinRoom,
} from './membership.ts';

/** How long the server may take to be reached, and to answer, in milliseconds. */
export const SERVER_TIMEOUT_MS = 10_000;

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

type RoomSocket = Socket<ServerEvents, ClientEvents>;

/**
 * A member's place in a room on the signaling server: takes it, keeps it through dropped sockets and restarted servers,
 * and relays signals. The only user of socket.io-client.
 */
export class Room {
  readonly #role: RoomRole;
  readonly #keys: ShareKeys;
  readonly #listener: RoomListener;
  readonly #socket: RoomSocket;
  #reachTimer: ReturnType<typeof setTimeout> | undefined;
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
    this.#limitReach();
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
    this.#socket.timeout(SERVER_TIMEOUT_MS).emit('room:leave', {}, () => this.#socket.disconnect());
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
    if (this.#membership === null) this.#limitReach();
    // A server that stops says so; Socket.IO then leaves it to us to try whether it comes back.
    if (reason === 'io server disconnect') this.#socket.connect();
  }

  async #onConnect(): Promise<void> {
    clearTimeout(this.#reachTimer);
    this.#connections += 1;
    const connection = this.#connections;
    const current = () => !this.#closed && connection === this.#connections;
    try {
      await this.#takePlace(current);
      if (current()) this.#listener.onOnline(true);
    } catch (error) {
      // A socket that dropped meanwhile comes back by itself, and then tries anew.
      if (current() && this.#socket.connected) this.#close(asOnehopError(error).reason);
    }
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
    this.#listener.onEntered(entry);
  }

  /** A first connection that does not come about in time ends the attempt. */
  #limitReach(): void {
    clearTimeout(this.#reachTimer);
    this.#reachTimer = setTimeout(() => this.#close('signaling-unreachable'), SERVER_TIMEOUT_MS);
  }

  #close(reason: ErrorReason): void {
    if (this.#closed) return;
    this.#end();
    this.#socket.disconnect();
    this.#listener.onClosed(reason);
  }

  #end(): void {
    this.#closed = true;
    clearTimeout(this.#reachTimer);
  }
}
