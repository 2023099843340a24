import type { ErrorReason } from '../errors/error-reason.ts';
import { type Manifest, locatePiece } from '../share/manifest.ts';
import type { ArrivedPiece } from './piece-assembler.ts';
import { type PieceSet, hasPiece, withPiece } from './piece-set.ts';

/** Names a source among those of one transfer. */
export type SourceId = number;

/** A source that sends this many pieces whose hash is wrong is dropped. */
export const MAX_REJECTIONS_PER_SOURCE = 3;

/** How many pieces may be on their way at once besides the window in bytes, so that small files stay manageable. */
export const MAX_PIECES_IN_FLIGHT = 128;

interface Work {
  readonly manifest: Manifest;
  /** how many bytes may be asked for or on their way to the disk, over all sources */
  readonly windowBytes: number;
  readonly have: PieceSet;
  readonly haveBytes: number;
  /** every piece below it is in `have`, `asked`, `storing` or `again` */
  readonly cursor: number;
  /** pieces to be asked for a second time */
  readonly again: readonly number[];
  readonly asked: ReadonlyMap<number, SourceId>;
  readonly storing: ReadonlyMap<number, SourceId>;
  readonly inFlightBytes: number;
  /** open sources, each with how many of its pieces were rejected */
  readonly sources: ReadonlyMap<SourceId, number>;
  readonly sourceRoot: string | null;
}

/** Where a transfer stands, on the side that fetches. */
export type FetcherState =
  | { readonly type: 'fetching'; readonly work: Work }
  | { readonly type: 'checking'; readonly work: Work; readonly ownRoot: string | null }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly reason: ErrorReason };

/** What happens to a fetcher. */
export type FetcherEvent =
  | { readonly type: 'start' }
  | { readonly type: 'source-opened'; readonly source: SourceId }
  | { readonly type: 'source-closed'; readonly source: SourceId }
  | { readonly type: 'arrived'; readonly source: SourceId; readonly piece: ArrivedPiece }
  | {
      readonly type: 'unavailable';
      readonly source: SourceId;
      readonly piece: number;
      readonly reason: 'source-changed' | 'source-unreadable';
    }
  | { readonly type: 'source-root'; readonly root: string }
  | { readonly type: 'stored'; readonly piece: number }
  | { readonly type: 'rejected'; readonly piece: number }
  | { readonly type: 'store-failed'; readonly reason: ErrorReason }
  | { readonly type: 'own-root'; readonly root: string };

/** What a fetcher wants done. */
export type FetcherEffect =
  | { readonly type: 'request'; readonly source: SourceId; readonly pieces: readonly number[] }
  | { readonly type: 'store'; readonly piece: ArrivedPiece }
  | { readonly type: 'progress'; readonly bytes: number }
  | { readonly type: 'compute-root' }
  | { readonly type: 'complete'; readonly root: string }
  | { readonly type: 'drop-source'; readonly source: SourceId; readonly reason: 'hash-mismatch' }
  | { readonly type: 'fail'; readonly reason: ErrorReason };

/** The next state and what is to be done about it. */
export interface FetcherStep {
  readonly state: FetcherState;
  readonly effects: readonly FetcherEffect[];
}

/** A fetcher that has the pieces in `have` and wants the others. Its first event is `start`. */
export function createFetcher(
  manifest: Manifest,
  have: PieceSet,
  windowBytes: number,
): FetcherState {
  let haveBytes = 0;
  for (let piece = 0; piece < manifest.pieceCount; piece += 1) {
    if (hasPiece(have, piece)) haveBytes += locatePiece(manifest, piece).length;
  }
  const work: Work = {
    manifest,
    windowBytes,
    have,
    haveBytes,
    cursor: 0,
    again: [],
    asked: new Map(),
    storing: new Map(),
    inFlightBytes: 0,
    sources: new Map(),
    sourceRoot: null,
  };
  return { type: 'fetching', work };
}

/**
 * One step of the fetching side: asks sources for missing pieces within the window, has arrived ones checked and
 * stored, and when none is missing compares the share's root hash with the source's. Pure.
 */
export function stepFetcher(state: FetcherState, event: FetcherEvent): FetcherStep {
  switch (state.type) {
    case 'fetching':
      return advance(onFetching(state.work, event));
    case 'checking':
      return onChecking(state, event);
    default:
      return { state, effects: [] };
  }
}

interface WorkStep {
  readonly work: Work;
  readonly effects: readonly FetcherEffect[];
  readonly failure?: ErrorReason;
}

function onFetching(work: Work, event: FetcherEvent): WorkStep {
  switch (event.type) {
    case 'start':
      return { work, effects: [{ type: 'progress', bytes: work.haveBytes }] };
    case 'source-opened':
      return {
        work: { ...work, sources: new Map(work.sources).set(event.source, 0) },
        effects: [],
      };
    case 'source-closed':
      return { work: closeSource(work, event.source), effects: [] };
    case 'arrived':
      return onArrived(work, event.source, event.piece);
    case 'unavailable':
      return { work, effects: [], failure: event.reason };
    case 'source-root':
      return { work: { ...work, sourceRoot: event.root }, effects: [] };
    case 'stored':
      return onStored(work, event.piece);
    case 'rejected':
      return onRejected(work, event.piece);
    case 'store-failed':
      return { work, effects: [], failure: event.reason };
    case 'own-root':
      return { work, effects: [] };
  }
}

/** Brings what follows from the work itself: failing, asking for more, or the last check. */
function advance({ work, effects, failure }: WorkStep): FetcherStep {
  if (failure !== undefined) {
    return {
      state: { type: 'failed', reason: failure },
      effects: [...effects, { type: 'fail', reason: failure }],
    };
  }
  if (work.have.count === work.manifest.pieceCount) {
    return {
      state: { type: 'checking', work, ownRoot: null },
      effects: [...effects, { type: 'compute-root' }],
    };
  }
  const filled = fillWindow(work);
  return {
    state: { type: 'fetching', work: filled.work },
    effects: [...effects, ...filled.effects],
  };
}

function onChecking(
  state: Extract<FetcherState, { type: 'checking' }>,
  event: FetcherEvent,
): FetcherStep {
  const ownRoot = event.type === 'own-root' ? event.root : state.ownRoot;
  const sourceRoot = event.type === 'source-root' ? event.root : state.work.sourceRoot;
  if (event.type === 'store-failed') return fail(event.reason);
  if (ownRoot === null || sourceRoot === null) {
    return { state: { ...state, ownRoot, work: { ...state.work, sourceRoot } }, effects: [] };
  }
  if (ownRoot !== sourceRoot) return fail('root-mismatch');
  return { state: { type: 'done' }, effects: [{ type: 'complete', root: ownRoot }] };
}

function fail(reason: ErrorReason): FetcherStep {
  return { state: { type: 'failed', reason }, effects: [{ type: 'fail', reason }] };
}

function onArrived(work: Work, source: SourceId, piece: ArrivedPiece): WorkStep {
  if (work.asked.get(piece.piece) !== source) return { work, effects: [] };
  const asked = new Map(work.asked);
  asked.delete(piece.piece);
  const storing = new Map(work.storing).set(piece.piece, source);
  return { work: { ...work, asked, storing }, effects: [{ type: 'store', piece }] };
}

function onStored(work: Work, piece: number): WorkStep {
  const { length } = locatePiece(work.manifest, piece);
  const landed = land(work, piece);
  const haveBytes = landed.haveBytes + length;
  return {
    work: { ...landed, have: withPiece(landed.have, piece), haveBytes },
    effects: [{ type: 'progress', bytes: haveBytes }],
  };
}

function onRejected(work: Work, piece: number): WorkStep {
  const source = work.storing.get(piece);
  const landed = land(work, piece);
  const retry = { ...landed, again: [...landed.again, piece] };
  const rejections = source === undefined ? undefined : work.sources.get(source);
  if (source === undefined || rejections === undefined) return { work: retry, effects: [] };
  if (rejections + 1 < MAX_REJECTIONS_PER_SOURCE) {
    const sources = new Map(retry.sources).set(source, rejections + 1);
    return { work: { ...retry, sources }, effects: [] };
  }
  return {
    work: closeSource(retry, source),
    effects: [{ type: 'drop-source', source, reason: 'hash-mismatch' }],
  };
}

/** Takes a piece out of those on their way to the disk. */
function land(work: Work, piece: number): Work {
  const storing = new Map(work.storing);
  storing.delete(piece);
  const { length } = locatePiece(work.manifest, piece);
  return { ...work, storing, inFlightBytes: work.inFlightBytes - length };
}

function closeSource(work: Work, source: SourceId): Work {
  const sources = new Map(work.sources);
  sources.delete(source);
  const asked = new Map(work.asked);
  const again = [...work.again];
  let { inFlightBytes } = work;
  for (const [piece, from] of work.asked) {
    if (from !== source) continue;
    asked.delete(piece);
    again.push(piece);
    inFlightBytes -= locatePiece(work.manifest, piece).length;
  }
  return { ...work, sources, asked, again, inFlightBytes };
}

/** Asks for missing pieces until the window is full; each goes to the source that has the fewest to deliver. */
function fillWindow(work: Work): { work: Work; effects: FetcherEffect[] } {
  if (work.sources.size === 0) return { work, effects: [] };
  const load = new Map([...work.sources.keys()].map((source) => [source, 0]));
  for (const source of work.asked.values()) load.set(source, (load.get(source) ?? 0) + 1);
  const requests = new Map<SourceId, number[]>();
  const asked = new Map(work.asked);
  const again = [...work.again];
  let { cursor, inFlightBytes } = work;
  const { storing } = work;
  while (inFlightBytes < work.windowBytes && asked.size + storing.size < MAX_PIECES_IN_FLIGHT) {
    while (cursor < work.manifest.pieceCount && hasPiece(work.have, cursor)) cursor += 1;
    const piece = again.shift() ?? cursor;
    if (piece >= work.manifest.pieceCount) break;
    if (piece === cursor) cursor += 1;
    const source = leastLoaded(load);
    load.set(source, (load.get(source) ?? 0) + 1);
    asked.set(piece, source);
    const request = requests.get(source);
    if (request === undefined) requests.set(source, [piece]);
    else request.push(piece);
    inFlightBytes += locatePiece(work.manifest, piece).length;
  }
  const effects = [...requests].map(([source, pieces]): FetcherEffect => ({
    type: 'request',
    source,
    pieces,
  }));
  return { work: { ...work, cursor, again, asked, inFlightBytes }, effects };
}

function leastLoaded(load: ReadonlyMap<SourceId, number>): SourceId {
  let best: SourceId = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [source, pieces] of load) {
    if (pieces < least) [best, least] = [source, pieces];
  }
  return best;
}
