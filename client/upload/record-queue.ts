import type { RecordRange } from './read-range.ts';

/** Records that are to be asked for, in the order in which they were wanted; neighbours are asked for together. */
export class RecordQueue {
  readonly #most: number;
  #records = new Set<number>();

  /** @param most how many records are asked for together */
  constructor(most: number) {
    this.#most = most;
  }

  add(records: Iterable<number>): void {
    for (const record of records) this.#records.add(record);
  }

  /** Adds what is to be asked for before all others. */
  addFirst(records: Iterable<number>): void {
    this.#records = new Set([...records, ...this.#records]);
  }

  /** Drops the records that are wanted no more. */
  keep(wanted: (record: number) => boolean): void {
    this.#records = new Set([...this.#records].filter(wanted));
  }

  /** Takes out what is to be asked for next; null where there is nothing. */
  next(): RecordRange | null {
    const { value: first, done } = this.#records.keys().next();
    if (done === true || first === undefined) return null;
    let end = first;
    while (end - first < this.#most && this.#records.delete(end)) end += 1;
    return { first, end };
  }
}
