import type { DataFrame } from './data-frame.ts';
import type { PieceForm } from './piece-form.ts';

/** A piece whose every byte has arrived, not yet checked against its hash. */
export interface ArrivedPiece {
  /** in the share's numbering */
  readonly piece: number;
  readonly hash: Uint8Array<ArrayBuffer>;
  readonly form: PieceForm;
  /** its bytes in this form, in order */
  readonly parts: readonly Uint8Array<ArrayBuffer>[];
}

interface PartialPiece {
  hash: Uint8Array<ArrayBuffer> | null;
  /** in the order of their offsets */
  readonly frames: DataFrame[];
  bytes: number;
}

/** Puts pieces together from their frames, over whatever lanes those come. Whether a frame was asked for is not its concern. */
export class PieceAssembler {
  readonly #partials = new Map<number, PartialPiece>();

  /**
   * Takes a frame of which no byte is here yet.
   * @param piece in the share's numbering
   * @returns the piece if the frame was the last one missing
   */
  add(piece: number, frame: DataFrame): ArrivedPiece | null {
    const partial = this.#partials.get(piece) ?? { hash: null, frames: [], bytes: 0 };
    const after = partial.frames.findIndex((other) => other.offset > frame.offset);
    partial.frames.splice(after === -1 ? partial.frames.length : after, 0, frame);
    partial.bytes += frame.payload.length;
    // A copy, because the frame's buffer goes away with its payload.
    partial.hash = frame.hash?.slice() ?? partial.hash;
    const { hash, frames, bytes } = partial;
    if (bytes < frame.total || hash === null) {
      this.#partials.set(piece, partial);
      return null;
    }
    this.#partials.delete(piece);
    return { piece, hash, form: frame.form, parts: frames.map(({ payload }) => payload) };
  }

  /** Drops what is here of a piece. */
  drop(piece: number): void {
    this.#partials.delete(piece);
  }
}
