import type { HashedPiece } from './piece-journal.ts';
import type { PieceLog } from './sink.ts';

/** The log of what is kept in memory: it goes with it. */
export class MemoryLog implements PieceLog {
  readonly #hashes = new Map<number, Uint8Array<ArrayBuffer>>();

  has(piece: number): boolean {
    return this.#hashes.has(piece);
  }

  keep(pieces: readonly HashedPiece[]): void {
    for (const { piece, hash } of pieces) this.#hashes.set(piece, hash);
  }

  checkpoint(): void {}

  revoke(pieces: readonly HashedPiece[]): void {
    for (const { piece } of pieces) this.#hashes.delete(piece);
  }

  kept(): { readonly certain: readonly HashedPiece[]; readonly uncertain: readonly HashedPiece[] } {
    const certain = [...this.#hashes].map(([piece, hash]) => ({ piece, hash }));
    return { certain, uncertain: [] };
  }

  close(): void {}
}
