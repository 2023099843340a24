import { OnehopError } from '../errors/onehop-error.ts';
import { HASH_BYTES, HashLedger } from '../integrity/hash-ledger.ts';
import { type UploadLayout, hashSpan } from '../sealing/upload-layout.ts';
import { type NumberSet, hasNumber, numbersIn, withNumbers } from '../share/number-set.ts';
import type { Cut } from '../upload/download-messages.ts';
import type { ShareRoot } from './fetcher-state.ts';

/** How many hashes are read in one: what lies in one record. */
const HASHES_PER_CUT = 8_192;
/** Cuts of the hash list are numbered downwards from here: pieces have the numbers from 0 on. */
const FIRST_ID = -2;

/** The hash list of an upload, as far as a selection needs it, and the root hash that follows from it. */
export class HashList {
  readonly #layout: UploadLayout;
  readonly #digest: Uint8Array<ArrayBuffer>;
  readonly #ledger: HashLedger;
  #files: NumberSet;
  /** the cuts that are still to come; null before `begin` */
  #missing: Set<number> | null = null;
  /** the files whose root hash was given out */
  #told: NumberSet | null = null;

  /** @param digest the manifest's */
  constructor(layout: UploadLayout, files: NumberSet, digest: Uint8Array<ArrayBuffer>) {
    this.#layout = layout;
    this.#files = files;
    this.#digest = digest;
    this.#ledger = new HashLedger(layout.manifest.pieceCount);
  }

  /** What is to be read of it, the first time; nothing after that. */
  begin(): readonly Cut[] {
    if (this.#missing !== null) return [];
    const cuts = [...this.#runs()].map(({ first, end }) => ({
      id: FIRST_ID - first,
      ...hashSpan(this.#layout, first, end),
    }));
    this.#missing = new Set(cuts.map(({ id }) => id));
    return cuts;
  }

  /** Notes the hash that came with a piece. @throws {OnehopError} `upload-damaged` where there was another */
  note(piece: number, hash: Uint8Array): void {
    if (!this.#ledger.note(piece, hash)) throw new OnehopError('upload-damaged');
  }

  /** Takes what was read. @throws {OnehopError} `upload-damaged` where a piece came with another hash */
  take(id: number, hashes: Uint8Array): void {
    if (this.#missing?.delete(id) !== true) return;
    const first = FIRST_ID - id;
    for (let index = 0; index * HASH_BYTES < hashes.length; index += 1) {
      const start = index * HASH_BYTES;
      this.note(first + index, hashes.subarray(start, start + HASH_BYTES));
    }
  }

  /** These files are not wanted any more: the next root hash is over the others. */
  withdraw(files: readonly number[]): void {
    const covered = files.filter((file) => hasNumber(this.#files, file));
    if (covered.length > 0) this.#files = withNumbers(this.#files, covered, false);
  }

  /** The root hash over the files that are wanted, once for each such set; null while there is nothing new to tell. */
  async root(): Promise<ShareRoot | null> {
    const files = this.#files;
    if (this.#missing?.size !== 0 || this.#told === files) return null;
    this.#told = files;
    return { root: await this.#ledger.rootOf(this.#layout.manifest, files, this.#digest), files };
  }

  /** Pieces of wanted files that lie one behind the other, as many as are read in one. */
  *#runs(): Generator<{ readonly first: number; readonly end: number }> {
    const { firstPieces, pieceCount } = this.#layout.manifest;
    let run = { first: 0, end: 0 };
    for (const file of numbersIn(this.#files)) {
      const first = firstPieces[file] ?? 0;
      const end = firstPieces[file + 1] ?? pieceCount;
      if (first !== run.end) {
        yield* split(run);
        run = { first, end };
      } else run = { first: run.first, end };
    }
    yield* split(run);
  }
}

function* split({
  first,
  end,
}: {
  readonly first: number;
  readonly end: number;
}): Generator<{ readonly first: number; readonly end: number }> {
  for (let start = first; start < end; start += HASHES_PER_CUT) {
    yield { first: start, end: Math.min(start + HASHES_PER_CUT, end) };
  }
}
