/** A set of piece numbers below a fixed size, one bit each. */
export interface PieceSet {
  readonly size: number;
  /** how many pieces are in it */
  readonly count: number;
  readonly bits: Uint8Array;
}

/** The empty set of pieces numbered below `size`. */
export function emptyPieceSet(size: number): PieceSet {
  return { size, count: 0, bits: new Uint8Array(Math.ceil(size / 8)) };
}

/** Whether `piece` is in the set. */
export function hasPiece(set: PieceSet, piece: number): boolean {
  return ((set.bits[piece >> 3] ?? 0) & (1 << (piece & 7))) !== 0;
}

/** The set with `piece` in it; `set` stays as it is. @throws {RangeError} for a number not below its size */
export function withPiece(set: PieceSet, piece: number): PieceSet {
  if (piece < 0 || piece >= set.size) throw new RangeError('no such piece');
  if (hasPiece(set, piece)) return set;
  const bits = set.bits.slice();
  bits[piece >> 3] = (bits[piece >> 3] ?? 0) | (1 << (piece & 7));
  return { size: set.size, count: set.count + 1, bits };
}
