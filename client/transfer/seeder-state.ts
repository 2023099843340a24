import type { ErrorReason } from '../errors/error-reason.ts';
import type { EncodedPiece } from '../reading/encoded-piece.ts';
import type { Manifest } from '../share/manifest.ts';
import type { NumberSet } from '../share/number-set.ts';
import type { ControlMessage, FileFailureReason } from './control-message.ts';
import type { OutgoingRange } from './range-frames.ts';
import type { SeederQueue } from './seeder-queue.ts';

/** What one side has said about pausing: the number counts what it said. */
export interface Pause {
  readonly paused: boolean;
  readonly number: number;
}

/** What is shared, as far as a seeder decides about it. */
export interface SeederOffer {
  readonly manifest: Manifest;
  /** how many parts the manifest travels in */
  readonly manifestParts: number;
  /** `digestManifest` in base64url */
  readonly digest: string;
}

/** The files that a receiver takes. */
export interface Selection {
  readonly files: NumberSet;
  /** of all of them */
  readonly bytes: number;
  /** of those that can still be had */
  readonly neededBytes: number;
}

/** A lane that serves its receiver. */
export interface Serving {
  readonly offer: SeederOffer;
  readonly queue: SeederQueue;
  /** the parts of the manifest that were sent; each is sent once */
  readonly partsSent: ReadonlySet<number>;
  /** the most bytes that the receiver has said it has */
  readonly bytes: number;
  /** null until the receiver has said what it takes */
  readonly selection: Selection | null;
  /** the files that cannot be had any more */
  readonly failed: NumberSet;
  readonly ownPause: Pause;
  readonly peerPause: Pause;
  /** the root hashes that were sent */
  readonly roots: readonly string[];
  /** whether the root hash of what can be had now is still to be sent */
  readonly owesRoot: boolean;
  /** whether the pieces that nobody asks for are being read for the root hash */
  readonly readingRest: boolean;
  /** as last told by `checking` */
  readonly checkedBytes: number;
}

/** What a lane's receiver does, as far as its sender sees. */
export type SeederStage = 'choosing' | 'receiving' | 'done';

/** What one lane's sending side is at. */
export type SeederState =
  | {
      readonly type: 'serving';
      readonly serving: Serving;
      readonly stage: Exclude<SeederStage, 'done'>;
    }
  | { readonly type: 'done' }
  | { readonly type: 'closed'; readonly reason: ErrorReason };

/** What happens to a seeder. */
export type SeederEvent =
  | { readonly type: 'message'; readonly message: ControlMessage }
  | { readonly type: 'data' }
  /** pieces were read, by their number in the share */
  | { readonly type: 'read'; readonly pieces: ReadonlyMap<number, EncodedPiece> }
  /** the channel has room */
  | { readonly type: 'room' }
  /** a file cannot be had any more */
  | { readonly type: 'file-failed'; readonly file: number; readonly reason: FileFailureReason }
  /** the root hash over `files`: those that the receiver takes, as far as they can be had */
  | { readonly type: 'root'; readonly root: string; readonly files: NumberSet }
  /** so many bytes were read for the root hash since `read-rest` */
  | { readonly type: 'checked'; readonly bytes: number }
  | { readonly type: 'pause'; readonly paused: boolean };

/** What a seeder wants done. */
export type SeederEffect =
  | { readonly type: 'read'; readonly piece: number }
  | { readonly type: 'send-range'; readonly range: OutgoingRange }
  | { readonly type: 'send-manifest-part'; readonly part: number }
  /** the whole list was sent: the first pieces may be asked for any moment */
  | { readonly type: 'read-first' }
  | { readonly type: 'send-unavailable'; readonly file: number; readonly reason: FileFailureReason }
  | { readonly type: 'send-root'; readonly root: string; readonly files: NumberSet }
  | { readonly type: 'send-checking'; readonly bytes: number }
  | { readonly type: 'send-pause'; readonly number: number; readonly paused: boolean }
  /** answered by `root`, again whenever a file among them fails */
  | { readonly type: 'watch-root'; readonly files: NumberSet }
  /** read for the root hash what nobody asks for */
  | { readonly type: 'read-rest' }
  | { readonly type: 'selected'; readonly receiver: string; readonly bytes: number }
  | { readonly type: 'peer-paused'; readonly paused: boolean }
  | { readonly type: 'progress'; readonly bytes: number }
  | { readonly type: 'stage'; readonly stage: SeederStage }
  | { readonly type: 'close'; readonly reason: ErrorReason };

/** The next state and what is to be done about it. */
export interface SeederStep {
  readonly state: SeederState;
  readonly effects: readonly SeederEffect[];
}
