import type { EncodedPiece } from '../reading/encoded-piece.ts';
import { dataFrameOverhead, writeDataFrameHeader } from './data-frame.ts';

/** Bytes of an encoded piece on their way to a receiver. */
export interface OutgoingRange {
  readonly encoded: EncodedPiece;
  readonly start: number;
  /** beyond `start`, and not beyond the piece's bytes */
  readonly end: number;
}

/**
 * The frames that carry a range: of equal payload, as few as fit the channel.
 * @param maxMessageBytes what the channel takes at once, at least `MIN_CHANNEL_MESSAGE_BYTES`
 */
export function* frameRange(
  { encoded, start, end }: OutgoingRange,
  maxMessageBytes: number,
): Generator<Uint8Array<ArrayBuffer>> {
  const { place, form, hash, bytes } = encoded;
  const frameCount = Math.ceil((end - start) / (maxMessageBytes - dataFrameOverhead(0)));
  const step = Math.ceil((end - start) / frameCount);
  for (let offset = start; offset < end; offset += step) {
    const payload = bytes.subarray(offset, Math.min(offset + step, end));
    const headBytes = dataFrameOverhead(offset);
    const frame = new Uint8Array(headBytes + payload.length);
    const { file, piece } = place;
    const at = { file, piece, form, total: bytes.length, offset };
    writeDataFrameHeader(frame, at, payload.length, hash);
    frame.set(payload, headBytes);
    yield frame;
  }
}
