import type { SendBy, UploadChoice } from './delivery-state.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import type { ChosenEntry } from '../share/manifest.ts';
import type { FileFailure, FileSummary } from './file-summary.ts';
import type { Progress } from './progress.ts';

/** What one receiver is doing, as its sender sees it. `reconnecting`: its connection was lost, it may come back. */
export type ReceiverStatus =
  | { readonly type: 'connecting' }
  | { readonly type: 'choosing' }
  | { readonly type: 'receiving' }
  | { readonly type: 'paused'; readonly by: 'you' | 'receiver' | 'both' }
  | { readonly type: 'reconnecting' }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly reason: ErrorReason };

/** One receiver of a share. */
export interface Receiver {
  /** unique on this page */
  readonly id: string;
  /** 1 for the first receiver of this share, 2 for the second, … */
  readonly number: number;
  readonly status: ReceiverStatus;
  /** of the files that it takes */
  readonly progress: Progress;
}

/** A file of an interrupted share that is not among those chosen again. */
export interface Unrecognized {
  readonly name: string;
  readonly problem: 'missing' | 'changed';
}

/** The sending page. `cancelled` means that the sender stopped sharing. */
export type SendState =
  | { readonly type: 'idle' }
  | {
      /** the page was reloaded or closed while it shared: the same files have to be chosen again */
      readonly type: 'interrupted';
      readonly files: readonly FileSummary[];
      readonly link: string;
      /** what is wrong with the files chosen last; empty until some were */
      readonly unrecognized: readonly Unrecognized[];
      /** whether some files were recognised, so that the share can go on without the others */
      readonly canContinue: boolean;
    }
  | { readonly type: 'opening'; readonly files: readonly FileSummary[] }
  | {
      readonly type: 'sharing';
      readonly files: readonly FileSummary[];
      readonly link: string;
      readonly receivers: readonly Receiver[];
      /** false while the server cannot be reached: running transfers go on, new receivers cannot come */
      readonly online: boolean;
      /** the files that cannot be sent any more */
      readonly failures: readonly FileFailure[];
    }
  | {
      readonly type: 'failed';
      readonly reason: ErrorReason;
      readonly files: readonly FileSummary[];
    }
  | { readonly type: 'cancelled' };

/** What the user can do on the sending page. */
export interface SendActions {
  /** from `idle`, `cancelled`, `failed`: shares these; from `interrupted`: takes them for the files of that share */
  share(chosen: readonly ChosenEntry[]): void;
  /** from `interrupted`: goes on without the files that were not recognised */
  continueWithout(): void;
  /** from `idle`: takes up a share that was interrupted earlier */
  continueShare(id: string): void;
  /** from `interrupted`: gives that share up and goes back to `idle` */
  giveUp(): void;
  pauseReceiver(receiverId: string): void;
  resumeReceiver(receiverId: string): void;
  /** ends this receiver's transfer; the share stays open */
  cancelReceiver(receiverId: string): void;
  /** how the files are to go, now and for shares to come; `server` uploads at once */
  sendBy(way: SendBy): void;
  /** for the next upload */
  chooseUpload(choice: UploadChoice): void;
  /** from `sharing`: leaves the files with the server */
  uploadNow(): void;
  /** from `sharing`: takes them away from the server */
  deleteUpload(): void;
  /** from `sharing`: opens the page that compares ways with these files, and asks the receivers that are here to take part */
  compare(): void;
  stopSharing(): void;
  /** back to `idle`, from `failed` and `cancelled` */
  startOver(): void;
}
