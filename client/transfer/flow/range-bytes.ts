import { DATA_HEADER_BYTES, MIN_FRAME_PAYLOAD_BYTES } from '../data-frame.ts';
import { HASH_BYTES } from '../../integrity/hash-ledger.ts';

/** Ranges grow in steps of this size, and are at least one step; header and hash of their frame included. */
const STEP_BYTES = 16 * 1024;
/** What the frame of a range takes at most on a channel, header and hash included. */
const MAX_MESSAGE_BYTES = 256 * 1024;
const OVERHEAD_BYTES = DATA_HEADER_BYTES + HASH_BYTES;

/** A lane is kept busy by one range for about this long, so that a control message never waits long behind it. */
const RANGE_MS = 20;
/** From this rate on, the processor's work for each frame is what limits; frames are made larger then. In bytes/s. */
const FAST_BYTES_PER_SECOND = 14 * 1024 * 1024;
const FAST_RANGE_MS = 10;

/** The smallest range, in bytes. */
export const MIN_RANGE_BYTES = STEP_BYTES - OVERHEAD_BYTES;
/** The largest range, in bytes: what fits into one frame of the largest message. */
export const MAX_RANGE_BYTES = MAX_MESSAGE_BYTES - OVERHEAD_BYTES;

/**
 * How many bytes one range asks of a lane.
 * @param laneRate what the lane delivers, in bytes/s @param totalRate what all lanes deliver together, in bytes/s
 * @param laneBytes the lane's share of the window: at least two ranges are to fit into it
 */
export function rangeBytesFor(laneRate: number, totalRate: number, laneBytes: number): number {
  const fast = totalRate >= FAST_BYTES_PER_SECOND ? totalRate * FAST_RANGE_MS : 0;
  const wanted = Math.min(Math.max(laneRate * RANGE_MS, fast) / 1_000, laneBytes / 2);
  const steps = Math.round(wanted / STEP_BYTES);
  const bytes = Math.min(Math.max(steps, 1) * STEP_BYTES, MAX_MESSAGE_BYTES);
  return bytes - OVERHEAD_BYTES;
}

/**
 * Where a range of about `rangeBytes` that begins at `start` ends, if all up to `limit` may be asked for. What is left
 * is cut evenly, so that no small rest is a frame of its own.
 */
export function rangeEnd(start: number, limit: number, rangeBytes: number): number {
  const left = limit - start;
  const least = Math.ceil(left / MAX_RANGE_BYTES);
  const most = Math.floor(left / MIN_FRAME_PAYLOAD_BYTES);
  const ranges = Math.max(least, Math.min(Math.round(left / rangeBytes), most));
  return start + Math.ceil(left / ranges);
}
