import { HASH_BYTES } from '../integrity/hash-ledger.ts';
import { type UploadLayout, pieceAt, pieceSpan, recordSpan } from '../sealing/upload-layout.ts';

/** A piece with its SHA-256. */
export interface HashedBytes {
  readonly hash: Uint8Array<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Where an upload's pieces come from. */
export interface PieceSupply {
  /** A piece; they are taken in order. @throws {OnehopError} why it cannot be had */
  take(piece: number): Promise<HashedBytes>;
  /** The hashes of the pieces `first` to before `end`, one behind the other. @throws {OnehopError} why they cannot be had */
  hashes(first: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** An upload's stream, record by record. */
export class RecordStream {
  readonly #layout: UploadLayout;
  readonly #preface: Uint8Array<ArrayBuffer>;
  readonly #supply: PieceSupply;
  /** the piece that the last record ended in */
  #current: ({ readonly piece: number } & HashedBytes) | null = null;

  constructor(layout: UploadLayout, preface: Uint8Array<ArrayBuffer>, supply: PieceSupply) {
    this.#layout = layout;
    this.#preface = preface;
    this.#supply = supply;
  }

  /**
   * What a record holds: to be read only, as it may be a part of a piece. Cheap for one that follows the one before.
   * @throws {OnehopError} why a piece of it cannot be had
   */
  async read(index: number): Promise<Uint8Array<ArrayBuffer>> {
    const { start, end } = recordSpan(this.#layout.streamBytes, index);
    const first = await this.#partAt(start, end);
    if (first.length >= end - start) return first.subarray(0, end - start);
    const record = new Uint8Array(end - start);
    record.set(first);
    let position = start + first.length;
    while (position < end) {
      const part = await this.#partAt(position, end);
      const bytes = part.subarray(0, end - position);
      record.set(bytes, position - start);
      position += bytes.length;
    }
    return record;
  }

  /** Bytes of the stream from `position` on: at least one, of one kind. */
  async #partAt(position: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const { prefaceBytes, hashListStart } = this.#layout;
    if (position < prefaceBytes) return this.#preface.subarray(position);
    const piece = pieceAt(this.#layout, position);
    if (piece === null) {
      const first = Math.floor((position - hashListStart) / HASH_BYTES);
      const last = Math.ceil((end - hashListStart) / HASH_BYTES);
      const hashes = await this.#supply.hashes(first, last);
      return hashes.subarray(position - hashListStart - first * HASH_BYTES);
    }
    const { hash, bytes } = await this.#take(piece);
    const inside = position - pieceSpan(this.#layout, piece).start;
    return inside < HASH_BYTES ? hash.subarray(inside) : bytes.subarray(inside - HASH_BYTES);
  }

  async #take(piece: number): Promise<HashedBytes> {
    if (this.#current?.piece === piece) return this.#current;
    this.#current = null;
    const taken = await this.#supply.take(piece);
    this.#current = { piece, ...taken };
    return taken;
  }
}
