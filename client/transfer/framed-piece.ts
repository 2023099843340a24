import type { PiecePlace } from '../share/manifest.ts';
import {
  MIN_CHANNEL_MESSAGE_BYTES,
  dataFrameOverhead,
  writeDataFrameHeader,
} from './data-frame.ts';

/** A piece laid out as the frames it is sent in, all in one buffer. */
export interface FramedPiece {
  readonly hash: Uint8Array<ArrayBuffer>;
  readonly frames: readonly Uint8Array<ArrayBuffer>[];
}

/**
 * Lays a piece out as frames of equal payload, none larger than `maxFrameBytes`: done once, whoever it is sent to.
 * @throws {RangeError} where `maxFrameBytes` is below `MIN_CHANNEL_MESSAGE_BYTES`
 */
export function framePiece(
  place: PiecePlace,
  bytes: Uint8Array,
  hash: Uint8Array<ArrayBuffer>,
  maxFrameBytes: number,
): FramedPiece {
  if (maxFrameBytes < MIN_CHANNEL_MESSAGE_BYTES) throw new RangeError('the channel is too small');
  const frameCount = Math.ceil(bytes.length / (maxFrameBytes - dataFrameOverhead(0)));
  const step = Math.ceil(bytes.length / frameCount);
  const overhead = dataFrameOverhead(0) + (frameCount - 1) * dataFrameOverhead(step);
  const buffer = new ArrayBuffer(bytes.length + overhead);
  const frames: Uint8Array<ArrayBuffer>[] = [];
  let position = 0;
  for (let offset = 0; offset < bytes.length; offset += step) {
    const payload = bytes.subarray(offset, offset + step);
    const headBytes = dataFrameOverhead(offset);
    const frame = new Uint8Array(buffer, position, headBytes + payload.length);
    writeDataFrameHeader(frame, { ...place, offset }, payload.length, hash);
    frame.set(payload, headBytes);
    frames.push(frame);
    position += frame.length;
  }
  return { hash, frames };
}
