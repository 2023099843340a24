import type { PiecePlace } from '../share/manifest.ts';
import type { PieceForm } from '../transfer/piece-form.ts';

/** A piece as it travels: read, hashed, and deflated where that pays. */
export interface EncodedPiece {
  readonly place: PiecePlace;
  /** SHA-256 of the plain piece */
  readonly hash: Uint8Array<ArrayBuffer>;
  readonly form: PieceForm;
  /** the whole piece in this form */
  readonly bytes: Uint8Array<ArrayBuffer>;
}
