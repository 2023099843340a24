import { OnehopError } from '../errors/onehop-error.ts';
import { type Manifest, locatePiece, numberPiece } from '../share/manifest.ts';
import { type ControlMessage, MAX_RANGES_PER_REQUEST } from './control-message.ts';
import { type DataFrame, MIN_FRAME_PAYLOAD_BYTES } from './data-frame.ts';
import type { Flow, PieceRange } from './flow/flow.ts';
import { type ArrivedPiece, PieceAssembler } from './piece-assembler.ts';

/** A sender may change its mind this often about the form in which one piece travels; each time it is fetched anew. */
export const MAX_FORM_CHANGES = 3;

/** What has come. */
export interface Arrived {
  /** the bytes of the pieces that are here */
  readonly plainBytes: number;
  /** how many travelled for them */
  readonly travelledBytes: number;
  /** when the first byte came, in milliseconds of the clock; null before */
  readonly firstByteAt: number | null;
}

/** Nothing yet. */
export const NOTHING_ARRIVED: Arrived = { plainBytes: 0, travelledBytes: 0, firstByteAt: null };

type Request = Extract<ControlMessage, { type: 'request' }>;

/** Asks the lanes of one peer for wanted pieces as its flow has it, and puts together what comes. */
export class PieceFlow {
  readonly #manifest: Manifest;
  readonly #flow: Flow;
  readonly #send: (message: Request, lane: number) => void;
  readonly #assembler = new PieceAssembler();
  readonly #withdrawn = new Set<number>();
  /** of the pieces of which something has come: the length of the form in which they travel, and how often that has changed */
  readonly #forms = new Map<number, { readonly total: number; readonly changes: number }>();
  /** the pieces that have not wholly arrived */
  readonly #wanted = new Set<number>();
  #arrived = NOTHING_ARRIVED;

  constructor(manifest: Manifest, flow: Flow, send: (message: Request, lane: number) => void) {
    this.#manifest = manifest;
    this.#flow = flow;
    this.#send = send;
  }

  /** How many pieces are wanted and have not wholly arrived. */
  get owedPieces(): number {
    return this.#wanted.size;
  }

  /** What has come so far. */
  get arrived(): Arrived {
    return this.#arrived;
  }

  /** From now on these pieces are wanted, in this order. */
  want(pieces: readonly number[], now: number): void {
    for (const piece of pieces) this.#wanted.add(piece);
    const wanted = pieces.map((piece) => ({
      piece,
      length: locatePiece(this.#manifest, piece).length,
    }));
    this.#flow.want(wanted);
    this.ask(now);
  }

  /** Nothing more is wanted of these files: frames of them that are on their way still are dropped. */
  withdraw(files: readonly number[]): void {
    for (const file of files) this.#withdrawn.add(file);
    for (const piece of this.#wanted) {
      if (!this.#withdrawn.has(locatePiece(this.#manifest, piece).file)) continue;
      this.#wanted.delete(piece);
      this.#assembler.drop(piece);
      this.#flow.forget(piece);
    }
  }

  /** Gives back the pieces of which nothing was asked for yet; the others still come. */
  release(): readonly number[] {
    const released = this.#flow.release();
    for (const piece of released) {
      this.#wanted.delete(piece);
      this.#assembler.drop(piece);
    }
    return released;
  }

  /** Asks for what the window has room for. */
  ask(now: number): void {
    for (const { lane, ranges } of this.#flow.next(now)) {
      for (let start = 0; start < ranges.length; start += MAX_RANGES_PER_REQUEST) {
        const some = ranges.slice(start, start + MAX_RANGES_PER_REQUEST);
        this.#send({ type: 'request', ranges: some.map((range) => this.#onWire(range)) }, lane);
      }
    }
  }

  /**
   * Takes a frame that came over this lane, and asks for what there is room for now.
   * @returns the piece if the frame was the last one missing
   * @throws {OnehopError} `frame-out-of-range` (not within the manifest's files, another length than its piece can have, or
   * too small, or of a piece that keeps changing its form) or `frame-unasked`
   */
  accept(lane: number, frame: DataFrame, now: number): ArrivedPiece | null {
    const piece = this.#locate(frame);
    const { offset: start, total } = frame;
    const end = start + frame.payload.length;
    if (this.#arrived.firstByteAt === null) this.#arrived = { ...this.#arrived, firstByteAt: now };
    const taken = this.#flow.arrived(lane, { piece, start, end, total }, now);
    if (taken === 'unasked') throw new OnehopError('frame-unasked');
    if (taken !== 'duplicate') this.#noteForm(piece, total);
    if (taken === 'changed') this.#assembler.drop(piece);
    const whole =
      taken === 'taken' && this.#wanted.has(piece) ? this.#assembler.add(piece, frame) : null;
    if (whole !== null) {
      this.#wanted.delete(piece);
      this.#forms.delete(piece);
      this.#note(piece, total);
    }
    this.ask(now);
    return whole;
  }

  /** @returns the piece in the share's numbering */
  #locate(frame: DataFrame): number {
    const piece = numberPiece(this.#manifest, frame.file, frame.piece);
    if (piece === null) throw new OnehopError('frame-out-of-range');
    const { length } = locatePiece(this.#manifest, piece);
    const { form, total, offset, payload } = frame;
    const possible = form === 'plain' ? total === length : total < length;
    const tooSmall = payload.length < MIN_FRAME_PAYLOAD_BYTES && offset + payload.length !== total;
    if (!possible || tooSmall) throw new OnehopError('frame-out-of-range');
    return piece;
  }

  #note(piece: number, travelledBytes: number): void {
    const { length } = locatePiece(this.#manifest, piece);
    this.#arrived = {
      ...this.#arrived,
      plainBytes: this.#arrived.plainBytes + length,
      travelledBytes: this.#arrived.travelledBytes + travelledBytes,
    };
  }

  #noteForm(piece: number, total: number): void {
    const form = this.#forms.get(piece) ?? { total, changes: 0 };
    const changes = form.changes + (form.total === total ? 0 : 1);
    if (changes > MAX_FORM_CHANGES) throw new OnehopError('frame-out-of-range');
    this.#forms.set(piece, { total, changes });
  }

  #onWire({ piece, start, end }: PieceRange): Request['ranges'][number] {
    const place = locatePiece(this.#manifest, piece);
    return [place.file, place.piece, start, end - start];
  }
}
