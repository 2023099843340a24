import { Fifo } from './fifo.ts';
import { rangeEnd } from './range-bytes.ts';
import { type Part, type WantedPiece, isComing, wantPiece } from './wanted-piece.ts';

/** How much a piece's travelling length moves what is expected of the next ones. */
const RATIO_WEIGHT = 1 / 4;
/** From this ratio on nothing is gained by asking for less than the whole piece first. */
const PLAIN_RATIO = 0.97;
/** Asked for beyond what is expected: a little too much costs nothing, a little too little costs a round trip. */
const SPARE_RATIO = 1.1;
const SPARE_BYTES = 4 * 1024;

/** What is wanted and not asked for, in the order in which it is to be asked for; cuts pieces into parts. */
export class PieceQueue {
  readonly #pieces = new Map<number, WantedPiece>();
  readonly #fresh = new Fifo<WantedPiece>();
  /** pieces of which more is to be asked for than was expected */
  readonly #resumed = new Fifo<WantedPiece>();
  readonly #again = new Fifo<Part>();
  /** the pieces whose form has changed */
  readonly #restarted = new Set<number>();
  #owedBytes = 0;
  #ratio = 1;

  /** How many pieces are wanted and not wholly here. */
  get owedPieces(): number {
    return this.#pieces.size;
  }

  /** How many bytes of them are not here, as far as is known: of their plain length until a frame of them has come. */
  get owedBytes(): number {
    return this.#owedBytes;
  }

  /** The piece, where it is wanted. */
  find(piece: number): WantedPiece | undefined {
    return this.#pieces.get(piece);
  }

  /** The pieces of which nothing was asked for yet. */
  get untouched(): readonly WantedPiece[] {
    return [...this.#pieces.values()].filter(
      ({ state, cursor, total }) => state === 'queued' && cursor === 0 && total === null,
    );
  }

  /** Puts a piece behind the others; one that is wanted already stays as it is. */
  want(piece: number, length: number): void {
    if (this.#pieces.has(piece)) return;
    const wanted = wantPiece(piece, length, { total: null, begunAnew: false });
    this.#pieces.set(piece, wanted);
    this.#fresh.push(wanted);
    this.#owedBytes += length;
  }

  /** Takes out a piece that is here or not wanted any more. */
  remove(wanted: WantedPiece): void {
    if (wanted.state === 'gone') return;
    this.#owedBytes -= (wanted.total ?? wanted.length) - wanted.arrivedBytes;
    wanted.state = 'gone';
    this.#pieces.delete(wanted.piece);
  }

  /**
   * Begins a piece anew, in front of the others, because what is here of it is of another form than what comes.
   * @param total of the new form, where a frame of it has come
   */
  restart(wanted: WantedPiece, total: number | null): void {
    this.remove(wanted);
    this.#restarted.add(wanted.piece);
    const begunAnew = total === null;
    const anew = wantPiece(wanted.piece, wanted.length, { total, begunAnew });
    this.#pieces.set(anew.piece, anew);
    this.#resumed.push(anew);
    this.#owedBytes += anew.limit;
  }

  /** Whether the form of a piece has ever changed. */
  wasRestarted(piece: number): boolean {
    return this.#restarted.has(piece);
  }

  /** Bytes of a piece came. @returns whether it is whole now, and taken out */
  arrived(wanted: WantedPiece, bytes: number): boolean {
    wanted.arrivedBytes += bytes;
    this.#owedBytes -= bytes;
    if (wanted.arrivedBytes !== wanted.total) return false;
    this.remove(wanted);
    return true;
  }

  /** The first frame of a piece said how long it is. What was not asked for of it is asked for next. */
  learn(wanted: WantedPiece, total: number): void {
    this.#ratio += (total / wanted.length - this.#ratio) * RATIO_WEIGHT;
    this.#owedBytes += total - wanted.length;
    wanted.total = total;
    wanted.limit = total;
    wanted.cursor = Math.min(wanted.cursor, total);
    if (wanted.state !== 'waiting' || wanted.cursor === total) return;
    wanted.state = 'queued';
    this.#resumed.push(wanted);
  }

  /** What nobody is to bring any more is asked for before everything else. */
  askAgain(part: Part): void {
    this.#again.push(part);
  }

  /** Takes the next part out, of up to `rangeBytes` unless it was cut before; null where nothing is left to ask for. */
  take(rangeBytes: number): Part | null {
    for (let part = this.#again.shift(); part !== undefined; part = this.#again.shift()) {
      if (part.of.state !== 'gone' && part.missing.length > 0 && !isComing(part)) return part;
    }
    return this.#cutFrom(this.#resumed, rangeBytes) ?? this.#cutFrom(this.#fresh, rangeBytes);
  }

  #cutFrom(pieces: Fifo<WantedPiece>, rangeBytes: number): Part | null {
    for (let wanted = pieces.peek(); wanted !== undefined; wanted = pieces.peek()) {
      const part = wanted.state === 'queued' ? this.#cut(wanted, rangeBytes) : null;
      if (wanted.cursor >= wanted.limit || wanted.state !== 'queued') {
        if (wanted.state === 'queued') wanted.state = 'waiting';
        pieces.shift();
      }
      if (part !== null) return part;
    }
    return null;
  }

  #cut(wanted: WantedPiece, rangeBytes: number): Part | null {
    if (wanted.cursor === 0 && wanted.total === null) wanted.limit = this.#expected(wanted.length);
    if (wanted.cursor >= wanted.limit) return null;
    const start = wanted.cursor;
    const end = rangeEnd(start, wanted.limit, rangeBytes);
    wanted.cursor = end;
    const part: Part = { of: wanted, missing: [{ start, end }], asks: new Set(), tries: 0 };
    wanted.parts.add(part);
    return part;
  }

  #expected(length: number): number {
    if (this.#ratio > PLAIN_RATIO) return length;
    return Math.min(length, Math.ceil(length * this.#ratio * SPARE_RATIO) + SPARE_BYTES);
  }
}
