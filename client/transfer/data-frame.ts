import { OnehopError } from '../errors/onehop-error.ts';
import { HASH_BYTES } from '../integrity/hash-ledger.ts';
import { PIECE_BYTES } from '../share/manifest.ts';
import type { PieceForm } from './piece-form.ts';

/** The first byte of every message: the version of this framing. It stays while `hello` can still be read. */
export const FRAME_VERSION = 1;
/** The second byte: JSON follows the four-byte head, or the rest of a data frame's header. */
export const FRAME_TYPE = { control: 1, data: 2 } as const;
/** Bytes before a control message's JSON: version, type, flags. */
export const CONTROL_HEADER_BYTES = 4;
/** Bytes of a data frame before its hash (if any) and its payload. */
export const DATA_HEADER_BYTES = 24;
/** A channel that takes no messages of this size is not used. */
export const MIN_CHANNEL_MESSAGE_BYTES = 16 * 1024;
/** A frame that does not end its piece carries at least this much, so that a piece has at most 256 frames. */
export const MIN_FRAME_PAYLOAD_BYTES = 4 * 1024;

const FLAG_HASH = 1;
const FLAG_DEFLATED = 2;

/** Where a data frame's payload belongs. */
export interface FramePlace {
  readonly file: number;
  readonly piece: number;
  readonly form: PieceForm;
  /** how many bytes the piece has in this form */
  readonly total: number;
  /** within the piece in this form, in bytes */
  readonly offset: number;
}

/** A part of a piece. The frame at offset 0 carries the piece's SHA-256; the others have none. */
export interface DataFrame extends FramePlace {
  readonly hash: Uint8Array<ArrayBuffer> | null;
  /** a view into the message it came in; its buffer holds nothing else but the header */
  readonly payload: Uint8Array<ArrayBuffer>;
}

/** How many bytes a data frame takes up before its payload. */
export function dataFrameOverhead(offset: number): number {
  return offset === 0 ? DATA_HEADER_BYTES + HASH_BYTES : DATA_HEADER_BYTES;
}

/**
 * Writes a data frame's header, and at offset 0 the piece's hash, in front of a payload that stands or will stand
 * behind it. All numbers are big-endian.
 * @param target at least `dataFrameOverhead(place.offset)` bytes
 */
export function writeDataFrameHeader(
  target: Uint8Array<ArrayBuffer>,
  place: FramePlace,
  payloadBytes: number,
  hash: Uint8Array,
): void {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  view.setUint8(0, FRAME_VERSION);
  view.setUint8(1, FRAME_TYPE.data);
  view.setUint16(2, flagsOf(place));
  view.setUint32(4, place.file);
  view.setUint32(8, place.piece);
  view.setUint32(12, place.offset);
  view.setUint32(16, payloadBytes);
  view.setUint32(20, place.total);
  if (place.offset === 0) target.set(hash, DATA_HEADER_BYTES);
}

/**
 * Reads a data frame. What it says is then still to be held against the manifest and against what was asked for.
 * @throws {OnehopError} `frame-malformed`
 */
export function decodeDataFrame(message: ArrayBuffer): DataFrame {
  if (message.byteLength < DATA_HEADER_BYTES) throw new OnehopError('frame-malformed');
  const view = new DataView(message);
  const flags = view.getUint16(2);
  const offset = view.getUint32(12);
  const length = view.getUint32(16);
  const total = view.getUint32(20);
  const form = (flags & FLAG_DEFLATED) === 0 ? 'plain' : 'deflated';
  const overhead = dataFrameOverhead(offset);
  if (
    view.getUint8(0) !== FRAME_VERSION ||
    view.getUint8(1) !== FRAME_TYPE.data ||
    flags !== flagsOf({ form, offset }) ||
    length === 0 ||
    offset + length > total ||
    total > PIECE_BYTES ||
    message.byteLength !== overhead + length
  ) {
    throw new OnehopError('frame-malformed');
  }
  return {
    file: view.getUint32(4),
    piece: view.getUint32(8),
    form,
    total,
    offset,
    hash: offset === 0 ? new Uint8Array(message, DATA_HEADER_BYTES, HASH_BYTES) : null,
    payload: new Uint8Array(message, overhead, length),
  };
}

function flagsOf({ form, offset }: Pick<FramePlace, 'form' | 'offset'>): number {
  return (offset === 0 ? FLAG_HASH : 0) | (form === 'deflated' ? FLAG_DEFLATED : 0);
}
