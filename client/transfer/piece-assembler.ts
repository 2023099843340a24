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
  readonly frames: readonly DataFrame[];
  readonly bytes: number;
}

/** What was asked of one peer and has not wholly arrived: piece number → what is here of it. */
export type AssemblerState = ReadonlyMap<number, PartialPiece>;

const NOTHING_YET: PartialPiece = { hash: null, frames: [], bytes: 0 };

/** Nothing asked for. */
export const EMPTY_ASSEMBLER: AssemblerState = new Map();

/** From now on the frames of these pieces may come. */
export function expectPieces(state: AssemblerState, pieces: readonly number[]): AssemblerState {
  const next = new Map(state);
  for (const piece of pieces) next.set(piece, NOTHING_YET);
  return next;
}

/**
 * Takes one frame; frames of a piece may come in any order, and pieces too.
 * @returns the new state, and the piece if the frame was the last one missing
 * @throws {OnehopError} `frame-out-of-range` (not within the manifest's files, or too small), `frame-unasked`,
 * `frame-duplicate` (bytes that were here already)
 */
export function acceptFrame(
  state: AssemblerState,
  manifest: Manifest,
  frame: DataFrame,
): { readonly state: AssemblerState; readonly arrived: ArrivedPiece | null } {
  const piece = numberPiece(manifest, frame.file, frame.piece);
  if (piece === null) throw new OnehopError('frame-out-of-range');
  const { length } = locatePiece(manifest, piece);
  const end = frame.offset + frame.payload.length;
  const tooSmall = frame.payload.length < MIN_FRAME_PAYLOAD_BYTES && end !== length;
  if (end > length || tooSmall) throw new OnehopError('frame-out-of-range');
  const partial = state.get(piece);
  if (partial === undefined) throw new OnehopError('frame-unasked');
  const grown = addFrame(partial, frame);
  const next = new Map(state);
  if (grown.bytes < length || grown.hash === null) {
    next.set(piece, grown);
    return { state: next, arrived: null };
  }
  next.delete(piece);
  const parts = grown.frames.map((one) => one.payload);
  return { state: next, arrived: { piece, hash: grown.hash, parts } };
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
