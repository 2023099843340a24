import type { ErrorReason } from '../errors/error-reason.ts';
import type { Manifest } from '../share/manifest.ts';
import type { FileFailureReason } from './control-message.ts';
import type { ShareRoot } from './fetcher-state.ts';
import type { ArrivedPiece } from './piece-assembler.ts';
import type { NumberSet } from '../share/number-set.ts';

/** What a receiver takes of a share, as it tells its source. */
export interface Selection {
  readonly manifest: Manifest;
  /** the manifest's digest, base64url */
  readonly digest: string;
  readonly files: NumberSet;
  /** by which the sender knows a receiver that comes back; 96 random bits, base64url */
  readonly receiver: string;
}

/** What a source tells the side that fetches. After `onClosed` comes nothing more. */
export interface SourceListener {
  /** it can be asked from now on */
  onOpened(): void;
  onManifest(manifest: Manifest): void;
  /** a piece that was asked for, whole but not yet checked */
  onPiece(piece: ArrivedPiece): void;
  /** none of this file comes any more */
  onUnavailable(file: number, reason: FileFailureReason): void;
  /** the source paused, or goes on */
  onPaused(paused: boolean): void;
  /** the root hash as the source knows it */
  onRoot(root: ShareRoot): void;
  onClosed(reason: ErrorReason): void;
}

/** Where pieces come from: one lane to the sender, or whatever else can be asked for pieces by number. */
export interface Source {
  /** Asks for the list of files; the answer is `onManifest`. */
  fetchManifest(): void;
  /** Tells what is wanted; before the first `request`. */
  select(selection: Selection): void;
  /** Asks for pieces. */
  request(pieces: readonly number[]): void;
  /** Nothing more is wanted of these files. */
  withdraw(files: readonly number[]): void;
  /** Tells that this side has paused, or goes on. */
  reportPause(paused: boolean): void;
  /** Tells how many bytes the sink holds verified. @param whole whether that is everything */
  reportProgress(bytes: number, whole: boolean): void;
  /** Tells that the sink holds everything, and with which root hash. */
  reportComplete(root: string): void;
  /** Looks at the clock; to be called about twice a second. @param peerOnline false where signaling lost the peer */
  tick(peerOnline: boolean): void;
  /** Tells the source why, and closes it. */
  close(reason: ErrorReason): void;
}
