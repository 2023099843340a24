import type { ErrorReason } from '../errors/error-reason.ts';
import type { SpeedMeter } from '../progress/speed-meter.ts';
import type { Manifest } from '../share/manifest.ts';
import type { NumberSet } from '../share/number-set.ts';
import type { FileFailure } from './file-summary.ts';
import type { ReceivePlace, StorageFit } from './receive-state.ts';

/** A link that is down: why, and since when. */
export interface Down {
  readonly reason: ErrorReason;
  readonly since: number;
}

/** What is offered, and not yet fetched. */
export interface Offered {
  readonly type: 'offered';
  readonly manifest: Manifest;
  /** the files that are to be received */
  readonly selected: NumberSet;
  readonly selectedBytes: number;
  readonly fit: StorageFit | null;
  readonly down: Down | null;
}

/** What is received: of which files, and where it goes. */
export interface Taken {
  readonly manifest: Manifest;
  readonly selected: NumberSet;
  readonly selectedBytes: number;
  readonly place: ReceivePlace;
  /** the files that cannot be had any more */
  readonly failures: readonly FileFailure[];
  /** of the files that can be had, verified and in the sink */
  readonly bytes: number;
}

/** A transfer that runs or is paused, from the press of Receive on. */
export interface Running {
  readonly type: 'running';
  readonly taken: Taken;
  /** null where another page began it */
  readonly pressedAt: number | null;
  readonly meter: SpeedMeter;
  /** `preparing`: the store is made ready, or what it kept is verified; `checking`: every byte is here, and the last checks run */
  readonly stage: 'preparing' | 'fetching' | 'checking';
  /** whether the sender has given the root hash: with it, the checks need no sender any more */
  readonly rootKnown: boolean;
  readonly paused: boolean;
  readonly senderPaused: boolean;
  /** what has to be mended before it goes on */
  readonly trouble: ErrorReason | null;
  readonly down: Down | null;
  /** the link was given up; Resume makes another one */
  readonly linkEnded: boolean;
}

/** Everything is here but the `failures`. */
export interface Done {
  readonly type: 'done';
  readonly taken: Taken;
  readonly seconds: number | null;
  /** when the lane is closed; null once it is */
  readonly farewellAt: number | null;
  readonly packing: number | null;
  readonly saveFailure: ErrorReason | null;
}

/** Where the receiving page stands. Times are milliseconds of one monotonic clock. */
export type ReceivePhase =
  | { readonly type: 'searching' }
  | { readonly type: 'joining'; readonly step: 'room' | 'sender' | 'peer' | 'manifest' }
  | Offered
  | Running
  | Done
  | {
      readonly type: 'failed';
      readonly reason: ErrorReason;
      readonly manifest: Manifest | null;
      readonly taken: Taken | null;
    }
  | {
      readonly type: 'cancelled';
      readonly manifest: Manifest | null;
      /** what the user chose to keep */
      readonly taken: Taken | null;
    };

/** What an earlier page, or an earlier try of this one, left of the share. */
export interface KeptReceipt {
  readonly manifest: Manifest;
  readonly selected: NumberSet;
  readonly place: ReceivePlace;
  readonly failures: readonly FileFailure[];
  /** its bytes, as far as they are known before they are verified */
  readonly bytes: number;
  readonly paused: boolean;
  readonly complete: boolean;
}

/** What happens to the receiving page. */
export type ReceiveEvent =
  | { readonly type: 'searched'; readonly kept: KeptReceipt | null }
  | { readonly type: 'waiting'; readonly for: 'sender' | 'peer' }
  | { readonly type: 'link-up' }
  | { readonly type: 'link-down'; readonly reason: ErrorReason }
  | { readonly type: 'link-ended'; readonly reason: ErrorReason }
  | { readonly type: 'manifest'; readonly manifest: Manifest }
  | { readonly type: 'fit'; readonly fit: StorageFit }
  | { readonly type: 'select'; readonly files: readonly number[]; readonly included: boolean }
  | { readonly type: 'receive'; readonly into: 'browser' | 'folder' }
  /** the store is ready, and has so many verified bytes */
  /** the store is that of this download from now on */
  | { readonly type: 'begun'; readonly place: ReceivePlace }
  /** what was kept is verified */
  | { readonly type: 'prepared'; readonly place: ReceivePlace; readonly bytes: number }
  | { readonly type: 'progress'; readonly bytes: number }
  | { readonly type: 'files-failed'; readonly failures: readonly FileFailure[] }
  | { readonly type: 'trouble'; readonly reason: ErrorReason }
  | { readonly type: 'sender-paused'; readonly paused: boolean }
  | { readonly type: 'checking' }
  | { readonly type: 'root-known' }
  | { readonly type: 'complete' }
  | { readonly type: 'failed'; readonly reason: ErrorReason }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'cancel'; readonly keep: boolean }
  | { readonly type: 'try-again' }
  /** a file or the archive was saved, or why it was not */
  | { readonly type: 'saved'; readonly failure: ErrorReason | null }
  | { readonly type: 'packing'; readonly fraction: number }
  | { readonly type: 'tick' };

/** What the receiving page wants done. */
export type ReceiveEffect =
  /** look for what is kept of this share */
  | { readonly type: 'search' }
  /** `persistent`: there is something to lose already */
  | { readonly type: 'start-link'; readonly persistent: boolean }
  | { readonly type: 'persist-link' }
  | { readonly type: 'fetch-manifest' }
  /** open a store for what is offered, before it is asked for, and find out whether it fits */
  | { readonly type: 'open-store' }
  | { readonly type: 'measure-fit'; readonly bytes: number }
  /** `begun` or `failed` follows */
  | {
      readonly type: 'begin-store';
      readonly manifest: Manifest;
      readonly selected: NumberSet;
      readonly into: 'browser' | 'folder';
    }
  /** verify what is kept; with `ask`, have the user allow the folder anew. `prepared`, `trouble` or `failed` follows */
  | { readonly type: 'recover-store'; readonly ask: boolean }
  | { readonly type: 'start-fetch' }
  | { readonly type: 'pause-fetch' }
  | { readonly type: 'resume-fetch' }
  | { readonly type: 'note-paused'; readonly paused: boolean }
  | { readonly type: 'note-failures'; readonly failures: readonly FileFailure[] }
  | { readonly type: 'note-complete' }
  /** leave the room; the lane stays a while, so that the sender hears of the end */
  | { readonly type: 'leave-room' }
  | { readonly type: 'end-link'; readonly reason: ErrorReason }
  /** let go of the store; what it has is kept */
  | { readonly type: 'keep-store' }
  /** drop what was received */
  | { readonly type: 'discard-store' };

/** The next phase and what is to be done about it. */
export interface ReceiveStep {
  readonly phase: ReceivePhase;
  readonly effects: readonly ReceiveEffect[];
}
