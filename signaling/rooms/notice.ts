import type { ServerEvents } from '../protocol/events.ts';
import type { ConnectionId, Member } from './member.ts';

type RoomEventName = Exclude<keyof ServerEvents, 'error:raised'>;

/** An event for one member, before it is known whether that member can be reached. */
export type RoomEvent = {
  [Name in RoomEventName]: {
    readonly name: Name;
    readonly payload: Parameters<ServerEvents[Name]>[0];
  };
}[RoomEventName];

/** An event that one member has for another; the room stamps it with who that is. */
export type RelayedEvent = Extract<RoomEvent, { name: 'signal:relayed' | 'note:relayed' }>;

/** What the gateway has to do after a decision: send an event to a socket, or let go of one that lost its place. */
export type Notice =
  | { readonly type: 'send'; readonly to: ConnectionId; readonly event: RoomEvent }
  | { readonly type: 'disconnect'; readonly to: ConnectionId };

/** The notice that tells `member`, or none while it is offline. */
export function tell(member: Member, event: RoomEvent): readonly Notice[] {
  return member.presence.type === 'online'
    ? [{ type: 'send', to: member.presence.connection, event }]
    : [];
}
