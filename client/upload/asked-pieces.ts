import type { ErrorReason } from '../errors/error-reason.ts';
import { OnehopError } from '../errors/onehop-error.ts';
import { HASH_BYTES, HashLedger } from '../integrity/hash-ledger.ts';
import { type Manifest, locatePiece } from '../share/manifest.ts';
import type { HashedBytes, PieceSupply } from './record-stream.ts';

/** How many bytes of pieces are asked for, or here, before they are taken. */
export const READ_AHEAD_BYTES = 4 * 1024 * 1024;
/** How many pieces are, where they are small. */
export const READ_AHEAD_PIECES = 64;

/** Asks the page, which reads the files; the answers come by `supply` and `supplyHashes`. */
export interface PieceAsking {
  pieces(pieces: readonly number[]): void;
  /** the hashes of the pieces `first` to before `end` */
  hashes(first: number, end: number): void;
}

interface Waiting<Value> {
  readonly resolve: (value: Value) => void;
  readonly reject: (error: OnehopError) => void;
}

/** Pieces that are asked for one after another, a bounded number of them ahead. */
export class AskedPieces implements PieceSupply {
  readonly #manifest: Manifest;
  readonly #ask: PieceAsking;
  readonly #ledger: HashLedger;
  /** asked for and not taken; null until they are here */
  readonly #ahead = new Map<number, HashedBytes | null>();
  #aheadBytes = 0;
  /** the next one to ask for */
  #next = 0;
  #piece: ({ readonly number: number } & Waiting<HashedBytes>) | null = null;
  #hashes: Waiting<Uint8Array<ArrayBuffer>> | null = null;
  #failure: ErrorReason | null = null;

  constructor(manifest: Manifest, ask: PieceAsking) {
    this.#manifest = manifest;
    this.#ask = ask;
    this.#ledger = new HashLedger(manifest.pieceCount);
  }

  take(piece: number): Promise<HashedBytes> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) {
        reject(new OnehopError(this.#failure));
        return;
      }
      if (!this.#ahead.has(piece)) this.#goTo(piece);
      this.#piece = { number: piece, resolve, reject };
      this.#askAhead();
      this.#hand();
    });
  }

  hashes(first: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    return new Promise((resolve, reject) => {
      const known = this.#knownHashes(first, end);
      if (known !== null) {
        resolve(known);
      } else if (this.#failure !== null) {
        reject(new OnehopError(this.#failure));
      } else {
        this.#hashes = { resolve, reject };
        this.#ask.hashes(first, end);
      }
    });
  }

  /** Takes a piece that was asked for; one that nobody wants any more is dropped. */
  supply(piece: number, hashed: HashedBytes): void {
    if (!this.#ahead.has(piece)) return;
    this.#ahead.set(piece, hashed);
    this.#ledger.note(piece, hashed.hash);
    this.#hand();
  }

  /** Takes the hashes that were asked for. */
  supplyHashes(hashes: Uint8Array<ArrayBuffer>): void {
    this.#hashes?.resolve(hashes);
    this.#hashes = null;
  }

  /** Nothing comes any more. */
  fail(reason: ErrorReason): void {
    this.#failure ??= reason;
    this.#piece?.reject(new OnehopError(reason));
    this.#hashes?.reject(new OnehopError(reason));
    this.#piece = null;
    this.#hashes = null;
  }

  /** What was asked for before belongs to another place. */
  #goTo(piece: number): void {
    this.#ahead.clear();
    this.#aheadBytes = 0;
    this.#next = piece;
  }

  #askAhead(): void {
    const asked: number[] = [];
    const { pieceCount } = this.#manifest;
    while (
      this.#next < pieceCount &&
      this.#ahead.size < READ_AHEAD_PIECES &&
      (this.#ahead.size === 0 || this.#aheadBytes < READ_AHEAD_BYTES)
    ) {
      this.#ahead.set(this.#next, null);
      this.#aheadBytes += locatePiece(this.#manifest, this.#next).length;
      asked.push(this.#next);
      this.#next += 1;
    }
    if (asked.length > 0) this.#ask.pieces(asked);
  }

  #hand(): void {
    const waiting = this.#piece;
    const hashed = waiting === null ? undefined : this.#ahead.get(waiting.number);
    if (waiting === null || hashed === undefined || hashed === null) return;
    this.#ahead.delete(waiting.number);
    this.#aheadBytes -= hashed.bytes.length;
    this.#piece = null;
    this.#askAhead();
    waiting.resolve(hashed);
  }

  #knownHashes(first: number, end: number): Uint8Array<ArrayBuffer> | null {
    const all = new Uint8Array((end - first) * HASH_BYTES);
    for (let piece = first; piece < end; piece += 1) {
      const hash = this.#ledger.get(piece);
      if (hash === null) return null;
      all.set(hash, (piece - first) * HASH_BYTES);
    }
    return all;
  }
}
