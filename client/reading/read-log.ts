import type { HashLedger } from '../integrity/hash-ledger.ts';
import { type Manifest, countPieces, locatePiece } from '../share/manifest.ts';
import { type NumberSet, hasNumber, numbersIn, withNumbers } from '../share/number-set.ts';
import type { FileFailureReason } from '../transfer/control-message.ts';

/** Files whose every piece is to be read, less those that fail meanwhile. */
export interface Watch {
  /** those that can still be had */
  readonly files: NumberSet;
  readonly unreadPieces: number;
  readonly unreadBytes: number;
}

interface OpenWatch {
  files: NumberSet;
  unreadPieces: number;
  unreadBytes: number;
  /** every piece below it was read, or cannot be */
  cursor: number;
}

/** What this page has read of a share, which files have failed, and what is still to be read of some files. */
export class ReadLog {
  readonly #manifest: Manifest;
  readonly #ledger: HashLedger;
  readonly #read: Uint8Array;
  readonly #unreadPieces: Int32Array;
  readonly #unreadBytes: Float64Array;
  readonly #failed = new Map<number, FileFailureReason>();
  readonly #watches = new Set<OpenWatch>();

  /** @param ledger the hashes as far as they are known, also from what an earlier page read */
  constructor(manifest: Manifest, ledger: HashLedger) {
    this.#manifest = manifest;
    this.#ledger = ledger;
    this.#read = new Uint8Array(Math.ceil(manifest.pieceCount / 8));
    this.#unreadPieces = Int32Array.from(manifest.entries, ({ size }) => countPieces(size));
    this.#unreadBytes = Float64Array.from(manifest.entries, ({ size }) => size);
  }

  /** The files that have failed, with why. */
  get failed(): ReadonlyMap<number, FileFailureReason> {
    return this.#failed;
  }

  /** Notes a piece that was read. @returns false where its hash is another than before */
  note(piece: number, hash: Uint8Array): boolean {
    if (!this.#ledger.note(piece, hash)) return false;
    if (this.#has(piece)) return true;
    this.#read[piece >> 3] = (this.#read[piece >> 3] ?? 0) | (1 << (piece & 7));
    const { file, length } = locatePiece(this.#manifest, piece);
    this.#unreadPieces[file] = (this.#unreadPieces[file] ?? 0) - 1;
    this.#unreadBytes[file] = (this.#unreadBytes[file] ?? 0) - length;
    for (const watch of this.#watches) {
      if (!hasNumber(watch.files, file)) continue;
      watch.unreadPieces -= 1;
      watch.unreadBytes -= length;
    }
    return true;
  }

  /** Notes that a file cannot be had any more. @returns false where that is known */
  fail(file: number, reason: FileFailureReason): boolean {
    if (this.#failed.has(file)) return false;
    this.#failed.set(file, reason);
    for (const watch of this.#watches) {
      if (hasNumber(watch.files, file)) this.#leaveOut(watch, file);
    }
    return true;
  }

  /** Begins to watch these files. */
  watch(files: NumberSet): Watch {
    const lost = [...this.#failed.keys()].filter((file) => hasNumber(files, file));
    const watch: OpenWatch = {
      files: withNumbers(files, lost, false),
      unreadPieces: 0,
      unreadBytes: 0,
      cursor: 0,
    };
    for (const file of numbersIn(watch.files)) {
      watch.unreadPieces += this.#unreadPieces[file] ?? 0;
      watch.unreadBytes += this.#unreadBytes[file] ?? 0;
    }
    this.#watches.add(watch);
    return watch;
  }

  /** Ends a watch. */
  unwatch(watch: Watch): void {
    for (const open of this.#watches) if (open === watch) this.#watches.delete(open);
  }

  /** Whether somebody watches this file. */
  isWatched(file: number): boolean {
    for (const { files } of this.#watches) if (hasNumber(files, file)) return true;
    return false;
  }

  /** The next pieces that a watch still lacks, at most so many and, but for the first, so many bytes. */
  takeUnread(watch: Watch, most: { readonly pieces: number; readonly bytes: number }): number[] {
    const open = [...this.#watches].find((one) => one === watch);
    return open === undefined ? [] : this.#take(open, most);
  }

  #take(watch: OpenWatch, most: { readonly pieces: number; readonly bytes: number }): number[] {
    const { pieceCount, firstPieces } = this.#manifest;
    const taken: number[] = [];
    let bytes = 0;
    while (watch.cursor < pieceCount) {
      const piece = watch.cursor;
      const { file, length } = locatePiece(this.#manifest, piece);
      if (!hasNumber(watch.files, file)) {
        watch.cursor = firstPieces[file + 1] ?? pieceCount;
        continue;
      }
      const lacking = !this.#has(piece);
      const full = taken.length >= most.pieces || (taken.length > 0 && bytes + length > most.bytes);
      if (lacking && full) break;
      watch.cursor += 1;
      if (!lacking) continue;
      taken.push(piece);
      bytes += length;
    }
    return taken;
  }

  #leaveOut(watch: OpenWatch, file: number): void {
    watch.files = withNumbers(watch.files, [file], false);
    watch.unreadPieces -= this.#unreadPieces[file] ?? 0;
    watch.unreadBytes -= this.#unreadBytes[file] ?? 0;
  }

  #has(piece: number): boolean {
    return ((this.#read[piece >> 3] ?? 0) & (1 << (piece & 7))) !== 0;
  }
}
