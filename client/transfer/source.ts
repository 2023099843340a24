import type { ErrorReason } from '../errors/error-reason.ts';
import type { Manifest } from '../share/manifest.ts';
import type { ArrivedPiece } from './piece-assembler.ts';

/** What a source tells the side that fetches. After `onClosed` comes nothing more. */
export interface SourceListener {
  /** it can be asked from now on */
  onOpened(): void;
  onManifest(manifest: Manifest): void;
  /** a piece that was asked for, whole but not yet checked */
  onPiece(piece: ArrivedPiece): void;
  onUnavailable(piece: number, reason: 'source-changed' | 'source-unreadable'): void;
  /** the share's root hash as the source knows it */
  onRoot(root: string): void;
  onClosed(reason: ErrorReason): void;
}

/** Where pieces come from: one lane to the sender, or whatever else can be asked for pieces by number. */
export interface Source {
  /** Asks for the list of files; the answer is `onManifest`. */
  fetchManifest(): void;
  /** Asks for pieces of the manifest that it gave. */
  request(pieces: readonly number[]): void;
  /** Tells how many bytes the sink holds verified. */
  reportProgress(bytes: number): void;
  /** Tells that the sink holds everything, and with which root hash. */
  reportComplete(root: string): void;
  /** Looks at the clock; to be called about twice a second. @param peerOnline false where signaling lost the peer */
  tick(peerOnline: boolean): void;
  /** Tells the source why, and closes it. */
  close(reason: ErrorReason): void;
}
