import type { ErrorReason } from '../errors/error-reason.ts';
import { OnehopError, asOnehopError } from '../errors/onehop-error.ts';
import { HASH_BYTES, HashLedger } from '../integrity/hash-ledger.ts';
import { type Manifest, locatePiece } from '../share/manifest.ts';
import type { NumberSet } from '../share/number-set.ts';
import type { FileFailureReason } from '../transfer/control-message.ts';
import type { FramedPiece } from '../transfer/framed-piece.ts';
import { WorkerCaller } from '../worker/worker-caller.ts';
import { FramedCache } from './framed-cache.ts';
import { BATCH_PIECES, ReadBatch } from './read-batch.ts';
import type { KnownHashes, ReadCalls } from './read-calls.ts';
import { ReadLog } from './read-log.ts';
import { type RootWatch, SelectionRoots } from './selection-roots.ts';

/** How much is hashed at once of what nobody asks for. */
const REST_BYTES = 4 * 1024 * 1024;

/** What a reader reads. */
export interface ReadSource {
  readonly manifest: Manifest;
  /** of the manifest */
  readonly digest: Uint8Array<ArrayBuffer>;
  /** by their number in the manifest; null where there is none: an empty folder, or a file that is failed from the start */
  readonly files: readonly (File | null)[];
  readonly failed: ReadonlyMap<number, FileFailureReason>;
  /** where the hash of each piece is kept for a page that comes later; null where nothing is */
  readonly journal: FileSystemFileHandle | null;
}

/** What a reader tells its owner. */
export interface ReadListener {
  /** a file cannot be had any more; told once a file */
  onFileFailed(file: number, reason: FileFailureReason): void;
  /** nothing can be read any more */
  onBroken(reason: ErrorReason): void;
}

/** Starts the thread that reads. */
export function startReadThread(): Worker {
  return new Worker(new URL('read.worker.ts', import.meta.url), { type: 'module', name: 'read' });
}

/** Reads pieces of the chosen files in a worker, for every receiver of a share, and knows the root hash of any of its files. */
export class PieceReader {
  readonly #source: ReadSource;
  readonly #listener: ReadListener;
  readonly #log: ReadLog;
  readonly #roots: SelectionRoots;
  readonly #worker: WorkerCaller<ReadCalls>;
  readonly #batch: ReadBatch;
  readonly #opened: Promise<void>;
  readonly #reading = new Map<string, Promise<FramedPiece>>();
  readonly #cache = new FramedCache();
  #caches = false;
  #readingRest = false;
  #ended = false;

  /** It is closed by `close`. */
  constructor(source: ReadSource, listener: ReadListener, thread: Worker = startReadThread()) {
    this.#source = source;
    this.#listener = listener;
    const ledger = new HashLedger(source.manifest.pieceCount);
    this.#log = new ReadLog(source.manifest, ledger);
    for (const [file, reason] of source.failed) this.#log.fail(file, reason);
    this.#roots = new SelectionRoots(this.#log, (files) =>
      ledger.rootOf(source.manifest, files, source.digest),
    );
    this.#worker = new WorkerCaller<ReadCalls>(thread, 'unexpected');
    this.#batch = new ReadBatch((pieces) => this.#worker.call('read', { pieces }));
    this.#opened = this.#open(ledger);
    this.#opened.catch((error: unknown) => this.#break(error));
  }

  /** The files that cannot be had any more, with why. */
  get failed(): ReadonlyMap<number, FileFailureReason> {
    return this.#log.failed;
  }

  /**
   * A piece as frames. Those who want the same one at about the same time share one reading.
   * @throws {OnehopError} why its file cannot be had any more, or why nothing can
   */
  read(piece: number, maxFrameBytes: number): Promise<FramedPiece> {
    const key = `${piece}/${maxFrameBytes}`;
    const kept = this.#cache.get(key);
    if (kept !== undefined) return Promise.resolve(kept);
    const running = this.#reading.get(key);
    if (running !== undefined) return running;
    const reading = this.#readFramed(key, piece, maxFrameBytes);
    this.#reading.set(key, reading);
    return reading;
  }

  /**
   * Tells the root hash of these files, less those that fail, once this page has read every piece of them; and again
   * whenever one of them fails later.
   */
  watchRoot(files: NumberSet, onRoot: (root: string, files: NumberSet) => void): RootWatch {
    return this.#roots.watch(files, onRoot, () => void this.#readRest());
  }

  /** Whether pieces that were read are kept for others: more than one receiver is there. */
  setCaching(caches: boolean): void {
    this.#caches = caches;
    if (!caches) this.#cache.clear();
  }

  /** Ends the worker; readings that run are rejected. */
  close(): void {
    this.#ended = true;
    this.#cache.clear();
    this.#worker.terminate();
  }

  async #open(ledger: HashLedger): Promise<void> {
    const { files, manifest, journal } = this.#source;
    const known = await this.#worker.call('open', {
      files,
      pieceCount: manifest.pieceCount,
      journal,
    });
    noteKnown(ledger, known);
  }

  async #readFramed(key: string, piece: number, maxFrameBytes: number): Promise<FramedPiece> {
    try {
      const framed = await this.#readPiece(piece, maxFrameBytes);
      if (this.#caches) this.#cache.set(key, framed);
      return framed;
    } finally {
      this.#reading.delete(key);
    }
  }

  /** @param maxFrameBytes null where only the hash is wanted */
  async #readPiece(number: number, maxFrameBytes: number | null): Promise<FramedPiece> {
    const place = locatePiece(this.#source.manifest, number);
    try {
      await this.#opened;
      const known = this.#log.failed.get(place.file);
      if (known !== undefined) throw new OnehopError(known);
      const read = await this.#batch.read({ number, place, maxFrameBytes });
      if (read.type === 'failed') throw this.#fail(place.file, read.reason);
      if (!this.#log.note(number, read.framed.hash)) throw this.#fail(place.file, 'source-changed');
      this.#roots.settle();
      return read.framed;
    } catch (error) {
      this.#break(error);
      throw error;
    }
  }

  #fail(file: number, reason: FileFailureReason): OnehopError {
    const first = !this.#ended && this.#log.fail(file, reason);
    if (first) {
      this.#listener.onFileFailed(file, reason);
      this.#roots.settle();
    }
    return new OnehopError(this.#log.failed.get(file) ?? reason);
  }

  /** A file that cannot be read is no more than that; anything else is the end of all reading. */
  #break(error: unknown): void {
    const { reason } = asOnehopError(error);
    if (this.#ended || reason === 'source-changed' || reason === 'source-unreadable') return;
    this.#ended = true;
    this.#listener.onBroken(reason);
  }

  async #readRest(): Promise<void> {
    if (this.#readingRest) return;
    this.#readingRest = true;
    const most = { pieces: BATCH_PIECES, bytes: REST_BYTES };
    for (let next = this.#roots.takeRest(most); next.length > 0 && !this.#ended;) {
      // What goes wrong is told by `onFileFailed` and `onBroken`.
      await Promise.allSettled(next.map((piece) => this.#readPiece(piece, null)));
      next = this.#roots.takeRest(most);
    }
    this.#readingRest = false;
  }
}

function noteKnown(ledger: HashLedger, { pieces, hashes }: KnownHashes): void {
  for (const [index, piece] of pieces.entries()) {
    const start = index * HASH_BYTES;
    ledger.note(piece, hashes.subarray(start, start + HASH_BYTES));
  }
}
