import { type Manifest, countPieces, locatePiece } from '../share/manifest.ts';
import {
  type NumberSet,
  emptyNumberSet,
  hasNumber,
  numbersIn,
  withNumbers,
} from '../share/number-set.ts';

/** Names a source among those of one transfer. */
export type SourceId = number;

/** How many pieces may be on their way at once besides the window in bytes, so that small files stay manageable. */
export const MAX_PIECES_IN_FLIGHT = 512;
/** Where that number is the limit, so many are asked for at once: a message for every small piece would cost more than the piece. */
export const LEAST_PIECES_ASKED = 64;

/** What is fetched of a share, and how far that is: the part of a fetcher that is about pieces. */
export interface Work {
  readonly manifest: Manifest;
  /** the files that are wanted and can be had */
  readonly covered: NumberSet;
  /** their pieces */
  readonly wanted: NumberSet;
  /** how many bytes may be asked for or on their way to the disk, over all sources */
  readonly windowBytes: number;
  readonly have: NumberSet;
  /** how many bytes of what is wanted are in `have` */
  readonly haveBytes: number;
  /** how many pieces are in `wanted` and not in `have` */
  readonly missing: number;
  /** every wanted piece below it is in `have`, `asked`, `storing` or `again` */
  readonly cursor: number;
  /** pieces to be asked for a second time */
  readonly again: readonly number[];
  readonly asked: ReadonlyMap<number, SourceId>;
  readonly storing: ReadonlyMap<number, SourceId>;
  readonly inFlightBytes: number;
  /** open sources, each with how many of its pieces were rejected */
  readonly sources: ReadonlyMap<SourceId, number>;
  /** those of them that are asked for nothing */
  readonly resting: ReadonlySet<SourceId>;
}

/** The work of fetching the pieces of the `selected` files that are not in `have`. */
export function createWork(
  manifest: Manifest,
  selected: NumberSet,
  have: NumberSet,
  windowBytes: number,
): Work {
  const wanted = withNumbers(
    emptyNumberSet(manifest.pieceCount),
    piecesOf(manifest, numbersIn(selected)),
  );
  let haveBytes = 0;
  let missing = wanted.count;
  for (const piece of numbersIn(have)) {
    if (!hasNumber(wanted, piece)) continue;
    haveBytes += locatePiece(manifest, piece).length;
    missing -= 1;
  }
  return {
    manifest,
    covered: selected,
    wanted,
    windowBytes,
    have,
    haveBytes,
    missing,
    cursor: 0,
    again: [],
    asked: new Map(),
    storing: new Map(),
    inFlightBytes: 0,
    sources: new Map(),
    resting: new Set(),
  };
}

/** Gives files up that are `covered`: nothing of them is wanted any more. All in one go, as they may be thousands. */
export function withdrawFiles(work: Work, files: readonly number[]): Work {
  const { manifest } = work;
  const wanted = withNumbers(work.wanted, piecesOf(manifest, files), false);
  let { haveBytes, missing, inFlightBytes } = work;
  for (const piece of piecesOf(manifest, files)) {
    if (hasNumber(work.have, piece)) haveBytes -= locatePiece(manifest, piece).length;
    else missing -= 1;
  }
  const asked = new Map(work.asked);
  for (const piece of work.asked.keys()) {
    if (hasNumber(wanted, piece)) continue;
    asked.delete(piece);
    inFlightBytes -= locatePiece(manifest, piece).length;
  }
  return {
    ...work,
    covered: withNumbers(work.covered, files, false),
    wanted,
    haveBytes,
    missing,
    again: work.again.filter((piece) => hasNumber(wanted, piece)),
    asked,
    inFlightBytes,
  };
}

/** Takes a piece out of those on their way to the disk. */
export function landPiece(work: Work, piece: number): Work {
  const storing = new Map(work.storing);
  storing.delete(piece);
  const { length } = locatePiece(work.manifest, piece);
  return { ...work, storing, inFlightBytes: work.inFlightBytes - length };
}

/** Takes a source out; what it still owed is to be asked for again. */
export function closeSource(work: Work, source: SourceId): Work {
  const sources = new Map(work.sources);
  sources.delete(source);
  const given = giveBack(work, source, work.asked.keys());
  return { ...wakeSource(given, source), sources };
}

/** Asks a source for nothing more, also one that is yet to open; what it gives back is to be asked of others. */
export function restSource(work: Work, source: SourceId, pieces: Iterable<number>): Work {
  const resting = new Set(work.resting).add(source);
  return { ...giveBack(work, source, pieces), resting };
}

/** From now on a source is asked again. */
export function wakeSource(work: Work, source: SourceId): Work {
  const resting = new Set(work.resting);
  resting.delete(source);
  return { ...work, resting };
}

/** Those of the pieces that were asked of this source are to be asked for again. */
function giveBack(work: Work, source: SourceId, pieces: Iterable<number>): Work {
  const asked = new Map(work.asked);
  const again = [...work.again];
  let { inFlightBytes } = work;
  for (const piece of pieces) {
    if (work.asked.get(piece) !== source) continue;
    asked.delete(piece);
    again.push(piece);
    inFlightBytes -= locatePiece(work.manifest, piece).length;
  }
  return { ...work, asked, again, inFlightBytes };
}

/** Fills the window with missing pieces; each is asked of the source that has the fewest to deliver. */
export function fillWindow(work: Work): {
  readonly work: Work;
  readonly requests: ReadonlyMap<SourceId, readonly number[]>;
} {
  const requests = new Map<SourceId, number[]>();
  const full = work.inFlightBytes >= work.windowBytes;
  const free = MAX_PIECES_IN_FLIGHT - work.asked.size - work.storing.size;
  const crowded = free < LEAST_PIECES_ASKED && work.asked.size > 0;
  const awake = [...work.sources.keys()].filter((source) => !work.resting.has(source));
  if (awake.length === 0) return { work, requests };
  const load = new Map(awake.map((source) => [source, 0]));
  for (const source of work.asked.values()) {
    if (load.has(source)) load.set(source, (load.get(source) ?? 0) + 1);
  }
  // What sources that rest have begun may fill all of it.
  if (full || crowded) return takeOver(work, load);
  const asked = new Map(work.asked);
  const again = [...work.again];
  let { cursor, inFlightBytes } = work;
  const { storing, wanted, have } = work;
  while (inFlightBytes < work.windowBytes && asked.size + storing.size < MAX_PIECES_IN_FLIGHT) {
    while (cursor < wanted.size && (!hasNumber(wanted, cursor) || hasNumber(have, cursor))) {
      cursor += 1;
    }
    const piece = again.shift() ?? cursor;
    if (piece >= wanted.size) break;
    if (piece === cursor) cursor += 1;
    const source = leastLoaded(load);
    load.set(source, (load.get(source) ?? 0) + 1);
    asked.set(piece, source);
    const request = requests.get(source);
    if (request === undefined) requests.set(source, [piece]);
    else request.push(piece);
    inFlightBytes += locatePiece(work.manifest, piece).length;
  }
  const filled = { ...work, cursor, again, asked, inFlightBytes };
  return requests.size === 0 ? takeOver(filled, load) : { work: filled, requests };
}

/** The last pieces do not wait for a source that rests and has begun them: once the others have nothing to bring, they are asked for those too. */
function takeOver(work: Work, load: ReadonlyMap<SourceId, number>) {
  const requests = new Map<SourceId, readonly number[]>();
  const isIdle = [...load.values()].every((pieces) => pieces === 0);
  const pieces = [...work.asked].flatMap(([piece, from]) => (load.has(from) ? [] : [piece]));
  if (!isIdle || pieces.length === 0) return { work, requests };
  const source = leastLoaded(load);
  const asked = new Map(work.asked);
  for (const piece of pieces) asked.set(piece, source);
  return { work: { ...work, asked }, requests: requests.set(source, pieces) };
}

function leastLoaded(load: ReadonlyMap<SourceId, number>): SourceId {
  let best: SourceId = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [source, pieces] of load) {
    if (pieces < least) [best, least] = [source, pieces];
  }
  return best;
}

function* piecesOf(manifest: Manifest, files: Iterable<number>): Generator<number> {
  for (const file of files) {
    const first = manifest.firstPieces[file] ?? 0;
    const count = countPieces(manifest.entries[file]?.size ?? 0);
    for (let piece = first; piece < first + count; piece += 1) yield piece;
  }
}
