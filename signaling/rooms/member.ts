/** One live socket, as the gateway names it. */
export type ConnectionId = string;

/** Whether a member's socket is here, or until when (clock, ms) its place is kept. */
export type Presence =
  | { readonly type: 'online'; readonly connection: ConnectionId }
  | { readonly type: 'offline'; readonly until: number };

/** One participant of a room. */
export interface Member {
  readonly peerId: string;
  readonly token: string;
  readonly presence: Presence;
}

/** Whether the member is held by this socket. */
export function isOn(member: Member, connection: ConnectionId): boolean {
  return member.presence.type === 'online' && member.presence.connection === connection;
}

/** Whether the member's socket dropped and did not come back in time. */
export function isGone(member: Member, now: number): boolean {
  return member.presence.type === 'offline' && member.presence.until <= now;
}
