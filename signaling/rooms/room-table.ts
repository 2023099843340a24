import type { ConnectionId } from './member.ts';
import { membersOf, type OpenRoom } from './room.ts';

/** The open rooms, with what is looked up of them: which room a socket is in, how many an address has. */
export class RoomTable {
  readonly #rooms = new Map<string, OpenRoom>();
  readonly #roomIds = new Map<ConnectionId, string>();
  readonly #counts = new Map<string, number>();

  get size(): number {
    return this.#rooms.size;
  }

  ids(): readonly string[] {
    return [...this.#rooms.keys()];
  }

  get(roomId: string): OpenRoom | undefined {
    return this.#rooms.get(roomId);
  }

  roomIdOf(connection: ConnectionId): string | undefined {
    return this.#roomIds.get(connection);
  }

  /** How many rooms were opened from this address and are open still. */
  countOf(address: string): number {
    return this.#counts.get(address) ?? 0;
  }

  /** Adds a room, or replaces the one with its id. */
  put(room: OpenRoom): void {
    const before = this.#rooms.get(room.id);
    if (before === room) return;
    if (before === undefined) this.#count(room.address, 1);
    else this.#unlink(before);
    this.#rooms.set(room.id, room);
    for (const connection of connectionsOf(room)) this.#roomIds.set(connection, room.id);
  }

  delete(roomId: string): void {
    const room = this.#rooms.get(roomId);
    if (room === undefined) return;
    this.#unlink(room);
    this.#count(room.address, -1);
    this.#rooms.delete(roomId);
  }

  clear(): void {
    this.#rooms.clear();
    this.#roomIds.clear();
    this.#counts.clear();
  }

  #unlink(room: OpenRoom): void {
    for (const connection of connectionsOf(room)) this.#roomIds.delete(connection);
  }

  #count(address: string, change: 1 | -1): void {
    const count = this.countOf(address) + change;
    if (count === 0) this.#counts.delete(address);
    else this.#counts.set(address, count);
  }
}

function connectionsOf(room: OpenRoom): readonly ConnectionId[] {
  return membersOf(room).flatMap(({ presence }) =>
    presence.type === 'online' ? [presence.connection] : [],
  );
}
