import type { ErrorReason } from '../errors/error-reason.ts';
import { type Manifest, locatePiece } from '../share/manifest.ts';
import {
  type NumberSet,
  hasNumber,
  numbersIn,
  sameNumbers,
  withNumbers,
} from '../share/number-set.ts';
import type { FileFailureReason } from './control-message.ts';
import {
  type SourceId,
  type Work,
  closeSource,
  createWork,
  fillWindow,
  landPiece,
  restSource,
  wakeSource,
  withdrawFiles,
} from './fetcher-work.ts';
import type {
  FetcherEffect,
  FetcherEvent,
  FetcherState,
  FetcherStep,
  ShareRoot,
} from './fetcher-state.ts';
import type { ArrivedPiece } from './piece-assembler.ts';

/** A source that sends this many pieces whose hash is wrong is dropped. */
export const MAX_REJECTIONS_PER_SOURCE = 3;

type Fetching = Extract<FetcherState, { type: 'fetching' }>;
type Checking = Extract<FetcherState, { type: 'checking' }>;

/** What a fetcher begins with. */
export interface FetchPlan {
  readonly manifest: Manifest;
  /** the files that are wanted */
  readonly selected: NumberSet;
  /** the pieces that are in the sink already */
  readonly have: NumberSet;
  /** how many bytes may be asked for or on their way to the disk, over all sources */
  readonly windowBytes: number;
}

/** A fetcher that has the pieces in `have` and wants the others of the selected files. Its first event is `start`. */
export function createFetcher(plan: FetchPlan): FetcherState {
  return {
    type: 'fetching',
    work: createWork(plan.manifest, plan.selected, plan.have, plan.windowBytes),
    sourceRoot: null,
    paused: false,
    troubled: false,
  };
}

/**
 * One step of the fetching side: asks sources for missing pieces within the window, has arrived ones checked and
 * stored, and when none is missing compares the root hash with the source's. A file that cannot be had is left out, and
 * the others go on. Pure.
 */
export function stepFetcher(state: FetcherState, event: FetcherEvent): FetcherStep {
  switch (state.type) {
    case 'fetching':
      return advance(onFetching(state, event));
    case 'checking':
      return onChecking(state, event);
    default:
      return { state, effects: [] };
  }
}

interface FetchingStep {
  readonly state: Fetching;
  readonly effects: readonly FetcherEffect[];
}

function onFetching(state: Fetching, event: FetcherEvent): FetchingStep {
  const { work } = state;
  const quiet = (next: Work): FetchingStep => ({ state: { ...state, work: next }, effects: [] });
  switch (event.type) {
    case 'start':
      return { state, effects: [progressOf(work)] };
    case 'source-opened':
      return quiet({ ...work, sources: new Map(work.sources).set(event.source, 0) });
    case 'source-closed':
      return quiet(closeSource(work, event.source));
    case 'source-rests':
      return quiet(restSource(work, event.source, event.pieces));
    case 'source-wakes':
      return quiet(wakeSource(work, event.source));
    case 'arrived':
      return onArrived(state, event.source, event.piece);
    case 'unavailable':
      return withdraw(state, [event.file], event.reason);
    case 'source-root':
      return adoptRoot(state, event.root);
    case 'stored':
      return onStored(state, event.piece);
    case 'rejected':
      return onRejected(state, event.piece);
    case 'store-failed':
      return onStoreFailed(state, event.piece, event.reason);
    case 'own-root':
      return { state, effects: [] };
    case 'pause':
      return { state: { ...state, paused: true }, effects: [] };
    case 'resume':
      return { state: { ...state, paused: false, troubled: false }, effects: [] };
  }
}

/** Brings what follows from the work itself: asking for more, or the last check. */
function advance({ state, effects }: FetchingStep): FetcherStep {
  const { work, sourceRoot, paused, troubled } = state;
  if (troubled) return { state, effects };
  if (work.missing === 0) {
    return {
      state: { type: 'checking', work, sourceRoot, ownRoot: null },
      effects: [...effects, { type: 'compute-root', files: work.covered }],
    };
  }
  if (paused) return { state, effects };
  const filled = fillWindow(work);
  const requests = [...filled.requests].map(([source, pieces]): FetcherEffect => ({
    type: 'request',
    source,
    pieces,
  }));
  return { state: { ...state, work: filled.work }, effects: [...effects, ...requests] };
}

function onChecking(state: Checking, event: FetcherEvent): FetcherStep {
  switch (event.type) {
    case 'own-root':
      return compareRoots({ ...state, ownRoot: event.root });
    case 'source-root':
    case 'unavailable': {
      const fetching: Fetching = { ...state, type: 'fetching', paused: false, troubled: false };
      const step = onFetching(fetching, event);
      // Files that were given up change what the root is over; else it need not be computed again.
      return sameNumbers(step.state.work.covered, state.work.covered)
        ? compareRoots({ ...state, sourceRoot: step.state.sourceRoot })
        : advance(step);
    }
    case 'store-failed':
      return {
        state: { ...state, type: 'fetching', paused: false, troubled: true },
        effects: [{ type: 'trouble', reason: event.reason }],
      };
    default:
      return { state, effects: [] };
  }
}

function compareRoots(state: Checking): FetcherStep {
  const { ownRoot, sourceRoot, work } = state;
  const comparable =
    ownRoot !== null &&
    sourceRoot !== null &&
    sameNumbers(ownRoot.files, work.covered) &&
    sameNumbers(sourceRoot.files, work.covered);
  if (!comparable) return { state, effects: [] };
  if (ownRoot.root === sourceRoot.root) {
    return { state: { type: 'done' }, effects: [{ type: 'complete', root: ownRoot.root }] };
  }
  const reason = 'root-mismatch';
  return { state: { type: 'failed', reason }, effects: [{ type: 'fail', reason }] };
}

/** A root tells, by what it is not over, which files the source has given up. */
function adoptRoot(state: Fetching, sourceRoot: ShareRoot): FetchingStep {
  const lost = [...numbersIn(state.work.covered)].filter(
    (file) => !hasNumber(sourceRoot.files, file),
  );
  return withdraw({ ...state, sourceRoot }, lost, 'source-changed');
}

function withdraw(
  state: Fetching,
  lost: readonly number[],
  reason: FileFailureReason,
): FetchingStep {
  const { work } = state;
  const files = lost.filter((file) => hasNumber(work.covered, file));
  if (files.length === 0) return { state, effects: [] };
  const rest = withdrawFiles(work, files);
  return {
    state: { ...state, work: rest },
    effects: [{ type: 'withdraw', files, reason }, progressOf(rest)],
  };
}

function onArrived(state: Fetching, source: SourceId, piece: ArrivedPiece): FetchingStep {
  const { work } = state;
  if (work.asked.get(piece.piece) !== source) return { state, effects: [] };
  const asked = new Map(work.asked);
  asked.delete(piece.piece);
  const storing = new Map(work.storing).set(piece.piece, source);
  return {
    state: { ...state, work: { ...work, asked, storing } },
    effects: [{ type: 'store', piece }],
  };
}

function onStored(state: Fetching, piece: number): FetchingStep {
  const work = landPiece(state.work, piece);
  // Its file may have been given up meanwhile.
  if (!hasNumber(work.wanted, piece)) return { state: { ...state, work }, effects: [] };
  const { length } = locatePiece(work.manifest, piece);
  const stored: Work = {
    ...work,
    have: withNumbers(work.have, [piece]),
    haveBytes: work.haveBytes + length,
    missing: work.missing - 1,
  };
  return { state: { ...state, work: stored }, effects: [progressOf(stored)] };
}

function progressOf({ haveBytes, missing }: Work): FetcherEffect {
  return { type: 'progress', bytes: haveBytes, whole: missing === 0 };
}

function onRejected(state: Fetching, piece: number): FetchingStep {
  const source = state.work.storing.get(piece);
  const work = askAgain(landPiece(state.work, piece), piece);
  const rejections = source === undefined ? undefined : work.sources.get(source);
  if (source === undefined || rejections === undefined) {
    return { state: { ...state, work }, effects: [] };
  }
  if (rejections + 1 < MAX_REJECTIONS_PER_SOURCE) {
    const sources = new Map(work.sources).set(source, rejections + 1);
    return { state: { ...state, work: { ...work, sources } }, effects: [] };
  }
  return {
    state: { ...state, work: closeSource(work, source) },
    effects: [{ type: 'drop-source', source, reason: 'hash-mismatch' }],
  };
}

function onStoreFailed(state: Fetching, piece: number | null, reason: ErrorReason): FetchingStep {
  const work = piece === null ? state.work : askAgain(landPiece(state.work, piece), piece);
  return {
    state: { ...state, work, troubled: true },
    // Several pieces were on their way to the disk; the first one says it for all.
    effects: state.troubled ? [] : [{ type: 'trouble', reason }],
  };
}

function askAgain(work: Work, piece: number): Work {
  return hasNumber(work.wanted, piece) ? { ...work, again: [...work.again, piece] } : work;
}
