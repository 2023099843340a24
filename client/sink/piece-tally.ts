import { type Manifest, locatePiece } from '../share/manifest.ts';

/** Which pieces of a share are kept, and how many bytes that is. */
export class PieceTally {
  readonly #manifest: Manifest;
  readonly #bits: Uint8Array;
  #bytes = 0;

  constructor(manifest: Manifest) {
    this.#manifest = manifest;
    this.#bits = new Uint8Array(Math.ceil(manifest.pieceCount / 8));
  }

  /** of all pieces in it */
  get bytes(): number {
    return this.#bytes;
  }

  has(piece: number): boolean {
    return ((this.#bits[piece >> 3] ?? 0) & (1 << (piece & 7))) !== 0;
  }

  add(piece: number): void {
    if (!this.has(piece)) this.#turn(piece, 1);
  }

  remove(piece: number): void {
    if (this.has(piece)) this.#turn(piece, -1);
  }

  #turn(piece: number, sign: 1 | -1): void {
    this.#bits[piece >> 3] = (this.#bits[piece >> 3] ?? 0) ^ (1 << (piece & 7));
    this.#bytes += sign * locatePiece(this.#manifest, piece).length;
  }
}
