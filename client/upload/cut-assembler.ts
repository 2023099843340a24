import { RECORD_BYTES } from '../sealing/record.ts';
import { recordsOf } from '../sealing/upload-layout.ts';
import type { Cut, ReadCut } from './download-messages.ts';

/** How many records of which not everything was wanted are kept for what is wanted next: the neighbours share them. */
const KEPT_RECORDS = 16;

interface OpenCut extends Cut {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** how many of its records are not here yet */
  missing: number;
}

/** Puts together what is wanted of an upload from its records, in whatever order these come. */
export class CutAssembler {
  readonly #cuts = new Map<number, OpenCut>();
  /** by the records they need */
  readonly #waiting = new Map<number, Set<OpenCut>>();
  readonly #kept = new Map<number, Uint8Array>();

  /** Whether something still needs this record. */
  needs(record: number): boolean {
    return this.#waiting.has(record);
  }

  /** Wants these bytes. @returns what was here already, and the records that are needed for the others */
  add(cuts: readonly Cut[]): { readonly whole: readonly ReadCut[]; readonly needed: number[] } {
    const whole: ReadCut[] = [];
    const needed: number[] = [];
    for (const cut of cuts) {
      const { first, end } = recordsOf(cut);
      const open = { ...cut, bytes: new Uint8Array(cut.end - cut.start), missing: end - first };
      this.#cuts.set(cut.id, open);
      for (let record = first; record < end; record += 1) {
        const kept = this.#kept.get(record);
        if (kept !== undefined) this.#fill(open, record, kept);
        else if (this.#wait(open, record)) needed.push(record);
      }
      if (open.missing === 0) whole.push(this.#finish(open));
    }
    return { whole, needed };
  }

  /** Takes an opened record. @returns what is whole with it */
  take(record: number, bytes: Uint8Array): readonly ReadCut[] {
    const waiting = this.#waiting.get(record) ?? new Set();
    this.#waiting.delete(record);
    let used = 0;
    for (const cut of waiting) used += this.#fill(cut, record, bytes);
    if (used < bytes.length) this.#keep(record, bytes);
    return [...waiting].filter(({ missing }) => missing === 0).map((cut) => this.#finish(cut));
  }

  /** Wants these no more. */
  drop(ids: readonly number[]): void {
    for (const id of ids) {
      const cut = this.#cuts.get(id);
      if (cut === undefined) continue;
      this.#cuts.delete(id);
      const { first, end } = recordsOf(cut);
      for (let record = first; record < end; record += 1) {
        const waiting = this.#waiting.get(record);
        waiting?.delete(cut);
        if (waiting?.size === 0) this.#waiting.delete(record);
      }
    }
  }

  /** @returns whether it is the first that waits for this record */
  #wait(cut: OpenCut, record: number): boolean {
    const waiting = this.#waiting.get(record);
    if (waiting === undefined) this.#waiting.set(record, new Set([cut]));
    else waiting.add(cut);
    return waiting === undefined;
  }

  /** @returns how many of the record's bytes it takes */
  #fill(cut: OpenCut, record: number, bytes: Uint8Array): number {
    const recordStart = record * RECORD_BYTES;
    const start = Math.max(cut.start, recordStart);
    const end = Math.min(cut.end, recordStart + bytes.length);
    cut.bytes.set(bytes.subarray(start - recordStart, end - recordStart), start - cut.start);
    cut.missing -= 1;
    return end - start;
  }

  #finish(cut: OpenCut): ReadCut {
    this.#cuts.delete(cut.id);
    return { id: cut.id, bytes: cut.bytes };
  }

  #keep(record: number, bytes: Uint8Array): void {
    this.#kept.set(record, bytes);
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > KEPT_RECORDS && oldest.done !== true) this.#kept.delete(oldest.value);
  }
}
