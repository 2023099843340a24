import { OnehopError } from '../errors/onehop-error.ts';
import { type Manifest, locatePiece, numberPiece } from '../share/manifest.ts';
import { type DataFrame, MIN_FRAME_PAYLOAD_BYTES } from './data-frame.ts';

/** A piece whose every byte has arrived, not yet checked against its hash. */
export interface ArrivedPiece {
  /** in the share's numbering */
  readonly piece: number;
  readonly hash: Uint8Array<ArrayBuffer>;
  /** its bytes in order */
  readonly parts: readonly Uint8Array<ArrayBuffer>[];
}

interface PartialPiece {
  readonly hash: Uint8Array<ArrayBuffer> | null;
  /** in the order of their offsets */
  readonly frames: readonly DataFrame[];
  readonly bytes: number;
}

const NOTHING_YET: PartialPiece = { hash: null, frames: [], bytes: 0 };

/** Collects the frames of the pieces that were asked of one peer. Holds no more than what was asked for. */
export class PieceAssembler {
  readonly #manifest: Manifest;
  readonly #partials = new Map<number, PartialPiece>();
  readonly #withdrawn = new Set<number>();

  constructor(manifest: Manifest) {
    this.#manifest = manifest;
  }

  /** How many pieces were asked for and have not wholly arrived. */
  get expected(): number {
    return this.#partials.size;
  }

  /** From now on the frames of these pieces may come. */
  expect(pieces: readonly number[]): void {
    for (const piece of pieces) this.#partials.set(piece, NOTHING_YET);
  }

  /** Nothing more is wanted of these files: frames of them that are on their way still are dropped. */
  withdraw(files: readonly number[]): void {
    for (const file of files) this.#withdrawn.add(file);
    for (const piece of this.#partials.keys()) {
      const { file } = locatePiece(this.#manifest, piece);
      if (this.#withdrawn.has(file)) this.#partials.delete(piece);
    }
  }

  /**
   * Takes one frame; frames of a piece may come in any order, and pieces too.
   * @returns the piece if the frame was the last one missing
   * @throws {OnehopError} `frame-out-of-range` (not within the manifest's files, or too small), `frame-unasked`,
   * `frame-duplicate` (bytes that were here already)
   */
  accept(frame: DataFrame): ArrivedPiece | null {
    const piece = numberPiece(this.#manifest, frame.file, frame.piece);
    if (piece === null) throw new OnehopError('frame-out-of-range');
    const { length } = locatePiece(this.#manifest, piece);
    const end = frame.offset + frame.payload.length;
    const tooSmall = frame.payload.length < MIN_FRAME_PAYLOAD_BYTES && end !== length;
    if (end > length || tooSmall) throw new OnehopError('frame-out-of-range');
    if (this.#withdrawn.has(frame.file)) return null;
    const partial = this.#partials.get(piece);
    if (partial === undefined) throw new OnehopError('frame-unasked');
    const grown = addFrame(partial, frame);
    if (grown.bytes < length || grown.hash === null) {
      this.#partials.set(piece, grown);
      return null;
    }
    this.#partials.delete(piece);
    return { piece, hash: grown.hash, parts: grown.frames.map((one) => one.payload) };
  }
}

function addFrame(partial: PartialPiece, frame: DataFrame): PartialPiece {
  const after = partial.frames.findIndex((other) => other.offset >= frame.offset);
  const index = after === -1 ? partial.frames.length : after;
  const before = partial.frames[index - 1];
  const behind = partial.frames[index];
  const overlaps =
    (before !== undefined && before.offset + before.payload.length > frame.offset) ||
    (behind !== undefined && frame.offset + frame.payload.length > behind.offset);
  if (overlaps) throw new OnehopError('frame-duplicate');
  return {
    // A copy, because the frame's buffer goes away with its payload.
    hash: frame.hash?.slice() ?? partial.hash,
    frames: partial.frames.toSpliced(index, 0, frame),
    bytes: partial.bytes + frame.payload.length,
  };
}
