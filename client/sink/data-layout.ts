import { type Manifest, type PiecePlace, countPieces, locatePiece } from '../share/manifest.ts';
import { type NumberSet, numbersIn } from '../share/number-set.ts';

/** Where the selected files of a share stand in one data file: one behind the other, in the order of the manifest. */
export interface DataLayout {
  readonly manifest: Manifest;
  readonly selected: NumberSet;
  /** of each file, in bytes; of a file that is not selected it says nothing */
  readonly offsets: Float64Array;
  /** of all selected files */
  readonly totalBytes: number;
}

/** Lays out the selected files of a manifest. */
export function layOutData(manifest: Manifest, selected: NumberSet): DataLayout {
  const offsets = new Float64Array(manifest.entries.length);
  let totalBytes = 0;
  for (const file of numbersIn(selected)) {
    offsets[file] = totalBytes;
    totalBytes += manifest.entries[file]?.size ?? 0;
  }
  return { manifest, selected, offsets, totalBytes };
}

/** Where a place of a file is in the data, in bytes from its start. */
export function dataOffset(layout: DataLayout, file: number, start: number): number {
  return (layout.offsets[file] ?? 0) + start;
}

/** The places of a file's pieces, with their numbers in the share. */
export function* placesOf(
  manifest: Manifest,
  file: number,
): Generator<PiecePlace & { readonly number: number }> {
  const first = manifest.firstPieces[file] ?? 0;
  const pieces = countPieces(manifest.entries[file]?.size ?? 0);
  for (let number = first; number < first + pieces; number += 1) {
    yield { ...locatePiece(manifest, number), number };
  }
}
