import type { ErrorReason } from '../errors/error-reason.ts';
import type { NumberSet } from '../share/number-set.ts';
import type { FileFailure, FileSummary } from './file-summary.ts';
import type { Progress } from './progress.ts';

/** Where received files go. `memory`: this browser has no private file system; all is lost with the page. */
export type ReceivePlace =
  | { readonly type: 'browser' }
  | { readonly type: 'memory' }
  | { readonly type: 'folder'; readonly name: string };

/** Whether what is selected fits into the browser's storage; with 10 % to spare. */
export interface StorageFit {
  readonly fits: boolean;
  readonly neededBytes: number;
  /** null where the browser does not say */
  readonly availableBytes: number | null;
  /** partial downloads of other shares that could be deleted to make room, the oldest first */
  readonly reclaimable: { readonly count: number; readonly bytes: number };
  /** whether this browser can save to a folder that the user picks */
  readonly canPickFolder: boolean;
}

/**
 * The receiving page.
 * `connecting`: looking for what is kept of the share, finding it, waiting for a sender that is away, connecting to
 * it, getting the list of files.
 * `receiving` with `reconnecting`: the connection was lost and is being made anew; with `finishing`: every byte is here,
 * the last checks run.
 */
export type ReceiveState =
  | {
      readonly type: 'connecting';
      readonly step: 'kept' | 'room' | 'sender' | 'peer' | 'manifest';
      /** what an earlier page left of this share */
      readonly kept: Progress | null;
    }
  | {
      readonly type: 'offered';
      readonly files: readonly FileSummary[];
      /** the files that are to be received */
      readonly selected: NumberSet;
      readonly selectedBytes: number;
      /** null until it is known */
      readonly storage: StorageFit | null;
    }
  | {
      readonly type: 'receiving';
      readonly files: readonly FileSummary[];
      readonly selected: NumberSet;
      readonly progress: Progress;
      readonly phase: 'transferring' | 'finishing' | 'reconnecting';
      /** the files that cannot be had any more */
      readonly failures: readonly FileFailure[];
      readonly place: ReceivePlace;
    }
  | {
      readonly type: 'paused';
      readonly files: readonly FileSummary[];
      readonly selected: NumberSet;
      readonly progress: Progress;
      readonly by: 'you' | 'sender' | 'both' | 'trouble';
      /** with `trouble`: what has to be mended before Resume, e.g. `storage-full` */
      readonly reason: ErrorReason | null;
      readonly failures: readonly FileFailure[];
      readonly place: ReceivePlace;
    }
  | {
      /** every selected file is here and verified, but for the `failures` */
      readonly type: 'done';
      readonly files: readonly FileSummary[];
      readonly selected: NumberSet;
      readonly failures: readonly FileFailure[];
      readonly totalBytes: number;
      /** from the press of Receive to the last verified byte; null where another page began it */
      readonly seconds: number | null;
      readonly place: ReceivePlace;
      /** the ZIP archive is being made: how much of it, 0 to 1; null while it is not */
      readonly packing: number | null;
      /** why what was saved last could not be; null where it could */
      readonly saveFailure: ErrorReason | null;
    }
  | {
      readonly type: 'failed';
      readonly reason: ErrorReason;
      /** empty when it failed before the list of files came */
      readonly files: readonly FileSummary[];
      readonly failures: readonly FileFailure[];
      /** what had arrived and is kept; null when Receive was not pressed yet */
      readonly kept: Progress | null;
      /** it goes on by itself as soon as it can */
      readonly retrying: boolean;
    }
  | {
      readonly type: 'cancelled';
      readonly files: readonly FileSummary[];
      /** what had arrived, where the user chose to keep it */
      readonly kept: Progress | null;
    };

/** What the user can do on the receiving page. */
export interface ReceiveActions {
  /** from `offered`: take these files, or leave them out */
  select(fileIndexes: readonly number[], included: boolean): void;
  /** from `offered`: fetch the selected files into the browser's storage */
  receive(): void;
  /** from `offered`: let the user pick a folder and fetch the selected files into it; to be called on a click */
  receiveIntoFolder(): void;
  /** from `offered`: delete the oldest partial downloads of other shares until the selected files fit */
  makeRoom(): void;
  pause(): void;
  /** from `paused`: go on; to be called on a click, as a folder may have to be allowed anew */
  resume(): void;
  /** ends it; `keep` what arrived for another time, or delete it */
  cancel(keep: boolean): void;
  /** from `failed` and `cancelled`: join again; what is kept is not fetched again */
  tryAgain(): void;
  /** from `done`: save one file through a browser download */
  save(fileIndex: number): void;
  /** from `done`: save everything as one ZIP archive through a browser download */
  saveAll(): void;
}
