import type { ErrorReason } from '../errors/error-reason.ts';
import type { FileSummary } from './file-summary.ts';
import type { Progress } from './progress.ts';

/**
 * The receiving page.
 * `connecting`: finding the share, waiting for a sender that is away, connecting to it, getting the list of files.
 * `receiving` with `finishing`: every byte is here, the last checks run.
 */
export type ReceiveState =
  | { readonly type: 'connecting'; readonly step: 'room' | 'sender' | 'peer' | 'manifest' }
  | { readonly type: 'offered'; readonly files: readonly FileSummary[] }
  | {
      readonly type: 'receiving';
      readonly files: readonly FileSummary[];
      readonly progress: Progress;
      readonly phase: 'transferring' | 'finishing';
    }
  | {
      readonly type: 'done';
      readonly files: readonly FileSummary[];
      readonly totalBytes: number;
      /** from the press of Receive to the last verified byte */
      readonly seconds: number;
      /** why the file that was saved last could not be; null where it could */
      readonly saveFailure: ErrorReason | null;
    }
  | {
      readonly type: 'failed';
      readonly reason: ErrorReason;
      /** empty when it failed before the list of files came */
      readonly files: readonly FileSummary[];
      /** what had arrived and is kept for another try; null when Receive was not pressed yet */
      readonly kept: Progress | null;
    }
  | { readonly type: 'cancelled'; readonly files: readonly FileSummary[] };

/** What the user can do on the receiving page. */
export interface ReceiveActions {
  /** from `offered`: fetch the files */
  receive(): void;
  /** from `connecting`, `offered` and `receiving`: end it and drop what arrived */
  cancel(): void;
  /** from `failed` and `cancelled`: join again; what is kept is not fetched again */
  tryAgain(): void;
  /** from `done`: save one file through a browser download */
  save(fileIndex: number): void;
}
