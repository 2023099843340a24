import type { Clock } from '../clock.ts';
import { REJOIN_GRACE_MS } from '../protocol/limits.ts';
import type {
  CreateRoomReply,
  EmptyReply,
  HelloReply,
  JoinRoomReply,
  RejoinRoomReply,
} from '../protocol/replies.ts';
import type {
  CreateRoomRequest,
  JoinRoomRequest,
  RejoinRoomRequest,
  SendNoteRequest,
  SendSignalRequest,
} from '../protocol/requests.ts';
import { failure, success, type Result } from '../protocol/result.ts';
import type { SignalingErrorCode } from '../protocol/signaling-error-code.ts';
import type { ConnectionId, Member } from './member.ts';
import { tell, type Notice, type RelayedEvent, type RoomEvent } from './notice.ts';
import type { RoomIds } from './room-ids.ts';
import { RoomTable } from './room-table.ts';
import {
  admit,
  hasPlace,
  memberOn,
  membersOf,
  relay,
  remove,
  restore,
  settle,
  suspend,
  type CloseReason,
  type OpenRoom,
} from './room.ts';
import { proofMatches, sameSecret } from './secrets.ts';

/** The answer to one request, and whom else to tell. */
export interface Outcome<Value> {
  readonly result: Result<Value, SignalingErrorCode>;
  readonly notices: readonly Notice[];
}

export interface RoomLimits {
  readonly maxShares: number;
  readonly maxSharesPerAddress: number;
  readonly shareLifetimeMs: number;
}

export interface RoomRegistryDeps {
  readonly clock: Clock;
  readonly ids: RoomIds;
  readonly limits: RoomLimits;
}

/** A member's place, without what the gateway adds. */
type Membership<Reply> = Omit<Reply, 'iceServers' | 'maxLanes' | 'uploads' | 'upload'>;

/**
 * Every room of this server. Decides, and leaves sending to its caller: it has no sockets and no timers. A deadline
 * counts from its moment on, whether or not `expire` was called since.
 */
export class RoomRegistry {
  readonly #table = new RoomTable();
  readonly #clock: Clock;
  readonly #ids: RoomIds;
  readonly #limits: RoomLimits;

  constructor({ clock, ids, limits }: RoomRegistryDeps) {
    this.#clock = clock;
    this.#ids = ids;
    this.#limits = limits;
  }

  /** How many rooms there are. */
  get size(): number {
    return this.#table.size;
  }

  /** Opens a room with this socket as its sender. */
  create(
    connection: ConnectionId,
    address: string,
    request: Pick<CreateRoomRequest, 'roomId' | 'joinVerifier'>,
  ): Outcome<Membership<CreateRoomReply>> {
    const notices = this.expire();
    if (this.#table.roomIdOf(connection) !== undefined) return refuse('already-in-room', notices);
    if (this.#table.get(request.roomId) !== undefined) return refuse('share-taken', notices);
    if (this.#table.countOf(address) >= this.#limits.maxSharesPerAddress) {
      return refuse('too-many-shares', notices);
    }
    if (this.#table.size >= this.#limits.maxShares) return refuse('server-full', notices);
    const sender = this.#newMember(connection);
    this.#table.put({
      type: 'open',
      id: request.roomId,
      joinVerifier: request.joinVerifier,
      address,
      expiresAt: this.#clock() + this.#limits.shareLifetimeMs,
      sender,
      receivers: [],
    });
    return accept({ peerId: sender.peerId, token: sender.token }, notices);
  }

  /** Lets this socket in as a receiver. No such room, a wrong proof and a room that ended are one answer. */
  join(
    connection: ConnectionId,
    request: Pick<JoinRoomRequest, 'roomId' | 'joinProof'>,
  ): Outcome<Membership<JoinRoomReply>> {
    const { room, notices } = this.#settled(request.roomId);
    if (this.#table.roomIdOf(connection) !== undefined) return refuse('already-in-room', notices);
    const proven = proofMatches(request.joinProof, room?.joinVerifier);
    if (room === undefined || !proven) return refuse('share-not-found', notices);
    if (!hasPlace(room)) return refuse('share-full', notices);
    const receiver = this.#newMember(connection);
    const admitted = this.#step(room, admit(room, receiver));
    const sender = { peerId: room.sender.peerId, online: room.sender.presence.type === 'online' };
    return accept({ peerId: receiver.peerId, token: receiver.token, sender }, [
      ...notices,
      ...admitted,
    ]);
  }

  /** Gives a member its place again on this socket. */
  rejoin(
    connection: ConnectionId,
    request: Pick<RejoinRoomRequest, 'roomId' | 'token'>,
  ): Outcome<Membership<RejoinRoomReply>> {
    const { room, notices } = this.#settled(request.roomId);
    if (this.#table.roomIdOf(connection) !== undefined) return refuse('already-in-room', notices);
    const member = room && membersOf(room).find(({ token }) => sameSecret(token, request.token));
    if (room === undefined || member === undefined) return refuse('rejoin-refused', notices);
    const restored = this.#step(room, restore(room, member, connection));
    const others = member === room.sender ? room.receivers : [room.sender];
    const peers = others.map(({ peerId, presence }) => ({
      peerId,
      online: presence.type === 'online',
    }));
    return accept({ peers }, [...notices, ...restored]);
  }

  /** This socket's member leaves for good. */
  leave(connection: ConnectionId): Outcome<EmptyReply> {
    const { place, notices } = this.#placeOf(connection);
    if (place === undefined) return refuse('not-in-room', notices);
    return accept({}, [...notices, ...this.#remove(place, 'sender-stopped')]);
  }

  /** Relays a signal to one other member of the same room. */
  signal(connection: ConnectionId, { to, lane, signal }: SendSignalRequest): Outcome<EmptyReply> {
    return this.#relay(connection, to, (from) => ({
      name: 'signal:relayed',
      payload: { from, lane, signal },
    }));
  }

  /** Relays a sealed note, as `signal`. */
  note(connection: ConnectionId, { to, note }: SendNoteRequest): Outcome<EmptyReply> {
    return this.#relay(connection, to, (from) => ({
      name: 'note:relayed',
      payload: { from, note },
    }));
  }

  /** Answers a Hello by itself; to members only, as everything. */
  hello(connection: ConnectionId): Outcome<HelloReply> {
    const { place, notices } = this.#placeOf(connection);
    return place === undefined
      ? refuse('not-in-room', notices)
      : accept({ hello: 'Hello' }, notices);
  }

  /** This socket is gone; its member may come back within the grace. */
  drop(connection: ConnectionId): readonly Notice[] {
    const { place, notices } = this.#placeOf(connection);
    if (place === undefined) return notices;
    const { room, member } = place;
    const until = this.#clock() + REJOIN_GRACE_MS;
    return [...notices, ...this.#step(room, suspend(room, member, until))];
  }

  /** This socket misbehaved; its member is removed at once. */
  expel(connection: ConnectionId): readonly Notice[] {
    const { place, notices } = this.#placeOf(connection);
    return place === undefined ? notices : [...notices, ...this.#remove(place, 'sender-left')];
  }

  /** The verifier of an open room; undefined when there is no such room. */
  verifierOf(roomId: string): string | undefined {
    const room = this.#table.get(roomId);
    return room !== undefined && settle(room, this.#clock()).room.type === 'open'
      ? room.joinVerifier
      : undefined;
  }

  /** What tells everyone online in a room. */
  announce(roomId: string, event: RoomEvent): readonly Notice[] {
    const { room, notices } = this.#settled(roomId);
    const told = room === undefined ? [] : membersOf(room).flatMap((member) => tell(member, event));
    return [...notices, ...told];
  }

  /** Ends what is overdue now. */
  expire(): readonly Notice[] {
    return this.#table.ids().flatMap((id) => this.#settled(id).notices);
  }

  /** Forgets every room and tells nobody. */
  clear(): void {
    this.#table.clear();
  }

  #newMember(connection: ConnectionId): Member {
    return {
      peerId: this.#ids.peerId(),
      token: this.#ids.token(),
      presence: { type: 'online', connection },
    };
  }

  #settled(roomId: string): { room: OpenRoom | undefined; notices: readonly Notice[] } {
    const room = this.#table.get(roomId);
    const notices = room === undefined ? [] : this.#step(room, settle(room, this.#clock()));
    return { room: this.#table.get(roomId), notices };
  }

  #placeOf(connection: ConnectionId): {
    place: { room: OpenRoom; member: Member } | undefined;
    notices: readonly Notice[];
  } {
    const roomId = this.#table.roomIdOf(connection);
    if (roomId === undefined) return { place: undefined, notices: [] };
    const { room, notices } = this.#settled(roomId);
    const member = room && memberOn(room, connection);
    return { place: room && member && { room, member }, notices };
  }

  #relay(
    connection: ConnectionId,
    to: string,
    eventFrom: (peerId: string) => RelayedEvent,
  ): Outcome<EmptyReply> {
    const { place, notices } = this.#placeOf(connection);
    if (place === undefined) return refuse('not-in-room', notices);
    const relayed = relay(place.room, place.member, to, eventFrom(place.member.peerId));
    if (relayed === undefined) return refuse('peer-not-found', notices);
    return accept({}, [...notices, ...relayed]);
  }

  #remove({ room, member }: { room: OpenRoom; member: Member }, ifSender: CloseReason) {
    return this.#step(room, remove(room, member, ifSender));
  }

  #step(before: OpenRoom, { room, notices }: ReturnType<typeof settle>): readonly Notice[] {
    if (room.type === 'open') this.#table.put(room);
    else this.#table.delete(before.id);
    return notices;
  }
}

function accept<Value>(value: Value, notices: readonly Notice[]): Outcome<Value> {
  return { result: success(value), notices };
}

function refuse(code: SignalingErrorCode, notices: readonly Notice[]): Outcome<never> {
  return { result: failure(code), notices };
}
