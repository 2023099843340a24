import type { ErrorReason } from '../errors/error-reason.ts';
import type { SpeedMeter } from '../progress/speed-meter.ts';
import type { Manifest } from '../share/manifest.ts';

/** A transfer that runs, from the press of Receive on. */
export interface Running {
  readonly type: 'running';
  readonly manifest: Manifest;
  readonly pressedAt: number;
  /** verified and in the sink */
  readonly bytes: number;
  readonly meter: SpeedMeter;
  /** `checking`: every byte is here, and the last checks run */
  readonly stage: 'fetching' | 'checking';
  /** whether the sender has given the share's root hash: with it, the checks need no sender any more */
  readonly rootKnown: boolean;
}

/** What is offered, and not yet fetched. */
export interface Offered {
  readonly type: 'offered';
  readonly manifest: Manifest;
}

/**
 * Where the receiving page stands. Times are milliseconds of one monotonic clock.
 * `kept`: on another try, how many bytes an earlier one left in the sink; null before Receive was ever pressed.
 */
export type ReceivePhase =
  | { readonly type: 'room'; readonly kept: number | null }
  | { readonly type: 'waiting'; readonly kept: number | null; readonly since: number }
  | { readonly type: 'peer'; readonly kept: number | null }
  | { readonly type: 'manifest'; readonly kept: number | null }
  | Offered
  | Running
  | {
      readonly type: 'losing';
      readonly reason: ErrorReason;
      readonly since: number;
      readonly from: Offered | Running;
    }
  | {
      readonly type: 'done';
      readonly manifest: Manifest;
      readonly seconds: number;
      /** when the lane is closed; null once it is */
      readonly farewellAt: number | null;
      readonly saveFailure: ErrorReason | null;
    }
  | {
      readonly type: 'failed';
      readonly reason: ErrorReason;
      readonly manifest: Manifest | null;
      readonly kept: number | null;
    }
  | { readonly type: 'cancelled'; readonly manifest: Manifest | null };

/** What happens to the receiving page. */
export type ReceiveEvent =
  | { readonly type: 'entered'; readonly senderOnline: boolean }
  | { readonly type: 'sender-online' }
  | { readonly type: 'sender-offline' }
  | { readonly type: 'room-closed'; readonly reason: ErrorReason }
  | { readonly type: 'source-opened' }
  | { readonly type: 'manifest'; readonly manifest: Manifest }
  | { readonly type: 'source-closed'; readonly reason: ErrorReason; readonly senderOnline: boolean }
  | { readonly type: 'progress'; readonly bytes: number }
  | { readonly type: 'checking' }
  | { readonly type: 'root-known' }
  | { readonly type: 'complete' }
  | { readonly type: 'failed'; readonly reason: ErrorReason }
  | { readonly type: 'receive' }
  | { readonly type: 'cancel' }
  | { readonly type: 'try-again' }
  /** a file was saved, or why it was not */
  | { readonly type: 'saved'; readonly failure: ErrorReason | null }
  | { readonly type: 'tick' };

/** What the receiving page wants done. */
export type ReceiveEffect =
  | { readonly type: 'enter-room' }
  | { readonly type: 'open-source' }
  | { readonly type: 'fetch-manifest' }
  /** open the store for what is offered, before it is asked for */
  | { readonly type: 'prepare-store'; readonly manifest: Manifest }
  | { readonly type: 'start-fetch'; readonly manifest: Manifest }
  /** close the lane to a sender that went offline; it may come back */
  | { readonly type: 'close-source' }
  /** leave the room; the lane stays a while, so that the sender hears of the end */
  | { readonly type: 'leave-room' }
  /** close everything that is open for this attempt; what was received is kept */
  | { readonly type: 'end'; readonly reason: ErrorReason }
  /** drop what was received */
  | { readonly type: 'discard' };

/** The next phase and what is to be done about it. */
export interface ReceiveStep {
  readonly phase: ReceivePhase;
  readonly effects: readonly ReceiveEffect[];
}
