/** Adds up the time in which at least one of several works was under way. Milliseconds of one clock. */
export class BusyClock {
  readonly #clock: () => number;
  #under = 0;
  #since = 0;
  #busyMs = 0;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Does it, and counts the time until it is done. */
  async during<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.#under === 0) this.#since = this.#clock();
    this.#under += 1;
    try {
      return await work();
    } finally {
      this.#under -= 1;
      if (this.#under === 0) this.#busyMs += this.#clock() - this.#since;
    }
  }

  /** So far. */
  get busyMs(): number {
    return this.#busyMs + (this.#under > 0 ? this.#clock() - this.#since : 0);
  }
}
