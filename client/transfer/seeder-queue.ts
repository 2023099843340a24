import type { EncodedPiece } from '../reading/encoded-piece.ts';
import { type Manifest, locatePiece } from '../share/manifest.ts';
import type { AskedRange } from './asked-ranges.ts';
import type { OutgoingRange } from './range-frames.ts';

/** How many pieces a lane has read ahead of its channel: enough that small files flow, few enough to bound what is in hand… */
export const READ_AHEAD_PIECES = 64;
/** …and how many bytes of them: lanes are many, and ask for the same pieces. */
export const READ_AHEAD_BYTES = 2 * 1024 * 1024;

interface AheadPiece {
  readonly file: number;
  /** in the file, in bytes */
  readonly length: number;
  /** how many of `started` are of it */
  readonly ranges: number;
  /** null while it is being read */
  readonly encoded: EncodedPiece | null;
}

/** What a lane's receiver has asked for and was not sent yet. Each step costs no more than a look at what is in hand. */
export interface SeederQueue {
  /** those of which the piece is not ahead yet, in the order asked */
  readonly waiting: readonly AskedRange[];
  /** those of the pieces ahead, in the order asked */
  readonly started: readonly AskedRange[];
  /** how many of `started` could be sent now */
  readonly ready: number;
  /** the pieces that are being read, or are read, by their number in the share */
  readonly ahead: ReadonlyMap<number, AheadPiece>;
  /** of the pieces ahead, as they are in their files */
  readonly aheadBytes: number;
}

/** Nothing was asked for. */
export const EMPTY_SEEDER_QUEUE: SeederQueue = {
  waiting: [],
  started: [],
  ready: 0,
  ahead: new Map(),
  aheadBytes: 0,
};

/** How many ranges were asked for and not sent yet. */
export function countQueued({ waiting, started }: SeederQueue): number {
  return waiting.length + started.length;
}

/** Puts ranges at the end of the queue. */
export function enqueue(queue: SeederQueue, ranges: readonly AskedRange[]): SeederQueue {
  return { ...queue, waiting: [...queue.waiting, ...ranges] };
}

/** Takes ranges from the front of the queue as far as their pieces fit ahead; one piece always does. */
export function takeAhead(
  queue: SeederQueue,
  manifest: Manifest,
): { readonly queue: SeederQueue; readonly reading: readonly number[] } {
  const ahead = new Map(queue.ahead);
  const reading: number[] = [];
  let { ready, aheadBytes } = queue;
  let taken = 0;
  for (; taken < queue.waiting.length; taken += 1) {
    const range = queue.waiting[taken];
    if (range === undefined) break;
    const known = ahead.get(range.piece);
    if (known !== undefined) {
      ahead.set(range.piece, { ...known, ranges: known.ranges + 1 });
      if (known.encoded !== null) ready += 1;
      continue;
    }
    const { file, length } = locatePiece(manifest, range.piece);
    const full = ahead.size >= READ_AHEAD_PIECES || aheadBytes + length > READ_AHEAD_BYTES;
    if (ahead.size > 0 && full) break;
    ahead.set(range.piece, { file, length, ranges: 1, encoded: null });
    aheadBytes += length;
    reading.push(range.piece);
  }
  if (taken === 0) return { queue, reading };
  const waiting = queue.waiting.slice(taken);
  const started = [...queue.started, ...queue.waiting.slice(0, taken)];
  return { queue: { waiting, started, ready, ahead, aheadBytes }, reading };
}

/** Notes that pieces were read. @param pieces by their number in the share */
export function keepRead(
  queue: SeederQueue,
  pieces: ReadonlyMap<number, EncodedPiece>,
): SeederQueue {
  const ahead = new Map(queue.ahead);
  let { ready } = queue;
  for (const [piece, encoded] of pieces) {
    const known = ahead.get(piece);
    if (known === undefined || known.encoded !== null) continue;
    ahead.set(piece, { ...known, encoded });
    ready += known.ranges;
  }
  return { ...queue, ahead, ready };
}

/**
 * Takes out what can be sent now, in the order asked, until it is so many bytes or more. What waits for its piece is
 * overtaken by what does not; what lies beyond the end of a piece's form is passed over.
 */
export function takeReady(
  queue: SeederQueue,
  bytes: number,
): { readonly queue: SeederQueue; readonly outgoing: readonly OutgoingRange[] } {
  const ahead = new Map(queue.ahead);
  const kept: AskedRange[] = [];
  const outgoing: OutgoingRange[] = [];
  let { ready, aheadBytes } = queue;
  let seen = 0;
  for (let room = bytes; ready > 0 && room > 0; seen += 1) {
    const range = queue.started[seen];
    const known = range === undefined ? undefined : ahead.get(range.piece);
    if (range === undefined || known === undefined) break;
    const { encoded } = known;
    if (encoded === null) {
      kept.push(range);
      continue;
    }
    ready -= 1;
    if (known.ranges > 1) ahead.set(range.piece, { ...known, ranges: known.ranges - 1 });
    else {
      ahead.delete(range.piece);
      aheadBytes -= known.length;
    }
    const end = Math.min(range.end, encoded.bytes.length);
    if (range.start >= end) continue;
    outgoing.push({ encoded, start: range.start, end });
    room -= end - range.start;
  }
  const started = [...kept, ...queue.started.slice(seen)];
  return { queue: { ...queue, started, ready, ahead, aheadBytes }, outgoing };
}

/** Takes out everything of a file. */
export function dropFile(queue: SeederQueue, manifest: Manifest, file: number): SeederQueue {
  const first = manifest.firstPieces[file] ?? 0;
  const next = manifest.firstPieces[file + 1] ?? manifest.pieceCount;
  const stays = ({ piece }: { readonly piece: number }) => piece < first || piece >= next;
  const ahead = new Map([...queue.ahead].filter(([piece]) => stays({ piece })));
  const started = queue.started.filter(stays);
  return {
    waiting: queue.waiting.filter(stays),
    started,
    ready: started.filter(({ piece }) => (ahead.get(piece)?.encoded ?? null) !== null).length,
    ahead,
    aheadBytes: [...ahead.values()].reduce((sum, { length }) => sum + length, 0),
  };
}
