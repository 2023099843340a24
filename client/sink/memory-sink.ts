import { OnehopError } from '../errors/onehop-error.ts';
import { type Manifest, type PiecePlace, countPieces } from '../share/manifest.ts';
import { placesOf } from './data-layout.ts';
import type { PieceLog, Sink, VerifiedPiece } from './sink.ts';

/** Keeps everything in memory: for browsers without an origin private file system. */
export class MemorySink implements Sink {
  readonly #manifest: Manifest;
  readonly #log: PieceLog;
  readonly #pieces = new Map<number, Blob>();

  constructor(manifest: Manifest, log: PieceLog) {
    this.#manifest = manifest;
    this.#log = log;
  }

  async write(pieces: readonly VerifiedPiece[]): Promise<void> {
    for (const { piece, bytes } of pieces) this.#pieces.set(piece, new Blob([bytes]));
    this.#log.keep(pieces);
  }

  async readBack({ file, piece }: PiecePlace): Promise<Uint8Array<ArrayBuffer> | null> {
    const blob = this.#pieces.get((this.#manifest.firstPieces[file] ?? 0) + piece);
    return blob === undefined ? null : new Uint8Array(await blob.arrayBuffer());
  }

  async read(file: number): Promise<Blob> {
    const blobs = [...placesOf(this.#manifest, file)].flatMap(
      ({ number }) => this.#pieces.get(number) ?? [],
    );
    const whole = blobs.length === countPieces(this.#manifest.entries[file]?.size ?? 0);
    if (!whole) throw new OnehopError('storage-failed');
    return new Blob(blobs);
  }

  async flush(): Promise<void> {
    this.#log.checkpoint();
  }

  async discard(): Promise<void> {
    this.#pieces.clear();
  }

  async close(): Promise<void> {}
}
