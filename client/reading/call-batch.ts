import { asOnehopError } from '../errors/onehop-error.ts';

/** What is below this size travels to a worker together: a small file costs less than a message. */
const SMALL_BYTES = 64 * 1024;
/** How many go in one message. */
export const BATCH_PIECES = 64;

interface Waiting<Wanted, Done> {
  readonly wanted: Wanted;
  readonly resolve: (done: Done) => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers what is wanted of a worker at one moment, so that many small pieces are one message. */
export class CallBatch<Wanted, Done> {
  readonly #send: (some: readonly Wanted[]) => Promise<readonly Done[]>;
  readonly #bytesOf: (wanted: Wanted) => number;
  #waiting: Waiting<Wanted, Done>[] = [];

  /** @param send does these, and answers in the same order @param bytesOf how large one is */
  constructor(
    send: (some: readonly Wanted[]) => Promise<readonly Done[]>,
    bytesOf: (wanted: Wanted) => number,
  ) {
    this.#send = send;
    this.#bytesOf = bytesOf;
  }

  /** Has one done, together with the others that are wanted in the same turn. Fails as `send` does. */
  call(wanted: Wanted): Promise<Done> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ wanted, resolve, reject });
      if (this.#waiting.length === 1) queueMicrotask(() => this.#flush());
    });
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    let small: Waiting<Wanted, Done>[] = [];
    for (const one of waiting) {
      if (this.#bytesOf(one.wanted) >= SMALL_BYTES) {
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

  async #sendGroup(group: readonly Waiting<Wanted, Done>[]): Promise<void> {
    try {
      const done = await this.#send(group.map(({ wanted }) => wanted));
      for (const [index, { resolve, reject }] of group.entries()) {
        const one = done[index];
        if (one === undefined) reject(asOnehopError(undefined));
        else resolve(one);
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}
