/** For tests: what a dropped folder holds, by name; null is what cannot be read. */
export interface FakeFolder {
  readonly [name: string]: FakeFolder | File | null;
}

/** How many entries a reader gives at once; Chromium's gives 100. */
const ENTRIES_PER_PART = 3;

/** For tests: an entry of the browser's entry API that is neither a file nor a folder. */
export class FakeEntry implements FileSystemEntry {
  readonly name: string;
  readonly isFile: boolean = false;
  readonly isDirectory: boolean = false;

  constructor(name: string) {
    this.name = name;
  }

  get fullPath(): string {
    return `/${this.name}`;
  }

  get filesystem(): FileSystem {
    throw new Error('nobody asks for it');
  }

  getParent(): void {
    throw new Error('nobody asks for it');
  }
}

/** For tests: a file as the browser's entry API gives it; null cannot be read. */
export class FakeFileEntry extends FakeEntry implements FileSystemFileEntry {
  override readonly isFile = true;
  readonly #file: File | null;

  constructor(name: string, file: File | null) {
    super(name);
    this.#file = file;
  }

  file(resolve: FileCallback, reject?: ErrorCallback): void {
    if (this.#file === null) reject?.(new DOMException('', 'NotReadableError'));
    else resolve(this.#file);
  }
}

/** For tests: a folder as the browser's entry API gives it, its entries in the order of `content` and in parts. */
export class FakeFolderEntry extends FakeEntry implements FileSystemDirectoryEntry {
  override readonly isDirectory = true;
  readonly #children: readonly FileSystemEntry[] | null;

  constructor(name: string, content: FakeFolder | null) {
    super(name);
    this.#children = content && Object.entries(content).map(([child, of]) => fakeChild(child, of));
  }

  createReader(): FileSystemDirectoryReader {
    let given = 0;
    return {
      readEntries: (resolve, reject) => {
        given += ENTRIES_PER_PART;
        const part = this.#children?.slice(given - ENTRIES_PER_PART, given);
        if (part === undefined) reject?.(new DOMException('', 'NotReadableError'));
        else resolve([...part]);
      },
    };
  }

  getDirectory(): void {
    throw new Error('nobody asks for it');
  }

  getFile(): void {
    throw new Error('nobody asks for it');
  }
}

function fakeChild(name: string, content: FakeFolder | File | null): FileSystemEntry {
  return content === null || content instanceof File
    ? new FakeFileEntry(name, content)
    : new FakeFolderEntry(name, content);
}
