import type { Manifest } from '../share/manifest.ts';
import type { AccessFile } from './access-file.worker.ts';
import {
  type HashedPiece,
  JOURNAL_RECORD_BYTES,
  decodeJournal,
  encodeCheckpoint,
  encodeJournalRecord,
  encodeRevocation,
  keptPieces,
} from './piece-journal.ts';
import { PieceTally } from './piece-tally.ts';
import type { PieceLog } from './sink.ts';

/** The log of what is kept of a download, in a file of the origin private file system. */
export class JournalFile implements PieceLog {
  readonly #file: AccessFile;
  readonly #manifest: Manifest;
  readonly #tally: PieceTally;
  /** where the next record goes, in bytes */
  #length: number;

  /** @param file it is the journal's from now on */
  constructor(file: AccessFile, manifest: Manifest) {
    this.#file = file;
    this.#manifest = manifest;
    this.#tally = new PieceTally(manifest);
    const { certain, uncertain, length } = this.#read();
    for (const { piece } of [...certain, ...uncertain]) this.#tally.add(piece);
    this.#length = length;
  }

  has(piece: number): boolean {
    return this.#tally.has(piece);
  }

  keep(pieces: readonly HashedPiece[]): void {
    const records = new Uint8Array(pieces.length * JOURNAL_RECORD_BYTES);
    const added = pieces.filter(({ piece }) => !this.#tally.has(piece));
    for (const [index, { piece, hash }] of pieces.entries()) {
      this.#tally.add(piece);
      const record = encodeJournalRecord({ piece, hash, keptBytes: this.#tally.bytes });
      records.set(record, index * JOURNAL_RECORD_BYTES);
    }
    try {
      this.#append(records);
    } catch (error) {
      for (const { piece } of added) this.#tally.remove(piece);
      throw error;
    }
  }

  checkpoint(): void {
    this.#append(encodeCheckpoint(this.#tally.bytes));
    this.#file.flush();
  }

  /** Notes that pieces it had noted are not there. @throws {OnehopError} `storage-full` or `storage-failed` */
  revoke(pieces: readonly HashedPiece[]): void {
    for (const { piece } of pieces) {
      this.#tally.remove(piece);
      this.#append(encodeRevocation(piece, this.#tally.bytes));
    }
  }

  /** The pieces that the journal says are kept. @throws {OnehopError} `storage-failed` */
  kept(): ReturnType<typeof keptPieces> {
    return this.#read();
  }

  close(): void {
    this.#file.close();
  }

  #read(): ReturnType<typeof keptPieces> & { readonly length: number } {
    const bytes = this.#file.read(0, this.#file.size);
    const journal = decodeJournal(bytes, this.#manifest.pieceCount);
    return { ...keptPieces(journal), length: journal.length };
  }

  /** What is torn when the disk is full is written over by the next record. */
  #append(records: Uint8Array<ArrayBuffer>): void {
    this.#file.write(this.#length, records);
    this.#length += records.length;
  }
}
