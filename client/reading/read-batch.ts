import { asOnehopError } from '../errors/onehop-error.ts';
import type { ReadPiece, WantedPiece } from './read-calls.ts';

/** Pieces below this size travel to the worker together: a small file costs less than a message. */
const SMALL_PIECE_BYTES = 64 * 1024;
/** How many pieces go in one message. */
export const BATCH_PIECES = 64;

interface Waiting {
  readonly wanted: WantedPiece;
  readonly resolve: (piece: ReadPiece) => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers what is wanted at one moment, so that many small pieces are one message to the worker. */
export class ReadBatch {
  readonly #send: (pieces: readonly WantedPiece[]) => Promise<readonly ReadPiece[]>;
  #waiting: Waiting[] = [];

  /** @param send reads these, and answers in the same order */
  constructor(send: (pieces: readonly WantedPiece[]) => Promise<readonly ReadPiece[]>) {
    this.#send = send;
  }

  /** Reads a piece, together with the others that are wanted in the same turn. Fails as `send` does. */
  read(wanted: WantedPiece): Promise<ReadPiece> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ wanted, resolve, reject });
      if (this.#waiting.length === 1) queueMicrotask(() => this.#flush());
    });
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    let small: Waiting[] = [];
    for (const one of waiting) {
      if (one.wanted.place.length >= SMALL_PIECE_BYTES) {
        void this.#sendGroup([one]);
        continue;
      }
      small.push(one);
      if (small.length < BATCH_PIECES) continue;
      void this.#sendGroup(small);
      small = [];
    }
    if (small.length > 0) void this.#sendGroup(small);
  }

  async #sendGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const pieces = await this.#send(group.map(({ wanted }) => wanted));
      for (const [index, { resolve, reject }] of group.entries()) {
        const piece = pieces[index];
        if (piece === undefined) reject(asOnehopError(undefined));
        else resolve(piece);
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}
