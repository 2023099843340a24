import { HASH_BYTES } from '../integrity/hash-ledger.ts';
import { type Manifest, type PiecePlace, locatePiece } from '../share/manifest.ts';
import { RECORD_BYTES, SEAL_BYTES, SEALED_RECORD_BYTES, type RecordPlace } from './record.ts';

/** Bytes `start` to before `end` of something. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where everything lies in an upload's stream, before that is cut into records and sealed; all in bytes. */
export interface UploadLayout {
  readonly manifest: Manifest;
  /** where the list of files ends and the pieces begin */
  readonly prefaceBytes: number;
  /** where the pieces end and the hash list begins */
  readonly hashListStart: number;
  /** how long the stream is */
  readonly streamBytes: number;
  readonly recordCount: number;
  /** how long the upload is: all records, sealed */
  readonly sealedBytes: number;
  /** how much of it is the preface */
  readonly sealedPrefaceBytes: number;
  /** how many bytes all files before each file have */
  readonly fileStarts: Float64Array;
}

/** The layout of an upload. @param prefaceBytes how long its preface is: whole records */
export function layOutUpload(manifest: Manifest, prefaceBytes: number): UploadLayout {
  const hashBytes = manifest.pieceCount * HASH_BYTES;
  const hashListStart = prefaceBytes + hashBytes + manifest.totalBytes;
  const streamBytes = hashListStart + hashBytes;
  const recordCount = countRecords(streamBytes);
  const fileStarts = new Float64Array(manifest.entries.length);
  let start = 0;
  for (const [file, { size }] of manifest.entries.entries()) {
    fileStarts[file] = start;
    start += size;
  }
  return {
    manifest,
    prefaceBytes,
    hashListStart,
    streamBytes,
    recordCount,
    sealedBytes: sealedLength(streamBytes),
    sealedPrefaceBytes: sealedLength(prefaceBytes),
    fileStarts,
  };
}

/** How many records a stream of so many bytes is cut into. */
export function countRecords(streamBytes: number): number {
  return Math.ceil(streamBytes / RECORD_BYTES);
}

/** How long a stream of so many bytes is once it is sealed. */
export function sealedLength(streamBytes: number): number {
  return streamBytes + countRecords(streamBytes) * SEAL_BYTES;
}

/** How long the stream is of an upload of so many sealed bytes; null where no stream has that length. */
export function streamLength(sealedBytes: number): number | null {
  const records = Math.ceil(sealedBytes / SEALED_RECORD_BYTES);
  const streamBytes = sealedBytes - records * SEAL_BYTES;
  return streamBytes > 0 && sealedLength(streamBytes) === sealedBytes ? streamBytes : null;
}

/** Where a piece lies in the stream: its hash, and behind that its bytes. */
export function pieceSpan(layout: UploadLayout, piece: number): Span {
  const place = locatePiece(layout.manifest, piece);
  const start = layout.prefaceBytes + piece * HASH_BYTES + bytesBefore(layout, place);
  return { start, end: start + HASH_BYTES + place.length };
}

/** Where the hashes of the pieces `first` to before `end` lie in the hash list. */
export function hashSpan(layout: UploadLayout, first: number, end: number): Span {
  const { hashListStart } = layout;
  return { start: hashListStart + first * HASH_BYTES, end: hashListStart + end * HASH_BYTES };
}

/** The piece that this byte of the stream is of; null outside the pieces. */
export function pieceAt(layout: UploadLayout, position: number): number | null {
  if (position < layout.prefaceBytes || position >= layout.hashListStart) return null;
  let low = 0;
  let high = layout.manifest.pieceCount - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (pieceSpan(layout, middle).start <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How many bytes of files stand before this byte of the stream: how far an upload is that has come to here. */
export function fileBytesBefore(layout: UploadLayout, position: number): number {
  const piece = pieceAt(layout, position);
  if (piece === null) return position < layout.prefaceBytes ? 0 : layout.manifest.totalBytes;
  const place = locatePiece(layout.manifest, piece);
  const inPiece = position - pieceSpan(layout, piece).start - HASH_BYTES;
  return bytesBefore(layout, place) + Math.min(Math.max(0, inPiece), place.length);
}

/** The records that these bytes of the stream are in: `first` to before `end`. */
export function recordsOf({ start, end }: Span): { readonly first: number; readonly end: number } {
  return { first: Math.floor(start / RECORD_BYTES), end: Math.ceil(end / RECORD_BYTES) };
}

/** Which bytes of a stream of so many bytes a record holds. */
export function recordSpan(streamBytes: number, index: number): Span {
  const start = index * RECORD_BYTES;
  return { start, end: Math.min(start + RECORD_BYTES, streamBytes) };
}

/** Where the records `first` to before `end` lie in the sealed upload of a stream of so many bytes. */
export function sealedSpan(streamBytes: number, first: number, end: number): Span {
  return {
    start: first * SEALED_RECORD_BYTES,
    end: Math.min(end * SEALED_RECORD_BYTES, sealedLength(streamBytes)),
  };
}

/** The place of a record in a stream of so many bytes. */
export function recordPlace(streamBytes: number, index: number): RecordPlace {
  return { index, last: index === countRecords(streamBytes) - 1 };
}

/** How many bytes of files stand before a piece. */
function bytesBefore({ fileStarts }: UploadLayout, { file, start }: PiecePlace): number {
  return (fileStarts[file] ?? 0) + start;
}
