import type { Signal } from '../../signaling/protocol/signal.ts';
import type { Lane, LaneListener, LaneOptions } from '../peer/lane.ts';
import type { Membership, RoomRole } from '../room/membership.ts';
import type { RoomListener } from '../room/room.ts';
import type { ShareKeys } from '../share/share-keys.ts';
import type { Clock } from '../transfer/peer-lane.ts';

/** A place in a room, as a session uses it. */
export interface RoomHandle {
  sendSignal(to: string, lane: number, signal: Signal): void;
  /** has a sealed note relayed @returns whether it was handed to a server in reach */
  sendNote(to: string, note: string): boolean;
  leave(): void;
  disconnect(): void;
  /** looks at the clock; to be called about twice a second */
  tick(): void;
  /** a peer is silent: find out whether the server is still in reach */
  checkConnection(): void;
}

/** What sessions are made of; `main.tsx` gives the real ones, tests their own. */
export interface SessionTools {
  readonly clock: Clock;
  /** @param membership of an earlier page: its place is taken again if it can be */
  openRoom(
    role: RoomRole,
    keys: ShareKeys,
    listener: RoomListener,
    membership?: Membership,
  ): RoomHandle;
  openLane(options: LaneOptions, listener: LaneListener): Lane;
  /** Calls `onTick` twice a second, also while the page is hidden, until `signal` aborts. */
  startTicker(onTick: () => void, signal: AbortSignal): void;
}
