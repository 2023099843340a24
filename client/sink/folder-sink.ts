import { type PiecePlace, countPieces } from '../share/manifest.ts';
import { numbersIn } from '../share/number-set.ts';
import { type DataLayout, placesOf } from './data-layout.ts';
import type { HashedPiece } from './piece-journal.ts';
import type { PieceLog, Sink, VerifiedPiece } from './sink.ts';
import { storageError } from './storage-error.ts';

/** Open files are few, however many a share has. */
const MAX_OPEN_FILES = 4;
/** More than this is not left uncommitted, nor more than is committed already: then what is copied stays linear. */
const UNCOMMITTED_BYTES = 256 * 1024 * 1024;

type Stream = Pick<FileSystemWritableFileStream, 'write' | 'close' | 'abort'>;

/** The files of a share in a picked folder, as `FolderFiles` knows them; as much of them as the sink needs. */
export interface PickedFiles {
  open(file: number, create: boolean): Promise<PickedFile>;
  remove(files: Iterable<number>): Promise<void>;
}

/** One of them. */
export interface PickedFile extends Pick<FileSystemFileHandle, 'getFile'> {
  createWritable(options: { readonly keepExistingData: boolean }): Promise<Stream>;
}

/** A file that is being written: the browser writes into a copy, which takes the file's place when it is closed. */
interface OpenFile {
  readonly stream: Stream;
  readonly committedBytes: number;
  /** in the copy and not in the log yet, by number */
  readonly pending: Map<number, HashedPiece>;
  pendingBytes: number;
  /** how many of its pieces are in neither */
  missing: number;
}

/**
 * Writes each file at its place in a folder that the user picked (File System Access). A piece is noted in the log only once
 * its file is committed: what is not is lost with the page, and fetched again.
 */
export class FolderSink implements Sink {
  readonly #files: PickedFiles;
  readonly #layout: DataLayout;
  readonly #log: PieceLog;
  /** in the order of their last use */
  readonly #open = new Map<number, OpenFile>();

  constructor(files: PickedFiles, layout: DataLayout, log: PieceLog) {
    this.#files = files;
    this.#layout = layout;
    this.#log = log;
  }

  async write(pieces: readonly VerifiedPiece[]): Promise<void> {
    for (const piece of pieces) await this.#writePiece(piece);
  }

  async readBack({ file, start, length }: PiecePlace): Promise<Uint8Array<ArrayBuffer> | null> {
    try {
      const content = await (await this.#files.open(file, false)).getFile();
      if (content.size < start + length) return null;
      return new Uint8Array(await content.slice(start, start + length).arrayBuffer());
    } catch (cause) {
      // The user moved or deleted it.
      if (cause instanceof DOMException && cause.name === 'NotFoundError') return null;
      throw storageError(cause);
    }
  }

  async read(file: number): Promise<Blob> {
    await this.#commit(file);
    try {
      return await (await this.#files.open(file, false)).getFile();
    } catch (cause) {
      throw storageError(cause);
    }
  }

  async flush(): Promise<void> {
    // One that fails does not take the others with it.
    const failures: unknown[] = [];
    for (const file of this.#open.keys()) {
      await this.#commit(file).catch((error: unknown) => failures.push(error));
    }
    this.#log.checkpoint();
    if (failures.length > 0) throw storageError(failures[0]);
  }

  async discard(): Promise<void> {
    for (const file of this.#open.keys()) await this.#abort(file);
    await this.#files.remove(numbersIn(this.#layout.selected));
  }

  async close(): Promise<void> {
    await this.flush();
  }

  async #writePiece(piece: VerifiedPiece): Promise<void> {
    const { file, start } = piece.place;
    const open = await this.#openFile(file);
    try {
      await open.stream.write({ type: 'write', position: start, data: piece.bytes });
    } catch (cause) {
      await this.#abort(file);
      throw storageError(cause);
    }
    if (!open.pending.has(piece.piece)) {
      open.pendingBytes += piece.bytes.length;
      if (!this.#log.has(piece.piece)) open.missing -= 1;
    }
    open.pending.set(piece.piece, { piece: piece.piece, hash: piece.hash });
    const much = open.pendingBytes >= Math.max(UNCOMMITTED_BYTES, open.committedBytes);
    if (open.missing === 0 || much) await this.#commit(file);
  }

  async #openFile(file: number): Promise<OpenFile> {
    const known = this.#open.get(file);
    if (known !== undefined) {
      this.#open.delete(file);
      this.#open.set(file, known);
      return known;
    }
    const [oldest] = this.#open.keys();
    if (oldest !== undefined && this.#open.size >= MAX_OPEN_FILES) await this.#commit(oldest);
    try {
      const handle = await this.#files.open(file, true);
      let kept = 0;
      let committedBytes = 0;
      // One by one: a file that says it is terabytes has millions of pieces.
      for (const { number, length } of placesOf(this.#layout.manifest, file)) {
        if (!this.#log.has(number)) continue;
        kept += 1;
        committedBytes += length;
      }
      const stream = await handle.createWritable({ keepExistingData: kept > 0 });
      const opened = {
        stream,
        committedBytes,
        pending: new Map<number, HashedPiece>(),
        pendingBytes: 0,
        missing: countPieces(this.#layout.manifest.entries[file]?.size ?? 0) - kept,
      };
      this.#open.set(file, opened);
      return opened;
    } catch (cause) {
      throw storageError(cause);
    }
  }

  async #commit(file: number): Promise<void> {
    const open = this.#open.get(file);
    if (open === undefined) return;
    this.#open.delete(file);
    try {
      await open.stream.close();
    } catch (cause) {
      throw storageError(cause);
    }
    this.#log.keep([...open.pending.values()]);
  }

  async #abort(file: number): Promise<void> {
    const open = this.#open.get(file);
    this.#open.delete(file);
    // A stream that failed cannot be aborted, and needs not be.
    await open?.stream.abort().catch(() => {});
  }
}
