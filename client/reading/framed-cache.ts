import type { FramedPiece } from '../transfer/framed-piece.ts';

/** How many bytes of pieces are kept for receivers that are a little behind. */
export const CACHE_BYTES = 16 * 1024 * 1024;

/** The pieces that were read last, as frames, so that receivers at about the same place share one reading. */
export class FramedCache {
  /** the one used last at the end */
  readonly #pieces = new Map<string, FramedPiece>();
  #bytes = 0;

  /** How many bytes it holds. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): FramedPiece | undefined {
    const framed = this.#pieces.get(key);
    if (framed === undefined) return undefined;
    this.#pieces.delete(key);
    this.#pieces.set(key, framed);
    return framed;
  }

  /** Keeps a piece; those used longest ago make room for it. */
  set(key: string, framed: FramedPiece): void {
    if (this.#pieces.has(key)) return;
    this.#pieces.set(key, framed);
    this.#bytes += sizeOf(framed);
    for (const [oldest, old] of this.#pieces) {
      if (this.#bytes <= CACHE_BYTES) return;
      this.#pieces.delete(oldest);
      this.#bytes -= sizeOf(old);
    }
  }

  clear(): void {
    this.#pieces.clear();
    this.#bytes = 0;
  }
}

function sizeOf({ frames }: FramedPiece): number {
  return frames.reduce((sum, frame) => sum + frame.length, 0);
}
