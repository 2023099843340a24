import type { Signal } from '../../signaling/protocol/signal.ts';
import type { Lane, LaneListener, LaneOptions } from '../peer/lane.ts';
import type { RoomRole } from '../room/membership.ts';
import type { RoomListener } from '../room/room.ts';
import type { ShareKeys } from '../share/share-keys.ts';
import type { Clock } from '../transfer/peer-lane.ts';

/** How often a session looks at the clock, in milliseconds. */
export const TICK_MS = 500;

/** A place in a room, as a session uses it. */
export interface RoomHandle {
  sendSignal(to: string, lane: number, signal: Signal): void;
  leave(): void;
  disconnect(): void;
}

/** What sessions are made of; `main.tsx` gives the real ones, tests their own. */
export interface SessionTools {
  readonly clock: Clock;
  openRoom(role: RoomRole, keys: ShareKeys, listener: RoomListener): RoomHandle;
  openLane(options: LaneOptions, listener: LaneListener): Lane;
}
