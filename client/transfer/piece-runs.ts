import { type Manifest, locatePiece, numberPiece } from '../share/manifest.ts';
import { MAX_RUNS_PER_REQUEST } from './control-message.ts';

/** Consecutive pieces of one file as a request names them: file, first piece, how many. */
export type PieceRun = [file: number, first: number, count: number];

/** Piece numbers as the runs of one or more requests, none with more runs than a request may have. */
export function packRuns(manifest: Manifest, pieces: readonly number[]): PieceRun[][] {
  const requests: PieceRun[][] = [];
  let runs: PieceRun[] = [];
  for (const number of pieces) {
    const { file, piece } = locatePiece(manifest, number);
    const last = runs.at(-1);
    if (last !== undefined && last[0] === file && last[1] + last[2] === piece) {
      last[2] += 1;
      continue;
    }
    if (runs.length === MAX_RUNS_PER_REQUEST || runs.length === 0) {
      runs = [];
      requests.push(runs);
    }
    runs.push([file, piece, 1]);
  }
  return requests;
}

/**
 * The piece numbers that a request names, in its order; or what is wrong with it: it names a piece that does not
 * exist, or more than `most` pieces in all.
 */
export function unpackRuns(
  manifest: Manifest,
  runs: readonly PieceRun[],
  most: number,
): number[] | 'out-of-range' | 'overflow' {
  const pieces: number[] = [];
  for (const [file, first, count] of runs) {
    const start = numberPiece(manifest, file, first);
    if (start === null || numberPiece(manifest, file, first + count - 1) === null) {
      return 'out-of-range';
    }
    if (pieces.length + count > most) return 'overflow';
    for (let index = 0; index < count; index += 1) pieces.push(start + index);
  }
  return pieces;
}
