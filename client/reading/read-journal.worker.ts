import { HASH_BYTES } from '../integrity/hash-ledger.ts';
import {
  JOURNAL_RECORD_BYTES,
  type Journal,
  decodeJournal,
  encodeJournalRecord,
} from '../sink/piece-journal.ts';
import type { KnownHashes } from './read-calls.ts';

/** Keeps the hash of every piece that was read, so that a page that comes later knows whether the files are still the same. */
export class ReadJournal {
  readonly #file: FileSystemSyncAccessHandle;
  readonly #kept: Uint8Array;
  readonly #known: KnownHashes;
  #length: number;
  #keptBytes: number;

  private constructor(file: FileSystemSyncAccessHandle, journal: Journal, pieceCount: number) {
    this.#file = file;
    this.#kept = new Uint8Array(Math.ceil(pieceCount / 8));
    this.#length = journal.length;
    this.#keptBytes = journal.keptBytes;
    const { entries } = journal;
    const hashes = new Uint8Array(entries.length * HASH_BYTES);
    for (const [index, { piece, hash }] of entries.entries()) {
      this.#mark(piece);
      hashes.set(hash, index * HASH_BYTES);
    }
    this.#known = { pieces: Uint32Array.from(entries, ({ piece }) => piece), hashes };
  }

  /** Opens the journal in this file. @returns null where the browser does not let it, as when another page has it open */
  static async open(handle: FileSystemFileHandle, pieceCount: number): Promise<ReadJournal | null> {
    try {
      const file = await handle.createSyncAccessHandle();
      const bytes = new Uint8Array(file.getSize());
      file.read(bytes, { at: 0 });
      return new ReadJournal(file, decodeJournal(bytes, pieceCount), pieceCount);
    } catch {
      return null;
    }
  }

  /** What it knew when it was opened. */
  get known(): KnownHashes {
    return this.#known;
  }

  /** Appends the pieces that it does not know yet. */
  append(
    pieces: readonly {
      readonly piece: number;
      readonly length: number;
      readonly hash: Uint8Array<ArrayBuffer>;
    }[],
  ): void {
    const fresh = pieces.filter(({ piece }) => this.#mark(piece));
    if (fresh.length === 0) return;
    const records = new Uint8Array(fresh.length * JOURNAL_RECORD_BYTES);
    for (const [index, { piece, length, hash }] of fresh.entries()) {
      this.#keptBytes += length;
      const record = encodeJournalRecord({ piece, keptBytes: this.#keptBytes, hash });
      records.set(record, index * JOURNAL_RECORD_BYTES);
    }
    try {
      const written = this.#file.write(records, { at: this.#length });
      // One that is torn is written over by the next: behind it, none would be read again.
      this.#length += written - (written % JOURNAL_RECORD_BYTES);
    } catch {
      // A disk that is full loses the share nothing but that a later page hashes more to know the files again.
    }
  }

  /** @returns false where it was marked before */
  #mark(piece: number): boolean {
    const bit = 1 << (piece & 7);
    const byte = this.#kept[piece >> 3] ?? 0;
    this.#kept[piece >> 3] = byte | bit;
    return (byte & bit) === 0;
  }
}
