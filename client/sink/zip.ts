import { makeZip } from 'client-zip';
import { OnehopError } from '../errors/onehop-error.ts';
import { type ManifestEntry, type PiecePlace, isFolder } from '../share/manifest.ts';
import { numbersIn } from '../share/number-set.ts';
import { type DataLayout, placesOf } from './data-layout.ts';
import { makeSafePaths } from './safe-names.ts';
import type { Sink } from './sink.ts';

/** What ZIP can say of a date, with a day to spare for time zones; milliseconds since 1970. */
const EARLIEST = Date.UTC(1980, 0, 2);
const LATEST = Date.UTC(2107, 11, 30);

/**
 * The bytes of files as small as this are copied into the archive, up to so many in all: a browser takes as long to find a part of an archive on
 * the disk as to read many kilobytes.
 */
const COPIED_FILE_BYTES = 64 * 1024;
const COPIED_BYTES = 256 * 1024 * 1024;
/** Of what is the archive's own, so much is held before it is handed to the browser, which may put it on the disk. */
const LOOSE_BYTES = 1024 * 1024;

/** How often progress is told at most. */
const PROGRESS_STEPS = 200;

/** What an archive is made of. */
export interface ZipContent {
  readonly layout: DataLayout;
  /** files that are left out, as they could not be had */
  readonly failed: ReadonlySet<number>;
  readonly sink: Pick<Sink, 'read' | 'readBack'>;
}

/**
 * A ZIP archive (stored, ZIP64 where needed) of the selected files. Nothing is copied but names and checksums: the archive is put together from
 * its metadata and from the files as they lie on the disk, which are read once for their checksums.
 * @param onProgress is told how much is done, 0 to 1
 * @throws {OnehopError} `storage-failed`, also where a file has changed; or what `signal` was aborted with
 */
export async function packZip(
  content: ZipContent,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<Blob> {
  const fed = new WeakMap<Uint8Array, number>();
  const archive = new Archive();
  const reader = makeZip(zipEntries(content, fed, onProgress)).getReader();
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) break;
      // What comes out as the very chunk that went in is a file's content; any other is the archive's own.
      const file = fed.get(value);
      if (file === undefined) archive.addBytes(value);
      else archive.addFile(file);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
  return await archive.join(content.sink);
}

/** Collects what an archive is made of: bytes of its own, and files by their numbers. */
class Archive {
  readonly #parts: (Blob | number)[] = [];
  #loose: Uint8Array<ArrayBuffer>[] = [];
  #looseBytes = 0;

  addBytes(bytes: Uint8Array): void {
    this.#loose.push(new Uint8Array(bytes));
    this.#looseBytes += bytes.length;
    if (this.#looseBytes >= LOOSE_BYTES) this.#settle();
  }

  /** Adds a file, or another chunk of the one added last. */
  addFile(file: number): void {
    if (this.#loose.length === 0 && this.#parts.at(-1) === file) return;
    this.#settle();
    this.#parts.push(file);
  }

  async join(sink: Pick<Sink, 'read'>): Promise<Blob> {
    this.#settle();
    const blobs: Blob[] = [];
    for (const part of this.#parts) {
      blobs.push(typeof part === 'number' ? await sink.read(part) : part);
    }
    return new Blob(blobs, { type: 'application/zip' });
  }

  #settle(): void {
    if (this.#loose.length > 0) this.#parts.push(new Blob(this.#loose));
    this.#loose = [];
    this.#looseBytes = 0;
  }
}

type ZipEntry = Parameters<typeof makeZip>[0] extends infer Entries
  ? Entries extends AsyncIterable<infer Entry>
    ? Entry
    : never
  : never;

/** What `makeZip` is to put in. @param fed where each chunk of a file is noted, but those of files that are copied */
async function* zipEntries(
  { layout, failed, sink }: ZipContent,
  fed: WeakMap<Uint8Array, number>,
  onProgress: (fraction: number) => void,
): AsyncGenerator<ZipEntry> {
  const { manifest, selected, totalBytes } = layout;
  const names = makeSafePaths(manifest.entries.map(({ path }) => path));
  let room = COPIED_BYTES;
  let done = 0;
  let told = 0;
  const readPiece = async (place: PiecePlace, copied: boolean) => {
    const bytes = await sink.readBack(place);
    if (bytes === null) throw new OnehopError('storage-failed');
    if (!copied) fed.set(bytes, place.file);
    done += bytes.length;
    if (done - told >= totalBytes / PROGRESS_STEPS) {
      told = done;
      onProgress(done / totalBytes);
      await turn();
    }
    return bytes;
  };
  async function* readPieces(places: readonly PiecePlace[]) {
    for (const place of places) yield await readPiece(place, false);
  }
  for (const file of numbersIn(selected)) {
    const entry = manifest.entries[file];
    if (entry === undefined || failed.has(file)) continue;
    const head = { name: names[file] ?? '', lastModified: zipDate(entry) };
    const [first, ...others] = placesOf(manifest, file);
    const copied = entry.size <= Math.min(COPIED_FILE_BYTES, room);
    if (copied) room -= entry.size;
    if (isFolder(entry)) yield head;
    else if (first === undefined) yield { ...head, input: new Uint8Array() };
    // Not as a stream: most files of a large share have one piece, and a stream for each takes long.
    else if (others.length === 0) yield { ...head, input: await readPiece(first, copied) };
    else yield { ...head, input: readPieces([first, ...others]) };
  }
  if (told < done) onProgress(1);
}

/** Lets the worker hear what it is told: the sink may answer at once, and nothing else would have its turn until the end. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}

function zipDate({ lastModified }: ManifestEntry): Date {
  return new Date(Math.min(Math.max(lastModified, EARLIEST), LATEST));
}
