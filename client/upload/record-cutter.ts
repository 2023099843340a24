/** Cuts a response's bytes into sealed records, in whatever portions they come. */
export class RecordCutter {
  /** of the records that are still to come */
  readonly #lengths: number[];
  #record: Uint8Array<ArrayBuffer> | null = null;
  #filled = 0;

  /** @param lengths of the records in order, in bytes */
  constructor(lengths: readonly number[]) {
    this.#lengths = [...lengths];
  }

  /** Takes bytes. @returns the records that are whole with them; what is beyond the last record is dropped */
  push(bytes: Uint8Array): Uint8Array<ArrayBuffer>[] {
    const whole: Uint8Array<ArrayBuffer>[] = [];
    let position = 0;
    while (position < bytes.length) {
      const record = this.#record ?? this.#next();
      if (record === null) break;
      const part = bytes.subarray(position, position + record.length - this.#filled);
      record.set(part, this.#filled);
      this.#filled += part.length;
      position += part.length;
      if (this.#filled < record.length) break;
      whole.push(record);
      this.#record = null;
    }
    return whole;
  }

  #next(): Uint8Array<ArrayBuffer> | null {
    const length = this.#lengths.shift();
    this.#record = length === undefined ? null : new Uint8Array(length);
    this.#filled = 0;
    return this.#record;
  }
}
