import { OnehopError } from '../errors/onehop-error.ts';
import { verifyPiece } from '../integrity/verify-piece.ts';
import { type Manifest, buildManifest, locatePiece } from '../share/manifest.ts';
import { AccessFile } from './access-file.worker.ts';
import { type DataLayout, layOutData } from './data-layout.ts';
import { FolderFiles } from './folder-files.ts';
import { FolderSink } from './folder-sink.ts';
import { inflatePiece } from './inflate-piece.ts';
import { JournalFile } from './journal-file.worker.ts';
import { MemoryLog } from './memory-log.ts';
import { MemorySink } from './memory-sink.ts';
import { OpfsSink } from './opfs-sink.worker.ts';
import type { HashedPiece } from './piece-journal.ts';
import { DOWNLOAD_FILES, openReceivedFolder } from './received-folder.ts';
import type { Sink } from './sink.ts';
import { storageError } from './storage-error.ts';
import type { PieceToStore, StoreCalls, StoreOutcome } from './store-calls.ts';
import { packZip } from './zip.ts';

/** Where a download is kept: its own folder, its log, and the sink its bytes go to. */
interface Parts {
  readonly layout: DataLayout;
  readonly folder: FileSystemDirectoryHandle | null;
  readonly log: JournalFile | MemoryLog;
  readonly sink: Sink;
  /** everything kept has to be looked at, as others may have changed it */
  readonly shared: boolean;
}

type OpenRequest = StoreCalls['open']['request'];

/** A download as the store worker keeps it. Its operations on the disk run one after another. */
export class OpenDownload {
  readonly #parts: Parts;
  /** ends when the operation begun last does */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @throws {OnehopError} `storage-full`, `storage-failed` or `folder-refused` */
  static async open(request: OpenRequest): Promise<OpenDownload> {
    const manifest = buildManifest(request.entries);
    if (manifest === null) throw new OnehopError('manifest-invalid');
    const layout = layOutData(manifest, request.selected);
    try {
      return new OpenDownload(await openOnDisk(request, layout));
    } catch (cause) {
      const error = storageError(cause);
      // Memory is for browsers without a private file system, not for one that is full, nor for what was on a disk.
      const other = error.reason !== 'storage-failed' || request.folder !== null || !request.fresh;
      if (other) throw error;
      return new OpenDownload(partsInMemory(manifest, layout));
    }
  }

  /** Whether it is lost with its page. */
  get inMemory(): boolean {
    return this.#parts.folder === null;
  }

  /** Puts `text` in place of what a file of the download's own holds. */
  async record(name: string, text: string): Promise<void> {
    const { folder } = this.#parts;
    if (folder === null) return;
    const file = await AccessFile.open(folder, name);
    try {
      file.clear();
      file.write(0, new TextEncoder().encode(text));
      file.flush();
    } finally {
      file.close();
    }
  }

  /** What is kept; what turns out not to be there is taken out of the log. */
  recover(): Promise<readonly HashedPiece[]> {
    return this.#inTurn(async () => {
      const { sink, log, shared } = this.#parts;
      // What cannot be committed is not kept, as the log then says.
      await sink.close().catch(() => {});
      const { certain, uncertain } = log.kept();
      const doubted = shared || !(await this.#reaches(certain)) ? certain : [];
      const kept = doubted.length > 0 ? [] : [...certain];
      const gone: HashedPiece[] = [];
      for (const piece of [...doubted, ...uncertain]) {
        ((await this.#isThere(piece)) ? kept : gone).push(piece);
      }
      log.revoke(gone);
      return kept;
    });
  }

  /** Checks pieces, several at once, and then writes those whose hash is right. */
  async store(pieces: readonly PieceToStore[]): Promise<readonly StoreOutcome[]> {
    const checked = await checkPieces(pieces);
    const verified = pieces.flatMap(({ piece, hash, place }, index) => {
      const bytes = checked[index];
      return bytes === null || bytes === undefined ? [] : [{ piece, hash, place, bytes }];
    });
    await this.#inTurn(() => this.#parts.sink.write(verified));
    return checked.map((bytes) => (bytes === null ? 'rejected' : 'stored'));
  }

  flush(): Promise<void> {
    return this.#inTurn(() => this.#parts.sink.flush());
  }

  read(file: number): Promise<Blob> {
    return this.#inTurn(() => this.#parts.sink.read(file));
  }

  /** A ZIP archive of the selected files but the `failed` ones; see `packZip`. */
  zip(
    failed: readonly number[],
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
  ): Promise<Blob> {
    const { sink, layout } = this.#parts;
    // In turn by the piece, so that a single file can be saved meanwhile.
    const inTurn: Pick<Sink, 'read' | 'readBack'> = {
      read: (file) => this.#inTurn(() => sink.read(file)),
      readBack: (place) => this.#inTurn(() => sink.readBack(place)),
    };
    return packZip({ layout, failed: new Set(failed), sink: inTurn }, onProgress, signal);
  }

  /** Removes everything. */
  discard(id: string): Promise<void> {
    return this.#inTurn(async () => {
      const { sink, log, folder } = this.#parts;
      await sink.discard();
      log.close();
      if (folder !== null) await (await openReceivedFolder()).removeEntry(id, { recursive: true });
    });
  }

  /** Lets go of everything. */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      try {
        await this.#parts.sink.close();
      } finally {
        this.#parts.log.close();
      }
    });
  }

  /** Whether the sink still reaches as far as the last of these pieces. */
  async #reaches(pieces: readonly HashedPiece[]): Promise<boolean> {
    const last = pieces.reduce((most, { piece }) => Math.max(most, piece), -1);
    if (last === -1) return true;
    const { sink, layout } = this.#parts;
    return (await sink.readBack(locatePiece(layout.manifest, last))) !== null;
  }

  async #isThere({ piece, hash }: HashedPiece): Promise<boolean> {
    const { sink, layout } = this.#parts;
    const bytes = await sink.readBack(locatePiece(layout.manifest, piece));
    return bytes !== null && (await verifyPiece([bytes], hash)) !== null;
  }

  #inTurn<Value>(operate: () => Promise<Value>): Promise<Value> {
    const result = this.#last.then(operate).catch((cause: unknown) => {
      throw storageError(cause);
    });
    this.#last = result.catch(() => {});
    return result;
  }
}

/** The bytes of each piece, or null of one that is not what its hash says. */
async function checkPieces(
  pieces: readonly PieceToStore[],
): Promise<readonly (Uint8Array<ArrayBuffer> | null)[]> {
  const checks: Promise<Uint8Array<ArrayBuffer> | null>[] = [];
  for (const { form, parts, place, hash } of pieces) {
    // One after another: hashes are taken on other threads, but this one inflates, and what a bomb makes is in memory once.
    const plain = form === 'plain' ? parts : await inflatePiece(parts, place.length);
    checks.push(plain === null ? Promise.resolve(null) : verifyPiece(plain, hash));
  }
  return await Promise.all(checks);
}

async function openOnDisk(request: OpenRequest, layout: DataLayout): Promise<Parts> {
  const { manifest, selected } = layout;
  const parent = await openReceivedFolder();
  const folder = await parent.getDirectoryHandle(request.id, { create: request.fresh });
  const log = new JournalFile(await AccessFile.open(folder, DOWNLOAD_FILES.journal), manifest);
  try {
    if (request.folder === null) {
      const sink = new OpfsSink(folder, layout, log);
      return { layout, folder, log, sink, shared: false };
    }
    const { handle, taken } = request.folder;
    const files = new FolderFiles(handle, manifest, new Set(taken));
    if (request.fresh) await files.makeEmpty(manifest, selected);
    const sink = new FolderSink(files, layout, log);
    return { layout, folder, log, sink, shared: true };
  } catch (error) {
    log.close();
    throw error;
  }
}

function partsInMemory(manifest: Manifest, layout: DataLayout): Parts {
  const log = new MemoryLog();
  const sink = new MemorySink(manifest, log);
  return { layout, folder: null, log, sink, shared: false };
}
