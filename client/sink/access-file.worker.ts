import { OnehopError } from '../errors/onehop-error.ts';
import { storageError } from './storage-error.ts';

/** A page that was reloaded may still have the file open for a moment. */
const PATIENCE_MS = 3_000;
const RETRY_MS = 50;

/**
 * A file of the origin private file system, open for reading and writing (File System Standard, FileSystemSyncAccessHandle:
 * only a worker has it, and a file only one at a time). Every method throws `storage-full` or `storage-failed`.
 */
export class AccessFile {
  readonly #handle: FileSystemSyncAccessHandle;

  private constructor(handle: FileSystemSyncAccessHandle) {
    this.#handle = handle;
  }

  /** Opens a file, made if it is not there. */
  static async open(folder: FileSystemDirectoryHandle, name: string): Promise<AccessFile> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        const file = await folder.getFileHandle(name, { create: true });
        return new AccessFile(await file.createSyncAccessHandle());
      } catch (error) {
        const taken = error instanceof DOMException && error.name === 'NoModificationAllowedError';
        if (!taken || performance.now() > end) throw storageError(error);
        await new Promise((resolve) => {
          setTimeout(resolve, RETRY_MS);
        });
      }
    }
  }

  /** in bytes */
  get size(): number {
    return guarded(() => this.#handle.getSize());
  }

  /** As many of the bytes there as the file has. */
  read(at: number, length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    return bytes.subarray(
      0,
      guarded(() => this.#handle.read(bytes, { at })),
    );
  }

  /** Writes all of the bytes; where that fails, any of them may be there. */
  write(at: number, bytes: Uint8Array<ArrayBuffer>): void {
    const written = guarded(() => this.#handle.write(bytes, { at }));
    if (written !== bytes.length) throw new OnehopError('storage-full');
  }

  /** Leaves nothing in it. */
  clear(): void {
    guarded(() => this.#handle.truncate(0));
  }

  /** Brings what was written to the disk. */
  flush(): void {
    guarded(() => this.#handle.flush());
  }

  close(): void {
    this.#handle.close();
  }
}

function guarded<Value>(operate: () => Value): Value {
  try {
    return operate();
  } catch (cause) {
    throw storageError(cause);
  }
}
