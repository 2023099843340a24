import { io } from 'socket.io-client';
import * as v from 'valibot';
import { REJOIN_GRACE_MS } from '../../signaling/protocol/limits.ts';
import type { UploadSummary } from '../../signaling/protocol/uploads.ts';
import type { Signal } from '../../signaling/protocol/signal.ts';
import { signalingErrorCodeSchema } from '../../signaling/protocol/signaling-error-code.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import { OnehopError, asOnehopError } from '../errors/onehop-error.ts';
import type { ShareKeys } from '../share/share-keys.ts';
import {
  type Entry,
  type Membership,
  type RoomPeer,
  type RoomRole,
  type RoomSocket,
  enterRoom,
  greetServer,
  rejoinRoom,
} from './membership.ts';
import {
  type ConnectionEffect,
  type ConnectionEvent,
  type ConnectionState,
  beginConnecting,
  stepConnection,
} from './reconnect-policy.ts';
import { hearServer } from './server-events.ts';

/** How long it may take to get a place at first, in milliseconds. */
export const ENTER_TIMEOUT_MS = 15_000;
/** How long the server may take to give a new place: asked again, it finds the place taken by who asked before. */
const ENTER_LIMIT_MS = 10_000;
/** How long it may take to give a place again: that can be asked for as often as one likes. */
const REJOIN_LIMIT_MS = 3_000;
/** How long the server may take to hear that the place is given up. */
const LEAVE_TIMEOUT_MS = 10_000;
/** A place that this member took without hearing of it is free again when the server has noticed its socket gone, and then waited. */
const LOST_PLACE_MS = REJOIN_GRACE_MS + 30_000;

/** What a room tells its member. After `onClosed` comes nothing more. */
export interface RoomListener {
  /** the member has its place; again with another membership after a place was lost with its server and taken anew */
  onEntered(entry: Entry): void;
  /** whether the server is in reach */
  onOnline(online: boolean): void;
  /** whether a peer of this room is in the server's reach */
  onPeer(peer: RoomPeer): void;
  onSignal(from: string, lane: number, signal: Signal): void;
  /** a sealed note from a peer */
  onNote?(from: string, note: string): void;
  /** what the server has of the share; null for nothing @param offered whether this server takes uploads */
  onUpload(upload: UploadSummary | null, offered: boolean): void;
  onClosed(reason: ErrorReason): void;
}

const refusalSchema = v.object({ data: v.object({ code: signalingErrorCodeSchema }) });

/**
 * A member's place in a room on the signaling server: takes it, keeps it through lost networks and restarted servers,
 * and relays signals. The only place where socket.io-client is started.
 */
export class Room {
  readonly #role: RoomRole;
  readonly #keys: ShareKeys;
  readonly #listener: RoomListener;
  readonly #openedAt = performance.now();
  readonly #end = new AbortController();
  #connection: ConnectionState;
  /** of the present attempt or connection */
  #socket: RoomSocket | null = null;
  #membership: Membership | null;
  #entered = false;
  /** since when, and how, the place is refused that will be free again, or will be there again */
  #refusal: { readonly reason: ErrorReason; readonly since: number } | null = null;

  /**
   * Begins to take a place; `onEntered` or `onClosed` follows, if `tick` is called.
   * @param membership of an earlier page: its place is taken again if it is there still
   */
  constructor(
    role: RoomRole,
    keys: ShareKeys,
    listener: RoomListener,
    membership: Membership | null = null,
  ) {
    this.#role = role;
    this.#keys = keys;
    this.#listener = listener;
    this.#membership = membership;
    const { state, effect } = beginConnecting(this.#openedAt, Date.now());
    this.#connection = state;
    this.#perform(effect);
    const { signal } = this.#end;
    addEventListener('online', () => this.#step({ type: 'network-back' }), { signal });
  }

  /** Looks at the clock: to be called about twice a second. */
  tick(): void {
    const late = performance.now() - this.#openedAt >= ENTER_TIMEOUT_MS;
    if (late && !this.#entered) this.#close(this.#refusal?.reason ?? 'signaling-unreachable');
    else this.#step({ type: 'tick', wallTime: Date.now() });
  }

  /** To be called by who has reason to believe that the network is gone, as often as it likes: finds out within 2.5 s. */
  checkConnection(): void {
    this.#step({ type: 'doubted' });
  }

  /** Has the server relay a signal. One that gets lost is noticed by the lane that waits for it. */
  sendSignal(to: string, lane: number, signal: Signal): void {
    if (this.#end.signal.aborted || this.#socket?.connected !== true) return;
    this.#socket.emit('signal:send', { to, lane, signal }, () => {});
  }

  /** Has the server relay a sealed note. @returns whether it was handed to a server in reach */
  sendNote(to: string, note: string): boolean {
    if (this.#end.signal.aborted || this.#socket?.connected !== true) return false;
    this.#socket.emit('note:send', { to, note }, () => {});
    return true;
  }

  /** Says Hello to the server itself. @throws {OnehopError} `signaling-unreachable`, or a signaling code */
  async sayHello(): Promise<void> {
    const socket = this.#socket;
    if (this.#end.signal.aborted || socket === null) throw new OnehopError('signaling-unreachable');
    await greetServer(socket);
  }

  /** Gives the place up and disconnects; a sender's room ends with that. */
  leave(): void {
    if (this.#end.signal.aborted) return;
    this.#end.abort();
    const socket = this.#socket;
    if (socket?.connected !== true) {
      socket?.disconnect();
      return;
    }
    // The answer is not needed but shows that the server has heard.
    socket.timeout(LEAVE_TIMEOUT_MS).emit('room:leave', {}, () => socket.disconnect());
  }

  /** Disconnects without giving the place up: the server keeps it for whoever comes back in time. */
  disconnect(): void {
    this.#end.abort();
    this.#socket?.disconnect();
  }

  #step(event: ConnectionEvent): void {
    if (this.#end.signal.aborted) return;
    const before = this.#connection.phase.type;
    const { state, effect } = stepConnection(this.#connection, event, performance.now());
    this.#connection = state;
    this.#perform(effect);
    const after = state.phase.type;
    if (before !== after && before === 'placed') this.#listener.onOnline(false);
    if (before !== after && after === 'placed') this.#listener.onOnline(true);
  }

  #perform(effect: ConnectionEffect | null): void {
    if (effect === 'check') void this.#check();
    if (effect === 'connect' || effect === 'disconnect') {
      const socket = this.#socket;
      this.#socket = null;
      socket?.disconnect();
    }
    if (effect === 'connect') this.#connect();
  }

  /** Begins an attempt, with a socket of its own: Socket.IO's timers know neither sleep nor a network that is back. */
  #connect(): void {
    const socket: RoomSocket = io({
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      forceNew: true,
      reconnection: false,
    });
    this.#socket = socket;
    socket.on('connect', () => void this.#takePlace(socket));
    socket.on('connect_error', (error) => {
      if (this.#isCurrent(socket)) this.#onConnectError(error);
    });
    socket.on('disconnect', () => {
      if (this.#isCurrent(socket)) this.#step({ type: 'dropped' });
    });
    socket.io.engine.on('heartbeat', () => {
      if (this.#isCurrent(socket)) this.#step({ type: 'heard' });
    });
    hearServer(socket, {
      isHeard: () => this.#isCurrent(socket),
      listener: this.#listener,
      onClosed: (reason) => this.#close(reason),
    });
  }

  #isCurrent(socket: RoomSocket): boolean {
    return !this.#end.signal.aborted && socket === this.#socket;
  }

  /** A server that refuses says why; one that is out of reach is tried again. */
  #onConnectError(error: Error): void {
    const refusal = v.safeParse(refusalSchema, error);
    if (refusal.success) this.#close(refusal.output.data.code);
    else this.#step({ type: 'dropped' });
  }

  async #takePlace(socket: RoomSocket): Promise<void> {
    if (!this.#isCurrent(socket)) return;
    try {
      if (!(await this.#rejoin(socket))) await this.#enter(socket);
      if (!this.#isCurrent(socket)) return;
      this.#refusal = null;
      this.#step({ type: 'placed' });
    } catch (error) {
      if (this.#isCurrent(socket)) this.#onRefused(asOnehopError(error).reason);
    }
  }

  /** @returns whether the place is this member's again */
  async #rejoin(socket: RoomSocket): Promise<boolean> {
    const membership = this.#membership;
    if (membership === null) return false;
    this.#step({ type: 'asking', limitMs: REJOIN_LIMIT_MS });
    const rejoined = await rejoinRoom(socket, this.#keys, membership);
    if (rejoined === null || !this.#isCurrent(socket)) return false;
    const { peers, offered, upload } = rejoined;
    if (!this.#entered) {
      const sender = this.#role === 'receiver' ? (peers[0] ?? null) : null;
      const { iceServers, maxLanes } = membership;
      this.#noteEntry({ membership, iceServers, maxLanes, sender, offered, upload });
    } else this.#listener.onUpload(upload, offered);
    for (const peer of peers) if (this.#isCurrent(socket)) this.#listener.onPeer(peer);
    return true;
  }

  async #enter(socket: RoomSocket): Promise<void> {
    if (!this.#isCurrent(socket)) return;
    this.#step({ type: 'asking', limitMs: ENTER_LIMIT_MS });
    const entry = await enterRoom(socket, this.#role, this.#keys);
    if (this.#isCurrent(socket)) this.#noteEntry(entry);
  }

  #noteEntry(entry: Entry): void {
    this.#membership = entry.membership;
    this.#entered = true;
    this.#listener.onEntered(entry);
    this.#listener.onUpload(entry.upload, entry.offered);
  }

  #onRefused(reason: ErrorReason): void {
    const waitMs = this.#waitAfter(reason);
    const now = performance.now();
    if (waitMs > 0 && this.#refusal?.reason !== reason) this.#refusal = { reason, since: now };
    const since = this.#refusal?.since ?? now;
    if (now - since < waitMs) this.#step({ type: 'dropped' });
    else this.#close(reason);
  }

  /** How long to try again where the server has refused a place: whoever had one may get one yet. */
  #waitAfter(reason: ErrorReason): number {
    switch (reason) {
      case 'signaling-unreachable':
        return Infinity;
      case 'share-not-found':
        // After a restart of the server the sender may be back later than its receivers.
        return this.#entered ? REJOIN_GRACE_MS : 0;
      case 'share-taken':
        // By this very sender, if the answer got lost, or its page before it could note it.
        return this.#membership === null ? 0 : LOST_PLACE_MS;
      default:
        return 0;
    }
  }

  /** Asks for the place that this member has: a server that is there says so. */
  async #check(): Promise<void> {
    const socket = this.#socket;
    const membership = this.#membership;
    if (socket === null || membership === null) return;
    try {
      await rejoinRoom(socket, this.#keys, membership);
    } catch (error) {
      if (asOnehopError(error).reason === 'already-in-room') return;
    }
    // The server has lost the place: it is to be taken in the usual way.
    if (this.#isCurrent(socket)) this.#step({ type: 'dropped' });
  }

  #close(reason: ErrorReason): void {
    if (this.#end.signal.aborted) return;
    this.disconnect();
    this.#listener.onClosed(reason);
  }
}
