import { type Manifest, locatePiece } from '../share/manifest.ts';
import type { FramedPiece } from './framed-piece.ts';

/** How many pieces are read ahead of the channel: enough that small files flow, few enough to bound what is in hand… */
export const READ_AHEAD_PIECES = 64;
/** …and how many bytes of them: enough to hide the disk. */
export const READ_AHEAD_BYTES = 4 * 1024 * 1024;

/** Consecutive pieces in the share's numbering. */
interface Span {
  readonly first: number;
  readonly count: number;
}

interface AheadPiece {
  readonly piece: number;
  readonly file: number;
  readonly length: number;
  /** null while it is being read */
  readonly framed: FramedPiece | null;
}

/** What a lane's receiver has asked for and was not sent yet. Pieces of small files stand in few spans. */
export interface SeederQueue {
  /** not being read yet, in the order asked */
  readonly spans: readonly Span[];
  /** how many pieces the spans hold */
  readonly waiting: number;
  /** being read, or read and on their way into the channel, in order */
  readonly ahead: readonly AheadPiece[];
  readonly aheadBytes: number;
  /** whether the channel is taking the first of `ahead` */
  readonly sending: boolean;
}

/** Nothing was asked for. */
export const EMPTY_SEEDER_QUEUE: SeederQueue = {
  spans: [],
  waiting: 0,
  ahead: [],
  aheadBytes: 0,
  sending: false,
};

/** How many pieces were asked for and not sent yet. */
export function countQueued({ waiting, ahead }: SeederQueue): number {
  return waiting + ahead.length;
}

/** Puts pieces at the end of the queue. */
export function enqueue(queue: SeederQueue, pieces: readonly number[]): SeederQueue {
  const spans = [...queue.spans];
  for (const piece of pieces) {
    const last = spans.at(-1);
    if (last !== undefined && last.first + last.count === piece) {
      spans[spans.length - 1] = { first: last.first, count: last.count + 1 };
    } else {
      spans.push({ first: piece, count: 1 });
    }
  }
  return { ...queue, spans, waiting: queue.waiting + pieces.length };
}

/** Takes from the front of the queue what is to be read now, as far as it fits ahead; one piece always does. */
export function takeAhead(
  queue: SeederQueue,
  manifest: Manifest,
): { readonly queue: SeederQueue; readonly starting: readonly number[] } {
  const ahead = [...queue.ahead];
  const starting: number[] = [];
  let { aheadBytes } = queue;
  let spanIndex = 0;
  let taken = 0;
  while (ahead.length < READ_AHEAD_PIECES) {
    const span = queue.spans[spanIndex];
    if (span === undefined) break;
    const piece = span.first + taken;
    const { file, length } = locatePiece(manifest, piece);
    if (ahead.length > 0 && aheadBytes + length > READ_AHEAD_BYTES) break;
    ahead.push({ piece, file, length, framed: null });
    starting.push(piece);
    aheadBytes += length;
    taken += 1;
    if (taken < span.count) continue;
    spanIndex += 1;
    taken = 0;
  }
  if (starting.length === 0) return { queue, starting };
  const [first, ...others] = queue.spans.slice(spanIndex);
  const rest =
    first === undefined ? [] : [{ first: first.first + taken, count: first.count - taken }];
  const waiting = queue.waiting - starting.length;
  return { queue: { ...queue, spans: [...rest, ...others], waiting, ahead, aheadBytes }, starting };
}

/** Notes that a piece ahead was read. */
export function keepRead(queue: SeederQueue, piece: number, framed: FramedPiece): SeederQueue {
  const index = queue.ahead.findIndex((one) => one.piece === piece && one.framed === null);
  const waiting = queue.ahead[index];
  if (waiting === undefined) return queue;
  return { ...queue, ahead: queue.ahead.with(index, { ...waiting, framed }) };
}

/** The piece to send next, if it is read and the channel has taken the one before. */
export function nextToSend(queue: SeederQueue): FramedPiece | null {
  return queue.sending ? null : (queue.ahead[0]?.framed ?? null);
}

/** Notes that the channel has taken the first piece. */
export function dropSent(queue: SeederQueue): SeederQueue {
  const [first, ...ahead] = queue.ahead;
  const aheadBytes = queue.aheadBytes - (first?.length ?? 0);
  return { ...queue, ahead, aheadBytes, sending: false };
}

/** Takes out every piece of a file, but for one that the channel is taking. */
export function dropFile(queue: SeederQueue, manifest: Manifest, file: number): SeederQueue {
  const start = manifest.firstPieces[file] ?? 0;
  const end = manifest.firstPieces[file + 1] ?? manifest.pieceCount;
  const spans = queue.spans.flatMap((span) => cutOut(span, start, end));
  const ahead = queue.ahead.filter(
    (one, index) => one.file !== file || (index === 0 && queue.sending),
  );
  return {
    ...queue,
    spans,
    waiting: spans.reduce((sum, { count }) => sum + count, 0),
    ahead,
    aheadBytes: ahead.reduce((sum, { length }) => sum + length, 0),
  };
}

/** What of a span is not from `start` to before `end`. */
function cutOut({ first, count }: Span, start: number, end: number): Span[] {
  const before = { first, count: Math.min(first + count, start) - first };
  const from = Math.max(first, end);
  const after = { first: from, count: first + count - from };
  return [before, after].filter((span) => span.count > 0);
}
