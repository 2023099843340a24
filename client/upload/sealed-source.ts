import { OnehopError } from '../errors/onehop-error.ts';
import { SEALED_RECORD_BYTES, type SealedRecord, sealRecord } from '../sealing/record.ts';
import { type UploadLayout, recordPlace } from '../sealing/upload-layout.ts';
import type { RecordStream } from './record-stream.ts';

/**
 * The sealed bytes of an upload, made as they are sent. What was given out is kept until what follows it is asked for, which
 * is when the server has acknowledged it; so much again is made ahead meanwhile.
 */
export class SealedSource {
  readonly #layout: UploadLayout;
  readonly #stream: RecordStream;
  readonly #key: CryptoKey;
  /** of the first record in `#records` */
  #base = 0;
  #records: Promise<SealedRecord>[] = [];
  /** counts up when what is in the making is not wanted any more */
  #generation = 0;
  /** ends when the last record in `#records` has been read, whatever came of it */
  #reading: Promise<unknown> = Promise.resolve();

  constructor(layout: UploadLayout, stream: RecordStream, key: CryptoKey) {
    this.#layout = layout;
    this.#stream = stream;
    this.#key = key;
  }

  /** How long it is, in bytes. */
  get size(): number {
    return this.#layout.sealedBytes;
  }

  /**
   * Bytes `start` to before `end`; all before `start` is let go of.
   * @throws {OnehopError} why a piece cannot be read; `server-error` where `start` is not where a record begins
   */
  async slice(start: number, end: number): Promise<Blob> {
    if (start % SEALED_RECORD_BYTES !== 0 || start >= this.size) {
      throw new OnehopError('server-error');
    }
    const first = start / SEALED_RECORD_BYTES;
    const last = Math.min(Math.ceil(end / SEALED_RECORD_BYTES), this.#layout.recordCount);
    this.#letGo(first);
    this.#make(last);
    const parts = await Promise.all(this.#records.slice(0, last - first));
    if (first === this.#base) this.#make(2 * last - first);
    return new Blob(parts.flat());
  }

  #letGo(first: number): void {
    const gone = first - this.#base;
    const known = gone >= 0 && gone <= this.#records.length;
    if (!known) this.#generation += 1;
    this.#records = known ? this.#records.slice(gone) : [];
    this.#base = first;
  }

  /** Has the records up to `end` made: one is sealed while the next one is read. */
  #make(end: number): void {
    const most = Math.min(end, this.#layout.recordCount);
    const generation = this.#generation;
    for (let index = this.#base + this.#records.length; index < most; index += 1) {
      const bytes = this.#reading.then(() => this.#read(index, generation));
      const sealed = bytes.then((record) =>
        sealRecord(this.#key, recordPlace(this.#layout.streamBytes, index), record),
      );
      // Whoever waits for the record hears of it; nobody may.
      sealed.catch(() => {});
      this.#reading = bytes.catch(() => {});
      this.#records.push(sealed);
    }
  }

  #read(index: number, generation: number): Promise<Uint8Array<ArrayBuffer>> {
    if (generation !== this.#generation) throw new OnehopError('unexpected');
    return this.#stream.read(index);
  }
}
