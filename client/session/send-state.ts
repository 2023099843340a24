import type { ErrorReason } from '../errors/error-reason.ts';
import type { FileSummary } from './file-summary.ts';
import type { Progress } from './progress.ts';

/** What one receiver is doing, as its sender sees it. */
export type ReceiverStatus =
  | { readonly type: 'connecting' }
  | { readonly type: 'choosing' }
  | { readonly type: 'receiving' }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly reason: ErrorReason };

/** One receiver of a share. */
export interface Receiver {
  /** unique on this page */
  readonly id: string;
  /** 1 for the first receiver of this share, 2 for the second, … */
  readonly number: number;
  readonly status: ReceiverStatus;
  readonly progress: Progress;
}

/** The sending page. `cancelled` means that the sender stopped sharing. */
export type SendState =
  | { readonly type: 'idle' }
  | { readonly type: 'opening'; readonly files: readonly FileSummary[] }
  | {
      readonly type: 'sharing';
      readonly files: readonly FileSummary[];
      readonly link: string;
      readonly receivers: readonly Receiver[];
      /** false while the server cannot be reached: running transfers go on, new receivers cannot come */
      readonly online: boolean;
    }
  | {
      readonly type: 'failed';
      readonly reason: ErrorReason;
      readonly files: readonly FileSummary[];
    }
  | { readonly type: 'cancelled' };

/** What the user can do on the sending page. */
export interface SendActions {
  /** starts a share of these files; in any state but `idle` and `cancelled` and `failed` it does nothing */
  share(files: readonly File[]): void;
  stopSharing(): void;
  /** back to `idle`, from `failed` and `cancelled` */
  startOver(): void;
}
