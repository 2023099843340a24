interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** A clock that runs from one event to the next: what is due at the same time happens in the order it was put in. */
export class EventQueue {
  readonly #heap: Event[] = [];
  #order = 0;
  #now = 0;

  /** In ms. */
  get now(): number {
    return this.#now;
  }

  /** Does something at a time in ms; not before now. */
  at(time: number, run: () => void): void {
    const event: Event = { at: Math.max(time, this.#now), order: (this.#order += 1), run };
    const heap = this.#heap;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, event)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = event;
  }

  /** Does something after so many ms. */
  after(ms: number, run: () => void): void {
    this.at(this.#now + ms, run);
  }

  /** Goes on until `done`, until nothing is left to happen, or until a time in ms. */
  run(done: () => boolean, until: number): void {
    while (!done()) {
      const event = this.#heap[0];
      if (event === undefined || event.at > until) return;
      this.#pop();
      this.#now = event.at;
      event.run();
    }
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = heap[index * 2 + 1];
      const right = heap[index * 2 + 2];
      const below =
        left !== undefined && right !== undefined && isBefore(right, left) ? right : left;
      if (below === undefined || isBefore(last, below)) break;
      heap[index] = below;
      index = below === left ? index * 2 + 1 : index * 2 + 2;
    }
    heap[index] = last;
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
