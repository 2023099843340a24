/** Lets one at a time do something about the same key; the others wait in line. */
export class KeyedLock {
  readonly #tails = new Map<string, Promise<void>>();

  /** Resolves, once nobody before has it, with the function that lets the next one in. */
  async acquire(key: string): Promise<() => void> {
    const before = this.#tails.get(key);
    let letNextIn = () => {};
    const tail = new Promise<void>((resolve) => {
      letNextIn = resolve;
    });
    this.#tails.set(key, tail);
    await before;
    return () => {
      letNextIn();
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    };
  }

  /** Resolves once nobody has any key, nor waits for one. */
  async idle(): Promise<void> {
    while (this.#tails.size > 0) await Promise.all(this.#tails.values());
  }

  /** Runs `action` alone for `key`. */
  async run<Value>(key: string, action: () => Promise<Value>): Promise<Value> {
    const release = await this.acquire(key);
    try {
      return await action();
    } finally {
      release();
    }
  }
}
