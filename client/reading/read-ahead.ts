import { type Manifest, locatePiece } from '../share/manifest.ts';

/** How many pieces are read ahead of the last one that was asked for… */
export const AHEAD_PIECES = 64;
/** …and how many bytes of them: a lane waits neither for the disk nor for the compressor. */
export const AHEAD_BYTES = 4 * 1024 * 1024;

/** What reading ahead needs of a reader. */
export interface AheadReader {
  /** whether somebody takes the file */
  wants(file: number): boolean;
  /** whether the piece is in hand, or is being read */
  has(piece: number, inflates: boolean): boolean;
  /** Reads a piece; resolves whether or not it could. */
  read(piece: number, inflates: boolean): Promise<void>;
}

/** Reads what will be asked for next, in the share's order. */
export class ReadAhead {
  readonly #manifest: Manifest;
  readonly #reader: AheadReader;
  #inflates = false;
  /** the next piece to look at, the one behind the last, and how many bytes there may be up to it */
  #next = 0;
  #end = 0;
  #roomBytes = 0;
  #runningBytes = 0;
  #looking = false;

  constructor(manifest: Manifest, reader: AheadReader) {
    this.#manifest = manifest;
    this.#reader = reader;
  }

  /** A piece was asked for; of those asked for in one turn, the last one counts. */
  note(piece: number, inflates: boolean): void {
    this.#inflates = inflates;
    this.#next = piece + 1;
    this.#end = Math.min(this.#next + AHEAD_PIECES, this.#manifest.pieceCount);
    this.#roomBytes = AHEAD_BYTES;
    if (this.#looking) return;
    this.#looking = true;
    queueMicrotask(() => {
      this.#looking = false;
      this.#readNext();
    });
  }

  #readNext(): void {
    for (; this.#next < this.#end; this.#next += 1) {
      const { file, length } = locatePiece(this.#manifest, this.#next);
      if (length > this.#roomBytes) return;
      if (this.#reader.wants(file) && !this.#reader.has(this.#next, this.#inflates)) {
        // Whoever asks here and there, again and again, does not have everything read in between.
        if (this.#runningBytes + length > AHEAD_BYTES) return;
        void this.#read(this.#next, length);
      }
      this.#roomBytes -= length;
    }
  }

  async #read(piece: number, length: number): Promise<void> {
    this.#runningBytes += length;
    await this.#reader.read(piece, this.#inflates);
    this.#runningBytes -= length;
    this.#readNext();
  }
}
