import { type ChosenEntry, MAX_FILES } from '../share/manifest.ts';
import { type Dropped, isFolderEntry } from './dropped.ts';
import { compareNames } from './path-order.ts';

/** What a drop or a paste turned out to hold. */
export interface Walked {
  /** files and empty folders; one more than a share may hold where there are too many */
  readonly entries: readonly ChosenEntry[];
  /** paths of what the browser could not read; folders end with `/` */
  readonly unreadable: readonly string[];
}

/** How many files of a folder are opened at the same time. */
const FILES_AT_ONCE = 100;

/**
 * Finds every file and every empty folder in what was dropped: what was dropped in its order, each folder by name.
 * It ends early once there are more than a share may hold.
 * @param onCount hears how many entries were found so far
 * @throws the reason of `signal` once it aborts
 */
export async function walkFolders(
  dropped: readonly Dropped[],
  onCount: (count: number) => void,
  signal: AbortSignal,
): Promise<Walked> {
  const walk = new Walk(onCount, signal);
  for (const item of dropped) {
    if (item.type === 'file') walk.add([{ path: item.file.name, file: item.file }]);
    else if (item.type === 'unreadable') walk.unreadable.push(item.name);
    else await walk.folder(item.folder, '');
  }
  return walk;
}

class Walk implements Walked {
  readonly entries: ChosenEntry[] = [];
  readonly unreadable: string[] = [];
  readonly #onCount: (count: number) => void;
  readonly #signal: AbortSignal;

  constructor(onCount: (count: number) => void, signal: AbortSignal) {
    this.#onCount = onCount;
    this.#signal = signal;
  }

  add(found: readonly ChosenEntry[]): void {
    this.entries.push(...found);
    this.#onCount(this.entries.length);
  }

  /** @param parent the path of the folder that it is in, with `/` at its end */
  async folder(folder: FileSystemDirectoryEntry, parent: string): Promise<void> {
    if (this.#isFull) return;
    const path = `${parent}${folder.name}/`;
    const children = await this.#children(folder, path);
    if (children?.length === 0) this.add([{ path, file: null }]);
    await this.#inOrder(children ?? [], path);
  }

  /** A run of files between two folders is opened together. */
  async #inOrder(children: readonly FileSystemEntry[], path: string): Promise<void> {
    let files: FileSystemEntry[] = [];
    for (const child of children) {
      if (isFolderEntry(child)) {
        await this.#files(files, path);
        files = [];
        await this.folder(child, path);
      } else {
        files.push(child);
        if (files.length < FILES_AT_ONCE) continue;
        await this.#files(files, path);
        files = [];
      }
    }
    await this.#files(files, path);
  }

  async #files(files: readonly FileSystemEntry[], path: string): Promise<void> {
    if (files.length === 0 || this.#isFull) return;
    const opened = await Promise.all(files.map(openFile));
    this.#signal.throwIfAborted();
    const found: ChosenEntry[] = [];
    for (const [index, file] of opened.entries()) {
      const name = `${path}${files[index]?.name ?? ''}`;
      if (file === null) this.unreadable.push(name);
      else found.push({ path: name, file });
    }
    this.add(found);
  }

  /** What is in a folder, by name; null, and the folder noted, where it cannot be read to its end. */
  async #children(
    folder: FileSystemDirectoryEntry,
    path: string,
  ): Promise<FileSystemEntry[] | null> {
    try {
      return await readWhole(folder, this.#signal);
    } catch {
      this.#signal.throwIfAborted();
      this.unreadable.push(path);
      return null;
    }
  }

  get #isFull(): boolean {
    return this.entries.length > MAX_FILES;
  }
}

/** A reader gives a folder in parts (Chromium: 100 entries), an empty part last. */
async function readWhole(
  folder: FileSystemDirectoryEntry,
  signal: AbortSignal,
): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    signal.throwIfAborted();
    if (part.length === 0 || children.length > MAX_FILES) break;
    children.push(...part);
  }
  return children.toSorted((left, right) => compareNames(left.name, right.name));
}

/** The file behind an entry; null where it cannot be read, or where the entry is neither a file nor a folder. */
function openFile(entry: FileSystemEntry): Promise<File | null> {
  return new Promise((resolve) => {
    if (isFileEntry(entry)) entry.file(resolve, () => resolve(null));
    else resolve(null);
  });
}

function isFileEntry(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}
