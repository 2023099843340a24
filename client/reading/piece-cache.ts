import type { EncodedPiece } from './encoded-piece.ts';

/** Encoded pieces that may be wanted again, by other lanes or other receivers, within so many bytes. */
export class PieceCache {
  /** the one used last at the end */
  readonly #pieces = new Map<number, EncodedPiece>();
  #limit = 0;
  #bytes = 0;

  /** How many bytes it holds. */
  get bytes(): number {
    return this.#bytes;
  }

  has(key: number): boolean {
    return this.#pieces.has(key);
  }

  get(key: number): EncodedPiece | undefined {
    const encoded = this.#pieces.get(key);
    if (encoded === undefined) return undefined;
    this.#pieces.delete(key);
    this.#pieces.set(key, encoded);
    return encoded;
  }

  /** Keeps a piece; those used longest ago make room for it. */
  set(key: number, encoded: EncodedPiece): void {
    if (this.#pieces.has(key)) return;
    this.#pieces.set(key, encoded);
    this.#bytes += encoded.bytes.length;
    this.#shrink();
  }

  /** How many bytes it may hold from now on. */
  limit(bytes: number): void {
    this.#limit = bytes;
    this.#shrink();
  }

  #shrink(): void {
    for (const [oldest, { bytes }] of this.#pieces) {
      if (this.#bytes <= this.#limit) return;
      this.#pieces.delete(oldest);
      this.#bytes -= bytes.length;
    }
  }
}
