import { OnehopError } from '../errors/onehop-error.ts';
import type { PieceToStore, StoreOutcome } from './store-calls.ts';

/** How much goes to the worker in one message. */
const BATCH_PIECES = 64;
const BATCH_BYTES = 4 * 1024 * 1024;
/** How many messages wait for their answers at once: one that is worked on, and those that keep the worker busy. */
const BATCHES_IN_FLIGHT = 3;

interface Waiting {
  readonly piece: PieceToStore;
  readonly resolve: (outcome: StoreOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** Sends pieces to the worker in batches, so that thousands of small ones are not as many messages. */
export class PieceBatcher {
  readonly #send: (pieces: readonly PieceToStore[]) => Promise<readonly StoreOutcome[]>;
  #waiting: Waiting[] = [];
  #inFlight = 0;
  #pumping = false;

  /** @param send stores a batch and gives an outcome for each of its pieces */
  constructor(send: (pieces: readonly PieceToStore[]) => Promise<readonly StoreOutcome[]>) {
    this.#send = send;
  }

  /** Stores a piece, together with others. @throws what `send` throws for the batch it is in */
  store(piece: PieceToStore): Promise<StoreOutcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ piece, resolve, reject });
      if (this.#pumping) return;
      this.#pumping = true;
      // What is stored in the same turn goes together.
      queueMicrotask(() => {
        this.#pumping = false;
        this.#pump();
      });
    });
  }

  #pump(): void {
    while (this.#inFlight < BATCHES_IN_FLIGHT && this.#waiting.length > 0) {
      void this.#sendBatch(this.#takeBatch());
    }
  }

  #takeBatch(): Waiting[] {
    let bytes = 0;
    const beyond = this.#waiting.findIndex(({ piece }, index) => {
      bytes += piece.place.length;
      return index > 0 && (index >= BATCH_PIECES || bytes > BATCH_BYTES);
    });
    return this.#waiting.splice(0, beyond === -1 ? this.#waiting.length : beyond);
  }

  async #sendBatch(batch: readonly Waiting[]): Promise<void> {
    this.#inFlight += 1;
    try {
      const outcomes = await this.#send(batch.map(({ piece }) => piece));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[index];
        if (outcome === undefined) reject(new OnehopError('storage-failed'));
        else resolve(outcome);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.#inFlight -= 1;
      this.#pump();
    }
  }
}
