import type { ErrorReason } from '../errors/error-reason.ts';

/** The place in the room. */
export type RoomPart =
  | { readonly type: 'joining' }
  /** `reachable`: whether the server is; `senderOnline`: whether the server reaches the sender */
  | { readonly type: 'in'; readonly senderOnline: boolean; readonly reachable: boolean }
  | { readonly type: 'gone'; readonly reason: ErrorReason; readonly joinAt: number };

/** The lane to the sender, and the one that is to replace it. */
export type LanePart =
  | { readonly type: 'none'; readonly openAt: number }
  | { readonly type: 'opening'; readonly lane: number; readonly since: number }
  | {
      readonly type: 'up';
      readonly lane: number;
      readonly spare: { readonly lane: number; readonly since: number } | null;
    };

/** How a receiving page stands with its sender. Times are milliseconds of one monotonic clock. */
export type LinkState =
  | {
      readonly type: 'open';
      readonly room: RoomPart;
      readonly lane: LanePart;
      /** whether there is something to lose: then what passes is waited for */
      readonly persistent: boolean;
      /** the number of the lane opened last; a new lane takes a new one */
      readonly lanes: number;
      /** attempts that failed since a lane was up: of a lane, or to join */
      readonly failures: number;
      readonly downSince: number | null;
      readonly downReason: ErrorReason;
    }
  | { readonly type: 'ended' };

/** What happens to a link. */
export type LinkEvent =
  | { readonly type: 'room-entered'; readonly senderOnline: boolean }
  | { readonly type: 'room-reachable'; readonly reachable: boolean }
  | { readonly type: 'room-closed'; readonly reason: ErrorReason }
  | { readonly type: 'sender-online'; readonly online: boolean }
  | { readonly type: 'lane-opened'; readonly lane: number }
  | { readonly type: 'lane-closed'; readonly lane: number; readonly reason: ErrorReason }
  | { readonly type: 'persist' }
  /** `silentMs`: how long nothing was heard on the lane that is up */
  | { readonly type: 'tick'; readonly silentMs: number };

/** What a link wants done. With `ended` everything that is open is to be closed, and nothing more comes. */
export type LinkEffect =
  | { readonly type: 'join-room' }
  /** find out whether the server is still in reach */
  | { readonly type: 'check-room' }
  | { readonly type: 'open-lane'; readonly lane: number }
  | { readonly type: 'close-lane'; readonly lane: number; readonly reason: ErrorReason }
  | { readonly type: 'waiting'; readonly for: 'sender' | 'peer' }
  | { readonly type: 'up'; readonly lane: number }
  | { readonly type: 'down'; readonly reason: ErrorReason }
  | { readonly type: 'ended'; readonly reason: ErrorReason };

/** The next state and what is to be done about it. */
export interface LinkStep {
  readonly state: LinkState;
  readonly effects: readonly LinkEffect[];
}
