import type { ErrorReason } from '../errors/error-reason.ts';
import type { NumberSet } from '../share/number-set.ts';
import type { FileFailureReason } from './control-message.ts';
import type { SourceId, Work } from './fetcher-work.ts';
import type { ArrivedPiece } from './piece-assembler.ts';

/** A root hash over the pieces of these files. */
export interface ShareRoot {
  readonly root: string;
  readonly files: NumberSet;
}

/** Where a transfer stands, on the side that fetches. */
export type FetcherState =
  | {
      readonly type: 'fetching';
      readonly work: Work;
      readonly sourceRoot: ShareRoot | null;
      /** the user wants no more to be asked for */
      readonly paused: boolean;
      /** the store failed: nothing is asked for or checked until `resume` */
      readonly troubled: boolean;
    }
  | {
      readonly type: 'checking';
      readonly work: Work;
      readonly sourceRoot: ShareRoot | null;
      readonly ownRoot: ShareRoot | null;
    }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly reason: ErrorReason };

/** What happens to a fetcher. */
export type FetcherEvent =
  | { readonly type: 'start' }
  | { readonly type: 'source-opened'; readonly source: SourceId }
  | { readonly type: 'source-closed'; readonly source: SourceId }
  /** it is asked for nothing more until it is awake again @param pieces that it gives back */
  | {
      readonly type: 'source-rests';
      readonly source: SourceId;
      readonly pieces: readonly number[];
    }
  | { readonly type: 'source-wakes'; readonly source: SourceId }
  | { readonly type: 'arrived'; readonly source: SourceId; readonly piece: ArrivedPiece }
  | { readonly type: 'unavailable'; readonly file: number; readonly reason: FileFailureReason }
  | { readonly type: 'source-root'; readonly root: ShareRoot }
  | { readonly type: 'stored'; readonly piece: number }
  | { readonly type: 'rejected'; readonly piece: number }
  /** `piece`: the one that could not be kept; null where it was not about one */
  | { readonly type: 'store-failed'; readonly piece: number | null; readonly reason: ErrorReason }
  | { readonly type: 'own-root'; readonly root: ShareRoot }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' };

/** What a fetcher wants done. */
export type FetcherEffect =
  | { readonly type: 'request'; readonly source: SourceId; readonly pieces: readonly number[] }
  | { readonly type: 'store'; readonly piece: ArrivedPiece }
  /** `whole`: that is everything */
  | { readonly type: 'progress'; readonly bytes: number; readonly whole: boolean }
  /** every source: nothing more is wanted of these files */
  | {
      readonly type: 'withdraw';
      readonly files: readonly number[];
      readonly reason: FileFailureReason;
    }
  | { readonly type: 'trouble'; readonly reason: ErrorReason }
  | { readonly type: 'compute-root'; readonly files: NumberSet }
  | { readonly type: 'complete'; readonly root: string }
  | { readonly type: 'drop-source'; readonly source: SourceId; readonly reason: 'hash-mismatch' }
  | { readonly type: 'fail'; readonly reason: ErrorReason };

/** The next state and what is to be done about it. */
export interface FetcherStep {
  readonly state: FetcherState;
  readonly effects: readonly FetcherEffect[];
}
