import type { PiecePlace } from '../share/manifest.ts';
import type { FileFailureReason } from '../transfer/control-message.ts';

/** A piece to be read. */
export interface WantedPiece {
  /** in the share's numbering */
  readonly number: number;
  readonly place: PiecePlace;
  /** false where only its hash is wanted */
  readonly bytesToo: boolean;
}

/** What came of reading a piece; without bytes where only its hash was wanted. */
export type ReadPiece =
  | {
      readonly type: 'read';
      readonly hash: Uint8Array<ArrayBuffer>;
      readonly bytes: Uint8Array<ArrayBuffer>;
    }
  | { readonly type: 'failed'; readonly reason: FileFailureReason };

/** What an earlier page read of the share. */
export interface KnownHashes {
  /** in the share's numbering */
  readonly pieces: Uint32Array<ArrayBuffer>;
  /** SHA-256 of each, one behind the other */
  readonly hashes: Uint8Array<ArrayBuffer>;
}

/** What the read worker answers: it reads pieces of the chosen files and hashes them. */
export type ReadCalls = {
  readonly open: {
    readonly request: {
      /** by their number in the manifest; null where there is none */
      readonly files: readonly (File | null)[];
      readonly pieceCount: number;
      /** where the hash of each piece is kept; null where nothing is */
      readonly journal: FileSystemFileHandle | null;
    };
    readonly reply: KnownHashes;
  };
  readonly read: {
    readonly request: { readonly pieces: readonly WantedPiece[] };
    /** in the same order */
    readonly reply: readonly ReadPiece[];
  };
};
