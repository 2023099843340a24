import { OnehopError } from '../errors/onehop-error.ts';
import { joinParts } from '../integrity/verify-piece.ts';
import type { PiecePlace } from '../share/manifest.ts';
import { AccessFile } from './access-file.worker.ts';
import { type DataLayout, dataOffset } from './data-layout.ts';
import { DOWNLOAD_FILES } from './received-folder.ts';
import type { PieceLog, Sink, VerifiedPiece } from './sink.ts';
import { storageError } from './storage-error.ts';

/** After so many bytes written they are brought to the disk: what has to be looked at after a crash stays little. */
const CHECKPOINT_BYTES = 256 * 1024 * 1024;

/** A larger piece is written by itself: to copy it to where it adjoins others would take longer. */
const SMALL_PIECE_BYTES = 128 * 1024;
/** What is read at once. */
const READ_AHEAD_BYTES = 1024 * 1024;

/** Bytes of the data, and where they start in it. */
interface Stretch {
  readonly at: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Writes all files of a download into one file of the origin private file system. */
export class OpfsSink implements Sink {
  readonly #folder: FileSystemDirectoryHandle;
  readonly #layout: DataLayout;
  readonly #log: PieceLog;
  /** null while it is closed, as for reading: some browsers do not read a file that is open for writing */
  #data: AccessFile | null = null;
  #content: File | null = null;
  #unflushed = 0;
  /** what was read last: small files are not read one by one */
  #ahead: Stretch | null = null;

  /** @param folder of the download */
  constructor(folder: FileSystemDirectoryHandle, layout: DataLayout, log: PieceLog) {
    this.#folder = folder;
    this.#layout = layout;
    this.#log = log;
  }

  async write(pieces: readonly VerifiedPiece[]): Promise<void> {
    const data = await this.#open();
    this.#content = null;
    this.#ahead = null;
    const written: VerifiedPiece[] = [];
    try {
      for (const { at, run } of runsOf(pieces, this.#layout)) {
        const bytes = run.length === 1 ? run[0]?.bytes : joinParts(run.map((one) => one.bytes));
        if (bytes !== undefined) data.write(at, bytes);
        written.push(...run);
        this.#unflushed += bytes?.length ?? 0;
      }
    } finally {
      if (written.length > 0) this.#log.keep(written);
    }
    if (this.#unflushed >= CHECKPOINT_BYTES) await this.flush();
  }

  async readBack({ file, start, length }: PiecePlace): Promise<Uint8Array<ArrayBuffer> | null> {
    const at = dataOffset(this.#layout, file, start);
    const data = await this.#open();
    this.#ahead = readAhead(data, at, length, this.#ahead);
    const from = at - this.#ahead.at;
    const bytes = this.#ahead.bytes.slice(from, from + length);
    return bytes.length === length ? bytes : null;
  }

  async read(file: number): Promise<Blob> {
    this.#closeData();
    try {
      const handle = this.#folder.getFileHandle(DOWNLOAD_FILES.data, { create: true });
      this.#content ??= await (await handle).getFile();
    } catch (cause) {
      throw storageError(cause);
    }
    const start = dataOffset(this.#layout, file, 0);
    const size = this.#layout.manifest.entries[file]?.size ?? 0;
    if (this.#content.size < start + size && size > 0) throw new OnehopError('storage-failed');
    return this.#content.slice(start, start + size);
  }

  async flush(): Promise<void> {
    const data = await this.#open();
    data.flush();
    this.#unflushed = 0;
    this.#log.checkpoint();
  }

  /** The download's folder goes as a whole. */
  async discard(): Promise<void> {
    this.#closeData();
  }

  async close(): Promise<void> {
    this.#closeData();
  }

  async #open(): Promise<AccessFile> {
    this.#data ??= await AccessFile.open(this.#folder, DOWNLOAD_FILES.data);
    return this.#data;
  }

  #closeData(): void {
    this.#ahead = null;
    this.#data?.close();
    this.#data = null;
  }
}

/** The pieces by where they go; small ones that adjoin together: a write of few bytes takes as long as one of many. */
function runsOf(
  pieces: readonly VerifiedPiece[],
  layout: DataLayout,
): readonly { readonly at: number; readonly run: readonly VerifiedPiece[] }[] {
  const runs: { readonly at: number; end: number; readonly run: VerifiedPiece[] }[] = [];
  const placed = pieces.map((piece) => ({
    piece,
    at: dataOffset(layout, piece.place.file, piece.place.start),
  }));
  // Of two contents of one piece the later one stays the later one.
  for (const { piece, at } of placed.toSorted((one, other) => one.at - other.at)) {
    const last = runs.at(-1);
    if (last?.end === at && piece.bytes.length <= SMALL_PIECE_BYTES) {
      last.run.push(piece);
      last.end += piece.bytes.length;
    } else runs.push({ at, end: at + piece.bytes.length, run: [piece] });
  }
  return runs;
}

/** A stretch of the data that holds these bytes, if it reaches so far: the one at hand, or one that is read. */
function readAhead(data: AccessFile, at: number, length: number, hand: Stretch | null): Stretch {
  if (hand !== null && hand.at <= at && at + length <= hand.at + hand.bytes.length) return hand;
  return { at, bytes: data.read(at, Math.max(length, READ_AHEAD_BYTES)) };
}
