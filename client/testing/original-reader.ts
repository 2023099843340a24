import { OnehopError } from '../errors/onehop-error.ts';
import { HashLedger } from '../integrity/hash-ledger.ts';
import type { EncodedPiece } from '../reading/encoded-piece.ts';
import type { ReadListener } from '../reading/piece-reader.ts';
import { ReadLog } from '../reading/read-log.ts';
import { type RootWatch, SelectionRoots } from '../reading/selection-roots.ts';
import { type Manifest, digestManifest, locatePiece } from '../share/manifest.ts';
import type { NumberSet } from '../share/number-set.ts';
import type { FileFailureReason } from '../transfer/control-message.ts';
import { quickDeflate } from './quick-deflate.ts';
import { quickHash } from './quick-hash.ts';

const ALL_AT_ONCE = { pieces: Infinity, bytes: Infinity };

/** Reads pieces of files in memory in place of a `PieceReader`: the same log and roots, without a worker. */
export class OriginalReader {
  readonly #manifest: Manifest;
  readonly #originals: readonly Uint8Array<ArrayBuffer>[];
  readonly #log: ReadLog;
  readonly #roots: SelectionRoots;
  readonly #listener: ReadListener;
  readonly #deflates: (piece: number) => boolean;

  /** @param deflates which pieces travel deflated, if that makes them smaller */
  constructor(
    manifest: Manifest,
    originals: readonly Uint8Array<ArrayBuffer>[],
    listener: ReadListener,
    failed: ReadonlyMap<number, FileFailureReason> = new Map(),
    deflates: (piece: number) => boolean = () => false,
  ) {
    this.#manifest = manifest;
    this.#originals = originals;
    this.#listener = listener;
    this.#deflates = deflates;
    const ledger = new HashLedger(manifest.pieceCount);
    this.#log = new ReadLog(manifest, ledger);
    for (const [file, reason] of failed) this.#log.fail(file, reason);
    this.#roots = new SelectionRoots(this.#log, async (files) =>
      ledger.rootOf(manifest, files, await digestManifest(manifest)),
    );
  }

  get failed(): ReadonlyMap<number, FileFailureReason> {
    return this.#log.failed;
  }

  async read(piece: number, inflates: boolean): Promise<EncodedPiece> {
    const place = locatePiece(this.#manifest, piece);
    const known = this.#log.failed.get(place.file);
    if (known !== undefined) throw new OnehopError(known);
    const bytes = this.#bytesOf(piece);
    const hash = quickHash(bytes);
    this.#log.note(piece, hash);
    this.#roots.settle();
    const deflated = inflates && this.#deflates(piece) ? quickDeflate(bytes) : null;
    return deflated === null
      ? { place, hash, form: 'plain', bytes }
      : { place, hash, form: 'deflated', bytes: deflated };
  }

  async readToOwn(piece: number): Promise<Pick<EncodedPiece, 'hash' | 'bytes'>> {
    const { hash, bytes } = await this.read(piece, false);
    return { hash, bytes: bytes.slice() };
  }

  readFirst(): void {}

  hashOf(piece: number): Uint8Array | null {
    return quickHash(this.#bytesOf(piece));
  }

  noteSent(): void {}

  watchRoot(files: NumberSet, onRoot: (root: string, files: NumberSet) => void): RootWatch {
    return this.#roots.watch(files, onRoot, () => {
      for (const piece of this.#roots.takeRest(ALL_AT_ONCE)) {
        this.#log.note(piece, quickHash(this.#bytesOf(piece)));
      }
      this.#roots.settle();
    });
  }

  setReceivers(): void {}

  /** Has a file fail, as when it was changed. */
  fail(file: number, reason: FileFailureReason): void {
    if (!this.#log.fail(file, reason)) return;
    this.#listener.onFileFailed(file, reason);
    this.#roots.settle();
  }

  #bytesOf(piece: number): Uint8Array<ArrayBuffer> {
    const { file, start, length } = locatePiece(this.#manifest, piece);
    const original = this.#originals[file];
    if (original === undefined) throw new OnehopError('source-unreadable');
    return original.subarray(start, start + length);
  }
}
