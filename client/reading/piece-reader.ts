import type { ErrorReason } from '../errors/error-reason.ts';
import { OnehopError, asOnehopError } from '../errors/onehop-error.ts';
import { HASH_BYTES, HashLedger } from '../integrity/hash-ledger.ts';
import { type Manifest, locatePiece } from '../share/manifest.ts';
import type { NumberSet } from '../share/number-set.ts';
import type { FileFailureReason } from '../transfer/control-message.ts';
import { WorkerCaller } from '../worker/worker-caller.ts';
import { BATCH_PIECES, CallBatch } from './call-batch.ts';
import { Deflater } from './deflater.ts';
import type { EncodedPiece } from './encoded-piece.ts';
import { PieceCache } from './piece-cache.ts';
import { ReadAhead } from './read-ahead.ts';
import type { KnownHashes, ReadCalls, ReadPiece, WantedPiece } from './read-calls.ts';
import { ReadLog } from './read-log.ts';
import { type RootWatch, SelectionRoots } from './selection-roots.ts';

/** How much is hashed at once of what nobody asks for. */
const REST_BYTES = 4 * 1024 * 1024;
/** How much is read while a receiver still looks at the list of files: what it will ask for first. */
const FIRST_BYTES = 2 * 1024 * 1024;
const FIRST_PIECES = 64;
/** How many bytes of pieces are kept for one receiver: its lanes ask for parts of the same ones… */
const CACHE_BYTES = 16 * 1024 * 1024;
/** …for each further one, which may be at another place of the share, … */
const CACHE_BYTES_PER_RECEIVER = 4 * 1024 * 1024;
/** …and at most. */
export const MAX_CACHE_BYTES = 64 * 1024 * 1024;

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
  readonly #ledger: HashLedger;
  readonly #log: ReadLog;
  readonly #roots: SelectionRoots;
  readonly #worker: WorkerCaller<ReadCalls>;
  readonly #batch: CallBatch<WantedPiece, ReadPiece>;
  readonly #deflater: Deflater;
  readonly #readAhead: ReadAhead;
  readonly #opened: Promise<void>;
  /** by `keyOf` */
  readonly #reading = new Map<number, Promise<EncodedPiece>>();
  readonly #cache = new PieceCache();
  #receivers = 0;
  #readingRest = false;
  #ended = false;

  /** It is closed by `close`. */
  constructor(
    source: ReadSource,
    listener: ReadListener,
    thread: Worker = startReadThread(),
    deflater: Deflater = new Deflater(source.manifest, source.files),
  ) {
    this.#source = source;
    this.#listener = listener;
    const ledger = new HashLedger(source.manifest.pieceCount);
    this.#ledger = ledger;
    this.#log = new ReadLog(source.manifest, ledger);
    for (const [file, reason] of source.failed) this.#log.fail(file, reason);
    this.#roots = new SelectionRoots(this.#log, (files) =>
      ledger.rootOf(source.manifest, files, source.digest),
    );
    this.#worker = new WorkerCaller<ReadCalls>(thread, 'unexpected');
    this.#batch = new CallBatch(
      (pieces) => this.#worker.call('read', { pieces }),
      ({ place }) => place.length,
    );
    this.#deflater = deflater;
    this.#readAhead = new ReadAhead(source.manifest, {
      wants: (file) => this.#log.isWatched(file),
      has: (piece, inflates) => this.#has(keyOf(piece, inflates)),
      // What goes wrong is told by `onFileFailed` and `onBroken`.
      read: (piece, inflates) => this.#take(piece, inflates).then(nothing, nothing),
    });
    this.#opened = this.#open(ledger);
    this.#opened.catch((error: unknown) => this.#break(error));
  }

  /** The files that cannot be had any more, with why. */
  get failed(): ReadonlyMap<number, FileFailureReason> {
    return this.#log.failed;
  }

  /**
   * A piece as it is to travel. Those who want the same one at about the same time share one reading, and the pieces
   * after it are read ahead.
   * @param inflates whether it may be deflated
   * @throws {OnehopError} why its file cannot be had any more, or why nothing can
   */
  read(piece: number, inflates: boolean): Promise<EncodedPiece> {
    this.#readAhead.note(piece, inflates);
    return this.#take(piece, inflates);
  }

  /**
   * A piece, plain, whose bytes belong to whoever asks: copied only where receivers are there, who may want the same ones.
   * @throws {OnehopError} as `read`
   */
  async readToOwn(piece: number): Promise<Pick<EncodedPiece, 'hash' | 'bytes'>> {
    if (this.#receivers === 0) {
      const place = locatePiece(this.#source.manifest, piece);
      return await this.#readPiece({ number: piece, place, bytesToo: true });
    }
    const { hash, bytes } = await this.read(piece, false);
    return { hash, bytes: bytes.slice() };
  }

  /** Reads the first pieces of the share, so that they are in hand when a receiver asks for them. @param inflates as for `read` */
  readFirst(inflates: boolean): void {
    const { manifest } = this.#source;
    let bytes = 0;
    for (let piece = 0; piece < Math.min(FIRST_PIECES, manifest.pieceCount); piece += 1) {
      bytes += locatePiece(manifest, piece).length;
      if (bytes > FIRST_BYTES) return;
      // What goes wrong is told by `onFileFailed` and `onBroken`.
      this.#take(piece, inflates).catch(nothing);
    }
  }

  /** The SHA-256 of a piece that was read, by this page or an earlier one; else null. */
  hashOf(piece: number): Uint8Array | null {
    return this.#ledger.get(piece);
  }

  /** Notes that so many bytes of pieces were put into a channel: whether deflating pays depends on how fast that goes. */
  noteSent(bytes: number): void {
    this.#deflater.noteSent(bytes);
  }

  /**
   * Tells the root hash of these files, less those that fail, once this page has read every piece of them; and again
   * whenever one of them fails later.
   */
  watchRoot(files: NumberSet, onRoot: (root: string, files: NumberSet) => void): RootWatch {
    return this.#roots.watch(files, onRoot, () => void this.#readRest());
  }

  /** How many receivers are there: so much is kept of what was read. The first one to come may ask for pieces soon. */
  setReceivers(count: number): void {
    this.#receivers = count;
    if (count > 0) this.#deflater.prepare();
    const bytes = CACHE_BYTES + (count - 1) * CACHE_BYTES_PER_RECEIVER;
    this.#cache.limit(count === 0 ? 0 : Math.min(bytes, MAX_CACHE_BYTES));
  }

  /** Ends the workers; readings that run are rejected. */
  close(): void {
    this.#ended = true;
    this.#cache.limit(0);
    this.#worker.terminate();
    this.#deflater.close();
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

  #has(key: number): boolean {
    return this.#cache.has(key) || this.#reading.has(key);
  }

  #take(piece: number, inflates: boolean): Promise<EncodedPiece> {
    const key = keyOf(piece, inflates);
    const kept = this.#cache.get(key);
    if (kept !== undefined) return Promise.resolve(kept);
    const running = this.#reading.get(key);
    if (running !== undefined) return running;
    const reading = this.#encode(piece, inflates)
      .then((encoded) => {
        this.#cache.set(key, encoded);
        return encoded;
      })
      .finally(() => this.#reading.delete(key));
    this.#reading.set(key, reading);
    return reading;
  }

  async #encode(piece: number, inflates: boolean): Promise<EncodedPiece> {
    const place = locatePiece(this.#source.manifest, piece);
    const { hash, bytes } = await this.#readPiece({ number: piece, place, bytesToo: true });
    if (!inflates) return { place, hash, form: 'plain', bytes };
    const encoded = await this.#deflater.encode(piece, place, bytes);
    return encoded === null ? this.#encode(piece, false) : { place, hash, ...encoded };
  }

  async #readPiece(wanted: WantedPiece): Promise<Extract<ReadPiece, { type: 'read' }>> {
    const { number, place } = wanted;
    try {
      await this.#opened;
      const known = this.#log.failed.get(place.file);
      if (known !== undefined) throw new OnehopError(known);
      const read = await this.#batch.call(wanted);
      if (read.type === 'failed') throw this.#fail(place.file, read.reason);
      if (!this.#log.note(number, read.hash)) throw this.#fail(place.file, 'source-changed');
      this.#roots.settle();
      return read;
    } catch (error) {
      this.#break(error);
      throw error;
    }
  }

  #hash(piece: number): Promise<unknown> {
    const place = locatePiece(this.#source.manifest, piece);
    return this.#readPiece({ number: piece, place, bytesToo: false });
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
      await Promise.allSettled(next.map((piece) => this.#hash(piece)));
      next = this.#roots.takeRest(most);
    }
    this.#readingRest = false;
  }
}

/** One that may be deflated and one that may not are two. */
function keyOf(piece: number, inflates: boolean): number {
  return 2 * piece + Number(inflates);
}

function nothing(): void {}

function noteKnown(ledger: HashLedger, { pieces, hashes }: KnownHashes): void {
  for (const [index, piece] of pieces.entries()) {
    const start = index * HASH_BYTES;
    ledger.note(piece, hashes.subarray(start, start + HASH_BYTES));
  }
}
