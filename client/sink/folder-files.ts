import type { Manifest } from '../share/manifest.ts';
import { isFolder } from '../share/manifest.ts';
import { type NumberSet, numbersIn } from '../share/number-set.ts';
import { makeSafePaths, nameKey } from './safe-names.ts';

/** Handles of folders kept at hand. */
const MAX_KNOWN_FOLDERS = 256;

/** Where the files of a share are in a folder that the user picked. */
export class FolderFiles {
  readonly #top: FileSystemDirectoryHandle;
  readonly #paths: readonly string[];
  readonly #known = new Map<string, FileSystemDirectoryHandle>();

  /** @param taken `nameKey`s of what has to be kept clear of in it */
  constructor(top: FileSystemDirectoryHandle, manifest: Manifest, taken: ReadonlySet<string>) {
    this.#top = top;
    this.#paths = safePathsOf(manifest, (key) => taken.has(key));
  }

  /** Makes the empty files and folders among the selected ones. */
  async makeEmpty(manifest: Manifest, selected: NumberSet): Promise<void> {
    for (const file of numbersIn(selected)) {
      const entry = manifest.entries[file];
      if (entry === undefined || entry.size > 0) continue;
      if (isFolder(entry)) await this.#enter(this.#paths[file] ?? '', true);
      else await this.open(file, true);
    }
  }

  /** @param create whether it is made, and the folders it is in, where it is not there */
  async open(file: number, create: boolean): Promise<FileSystemFileHandle> {
    const { folder, name } = this.#split(file);
    return await (await this.#enter(folder, create)).getFileHandle(name, { create });
  }

  /** Removes these files, and the folders of theirs that are empty then; what is not there is no matter. */
  async remove(files: Iterable<number>): Promise<void> {
    const folders = new Set<string>();
    for (const file of files) {
      const { folder, name } = this.#split(file);
      for (let end = folder.indexOf('/'); end !== -1; end = folder.indexOf('/', end + 1)) {
        folders.add(folder.slice(0, end + 1));
      }
      if (name !== '') await this.#removeEntry(folder, name);
    }
    this.#known.clear();
    const deepestFirst = [...folders].toSorted((one, other) => other.length - one.length);
    for (const path of deepestFirst) {
      const parent = path.slice(0, path.lastIndexOf('/', path.length - 2) + 1);
      await this.#removeEntry(parent, path.slice(parent.length, -1));
    }
  }

  #split(file: number): { readonly folder: string; readonly name: string } {
    const path = this.#paths[file] ?? '';
    const end = path.lastIndexOf('/') + 1;
    return { folder: path.slice(0, end), name: path.slice(end) };
  }

  /** Not `recursive`: a folder in which the user put something of his own stays. */
  async #removeEntry(folder: string, name: string): Promise<void> {
    try {
      await (await this.#enter(folder, false)).removeEntry(name);
    } catch {
      // Not there, or not empty.
    }
  }

  /** @param path ends with `/`, or is empty */
  async #enter(path: string, create: boolean): Promise<FileSystemDirectoryHandle> {
    if (path === '') return this.#top;
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const parent = path.slice(0, path.lastIndexOf('/', path.length - 2) + 1);
    const above = await this.#enter(parent, create);
    const folder = await above.getDirectoryHandle(path.slice(parent.length, -1), { create });
    if (this.#known.size >= MAX_KNOWN_FOLDERS) this.#known.clear();
    this.#known.set(path, folder);
    return folder;
  }
}

/** The `nameKey`s of what is in a folder already that the files of a share have to keep clear of. */
export async function findTakenNames(
  top: FileSystemDirectoryHandle,
  manifest: Manifest,
): Promise<ReadonlySet<string>> {
  const there = new Set<string>();
  for await (const name of top.keys()) there.add(nameKey(name));
  const met = new Set<string>();
  safePathsOf(manifest, (key) => {
    if (there.has(key)) met.add(key);
    return there.has(key);
  });
  return met;
}

function safePathsOf(manifest: Manifest, isTaken: (key: string) => boolean): string[] {
  const paths = manifest.entries.map(({ path }) => path);
  return makeSafePaths(paths, isTaken);
}
