import { type Manifest, locatePiece, numberPiece } from '../share/manifest.ts';
import type { ControlMessage } from './control-message.ts';

/** Bytes of a piece that were asked for, in the form it travels in. */
export interface AskedRange {
  /** in the share's numbering */
  readonly piece: number;
  readonly start: number;
  /** beyond `start`; what lies beyond the end of the form is passed over */
  readonly end: number;
}

type WireRanges = Extract<ControlMessage, { type: 'request' }>['ranges'];

/** The ranges that a request names, in its order; null where one is of no piece, or reaches beyond the piece as it is in its file. */
export function locateRanges(manifest: Manifest, ranges: WireRanges): AskedRange[] | null {
  const located: AskedRange[] = [];
  for (const [file, pieceOfFile, start, length] of ranges) {
    const piece = numberPiece(manifest, file, pieceOfFile);
    const end = start + length;
    if (piece === null || end > locatePiece(manifest, piece).length) return null;
    located.push({ piece, start, end });
  }
  return located;
}
