import type { PiecePlace } from '../share/manifest.ts';
import type { HashedPiece } from './piece-journal.ts';

/** A piece whose bytes are what its hash says. */
export interface VerifiedPiece extends HashedPiece {
  readonly place: PiecePlace;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Where a sink notes what it has. */
export interface PieceLog {
  /** Notes pieces that are written. @throws {OnehopError} `storage-full` or `storage-failed`; then none is noted */
  keep(pieces: readonly HashedPiece[]): void;
  /** Notes that everything kept so far is on the disk. @throws {OnehopError} */
  checkpoint(): void;
  /** Whether this piece is noted. */
  has(piece: number): boolean;
}

/**
 * Where verified bytes go. A sink lives in the worker that checks them; nothing is written that was not checked, and nothing is noted in
 * its log that is not written. Calls come one after another. Every sink passes the suite in `sink-contract.ts`.
 */
export interface Sink {
  /**
   * Writes verified pieces. After a failure the log says which of them, and of those before, are kept.
   * @throws {OnehopError} `storage-full`, `storage-failed` or `folder-refused`
   */
  write(pieces: readonly VerifiedPiece[]): Promise<void>;
  /** The bytes at a place, or null where they are not all there. @throws {OnehopError} `storage-failed` */
  readBack(place: PiecePlace): Promise<Uint8Array<ArrayBuffer> | null>;
  /**
   * The file as it stands, once all of its pieces were written; an empty file exists without a write.
   * @throws {OnehopError} `storage-failed`
   */
  read(file: number): Promise<Blob>;
  /** Makes what was written last: after it, neither a crash of the page nor of the machine loses any of it. */
  flush(): Promise<void>;
  /** Removes everything that was written. */
  discard(): Promise<void>;
  /** Lets go of everything that is open, and keeps what the log has. */
  close(): Promise<void>;
}
