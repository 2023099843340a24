import { MAX_RECEIVERS } from '../protocol/limits.ts';
import type { RoomClosedEvent } from '../protocol/replies.ts';
import { isGone, isOn, type ConnectionId, type Member, type Presence } from './member.ts';
import { tell, type Notice, type RelayedEvent, type RoomEvent } from './notice.ts';

export type CloseReason = RoomClosedEvent['reason'];

/** Where a share's sender and receivers meet. */
export interface OpenRoom {
  readonly type: 'open';
  readonly id: string;
  readonly joinVerifier: string;
  /** whose share it is, for the limit of shares per address */
  readonly address: string;
  /** clock, ms */
  readonly expiresAt: number;
  readonly sender: Member;
  readonly receivers: readonly Member[];
}

/** A room, or why there is none any more. */
export type Room = OpenRoom | { readonly type: 'closed'; readonly reason: CloseReason };

/** What a decision leads to: the room as it is now, and whom to tell. */
export interface RoomStep {
  readonly room: Room;
  readonly notices: readonly Notice[];
}

/** Everyone in the room, its sender first. */
export function membersOf(room: OpenRoom): readonly Member[] {
  return [room.sender, ...room.receivers];
}

/** The member on this socket. */
export function memberOn(room: OpenRoom, connection: ConnectionId): Member | undefined {
  return membersOf(room).find((member) => isOn(member, connection));
}

/** Whether one more receiver has a place; an offline receiver keeps its own until its grace ends. */
export function hasPlace(room: OpenRoom): boolean {
  return room.receivers.length < MAX_RECEIVERS;
}

/** A receiver comes in. */
export function admit(room: OpenRoom, receiver: Member): RoomStep {
  return {
    room: { ...room, receivers: [...room.receivers, receiver] },
    notices: tell(room.sender, { name: 'peer:joined', payload: { peerId: receiver.peerId } }),
  };
}

/**
 * A member takes its place again on a new socket. A socket that still holds the place, as after a half-open TCP
 * connection, is let go; the others then saw no gap and are told nothing.
 */
export function restore(room: OpenRoom, member: Member, connection: ConnectionId): RoomStep {
  const next = withPresence(room, member, { type: 'online', connection });
  const notices: readonly Notice[] =
    member.presence.type === 'online'
      ? [{ type: 'disconnect', to: member.presence.connection }]
      : tellOthers(room, member, { name: 'peer:online', payload: { peerId: member.peerId } });
  return { room: next, notices };
}

/** A member's socket dropped; its place is kept until `until` (clock, ms). */
export function suspend(room: OpenRoom, member: Member, until: number): RoomStep {
  return {
    room: withPresence(room, member, { type: 'offline', until }),
    notices: tellOthers(room, member, { name: 'peer:offline', payload: { peerId: member.peerId } }),
  };
}

/** A member goes for good; with the sender goes the room, for the reason `ifSender`. */
export function remove(room: OpenRoom, member: Member, ifSender: CloseReason): RoomStep {
  if (member === room.sender) return close(room.receivers, ifSender);
  return {
    room: { ...room, receivers: room.receivers.filter((receiver) => receiver !== member) },
    notices: tell(room.sender, { name: 'peer:left', payload: { peerId: member.peerId } }),
  };
}

/** Takes the passed deadlines of a room into account; the earlier of two that would end it gives the reason. */
export function settle(room: OpenRoom, now: number): RoomStep {
  const { presence } = room.sender;
  const senderUntil = presence.type === 'offline' ? presence.until : Infinity;
  if (Math.min(senderUntil, room.expiresAt) <= now) {
    return senderUntil < room.expiresAt
      ? close(membersOf(room), 'sender-left')
      : close(membersOf(room), 'share-expired');
  }
  const gone = room.receivers.filter((receiver) => isGone(receiver, now));
  if (gone.length === 0) return { room, notices: [] };
  return {
    room: { ...room, receivers: room.receivers.filter((receiver) => !gone.includes(receiver)) },
    notices: gone.flatMap(({ peerId }) =>
      tell(room.sender, { name: 'peer:left', payload: { peerId } }),
    ),
  };
}

/** What one member has relayed to another, as it is told there; undefined when no such other member is online. */
export function relay(
  room: OpenRoom,
  from: Member,
  to: string,
  event: RelayedEvent,
): readonly Notice[] | undefined {
  const addressee = membersOf(room).find(({ peerId }) => peerId === to);
  if (addressee === undefined || addressee === from || addressee.presence.type === 'offline') {
    return undefined;
  }
  return tell(addressee, event);
}

function close(told: readonly Member[], reason: CloseReason): RoomStep {
  return {
    room: { type: 'closed', reason },
    notices: told.flatMap((member) => tell(member, { name: 'room:closed', payload: { reason } })),
  };
}

function withPresence(room: OpenRoom, member: Member, presence: Presence): OpenRoom {
  const swap = (other: Member) => (other === member ? { ...member, presence } : other);
  return { ...room, sender: swap(room.sender), receivers: room.receivers.map(swap) };
}

/** A sender hears of every receiver; a receiver hears of the sender only. */
function tellOthers(room: OpenRoom, member: Member, event: RoomEvent): readonly Notice[] {
  const others = member === room.sender ? room.receivers : [room.sender];
  return others.flatMap((other) => tell(other, event));
}
