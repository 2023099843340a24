import type { ErrorReason } from '../errors/error-reason.ts';
import type { NumberSet } from '../share/number-set.ts';
import type { FileFailureReason } from '../transfer/control-message.ts';
import type { Fault } from './lane-pair.ts';
import type { Random } from './random.ts';

/** What happens to a running transfer besides what its lane does to messages. */
export type Incident =
  | 'cut'
  | 'cut-one'
  | 'receiver-pauses'
  | 'receiver-resumes'
  | 'sender-pauses'
  | 'sender-resumes'
  | 'receiver-reloads'
  | 'sender-reloads'
  | 'disk-fills'
  | 'file-fails';

/** What a simulated transfer is made of. */
export interface TransferPlan {
  readonly seed: number;
  readonly sizes: readonly number[];
  readonly maxMessageBytes: number;
  /**
   * whether files are made so that most of their pieces can travel deflated; which of them do changes with each page of
   * the sender. All travel plain where it is not said
   */
  readonly deflates?: boolean;
  /** the files that the receiver takes; all where it is not said */
  readonly selected?: NumberSet;
  /** what the lanes do to messages; the last one does nothing to them */
  readonly fault?: (random: Random) => Fault;
  /** how many connections there may be: one that is lost is replaced while there are */
  readonly connections?: number;
  /** how many lanes each may have; one where it is not said */
  readonly maxLanes?: number;
  /** chosen before every message that moves, while there are lanes to come */
  readonly incident?: (random: Random) => Incident | null;
}

/** How a simulated transfer ended on both sides. */
export interface TransferEnd {
  readonly receiver: 'done' | ErrorReason;
  /** null where the sender's side saw no end */
  readonly sender: 'done' | ErrorReason | null;
  /** what is in the sink, per file */
  readonly stored: readonly Uint8Array[];
  readonly originals: readonly Uint8Array[];
  /** the files that the receiver was told it cannot have */
  readonly failed: ReadonlyMap<number, FileFailureReason>;
  /** payload bytes of pieces that were stored more than once */
  readonly storedTwice: number;
  /** pieces that were stored and had travelled deflated */
  readonly deflatedPieces: number;
}
