import { encodeBase64url } from '../encoding/base64url.ts';
import type { Manifest } from '../share/manifest.ts';
import { type NumberSet, numbersIn } from '../share/number-set.ts';

/** SHA-256. */
export const HASH_BYTES = 32;

const HASHES_PER_BLOCK = 4_096;

/** The SHA-256 of each piece of a share, as far as it is known. Memory grows with what is known: 32 bytes a piece. */
export class HashLedger {
  readonly #pieceCount: number;
  readonly #blocks = new Map<number, Uint8Array<ArrayBuffer>>();
  readonly #known: Uint8Array;
  #knownCount = 0;

  constructor(pieceCount: number) {
    this.#pieceCount = pieceCount;
    this.#known = new Uint8Array(Math.ceil(pieceCount / 8));
  }

  /** Whether the hash of every piece is known. */
  get complete(): boolean {
    return this.#knownCount === this.#pieceCount;
  }

  /** Notes a piece's hash. @returns false where another hash was noted for it before, which stays */
  note(piece: number, hash: Uint8Array): boolean {
    const bit = 1 << (piece & 7);
    const known = this.#known[piece >> 3] ?? 0;
    const slot = this.#slot(piece);
    if ((known & bit) !== 0) return hash.every((byte, index) => slot[index] === byte);
    slot.set(hash);
    this.#known[piece >> 3] = known | bit;
    this.#knownCount += 1;
    return true;
  }

  /** A piece's hash, not to be changed; null while it is not known. */
  get(piece: number): Uint8Array | null {
    return this.#has(piece) ? this.#slot(piece) : null;
  }

  /**
   * The share's root hash, base64url: SHA-256 of the manifest's digest followed by every piece's hash in order.
   * @throws {RangeError} while a hash is missing
   */
  async root(manifestDigest: Uint8Array): Promise<string> {
    if (!this.complete) throw new RangeError('a hash is missing');
    const all = new Uint8Array(manifestDigest.length + this.#pieceCount * HASH_BYTES);
    all.set(manifestDigest);
    for (let piece = 0; piece < this.#pieceCount; piece += 1) {
      all.set(this.#slot(piece), manifestDigest.length + piece * HASH_BYTES);
    }
    return encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', all)));
  }

  /**
   * The root hash of some of a share's files, base64url: SHA-256 of the manifest's digest, the bits of `files`, and the hash of
   * every piece of these files in order.
   * @throws {RangeError} while the hash of one of these pieces is missing
   */
  async rootOf(manifest: Manifest, files: NumberSet, manifestDigest: Uint8Array): Promise<string> {
    const spans = [...numbersIn(files)].map((file) => ({
      first: manifest.firstPieces[file] ?? 0,
      end: manifest.firstPieces[file + 1] ?? manifest.pieceCount,
    }));
    const pieces = spans.reduce((sum, { first, end }) => sum + end - first, 0);
    const head = manifestDigest.length + files.bits.length;
    const all = new Uint8Array(head + pieces * HASH_BYTES);
    all.set(manifestDigest);
    all.set(files.bits, manifestDigest.length);
    let position = head;
    for (const { first, end } of spans) {
      for (let piece = first; piece < end; piece += 1) {
        if (!this.#has(piece)) throw new RangeError('a hash is missing');
        all.set(this.#slot(piece), position);
        position += HASH_BYTES;
      }
    }
    return encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', all)));
  }

  #has(piece: number): boolean {
    return ((this.#known[piece >> 3] ?? 0) & (1 << (piece & 7))) !== 0;
  }

  #slot(piece: number): Uint8Array {
    const index = Math.floor(piece / HASHES_PER_BLOCK);
    const block = this.#blocks.get(index) ?? new Uint8Array(HASHES_PER_BLOCK * HASH_BYTES);
    this.#blocks.set(index, block);
    const start = (piece % HASHES_PER_BLOCK) * HASH_BYTES;
    return block.subarray(start, start + HASH_BYTES);
  }
}
