import { OnehopError } from '../errors/onehop-error.ts';
import { RECEIVED_FOLDER } from './received-folder.ts';
import type { Sink } from './sink.ts';

/** Open handles are few, however many files a share has. */
const MAX_OPEN_FILES = 16;

/**
 * Writes into the origin private file system through sync access handles, which only a worker has
 * (File System Standard, FileSystemSyncAccessHandle). Files are named by their number in the share.
 */
export class OpfsSink implements Sink {
  readonly #parent: FileSystemDirectoryHandle;
  readonly #folder: FileSystemDirectoryHandle;
  /** in the order of their last use */
  readonly #open = new Map<number, FileSystemSyncAccessHandle>();
  /** ends when the operation begun last does */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(parent: FileSystemDirectoryHandle, folder: FileSystemDirectoryHandle) {
    this.#parent = parent;
    this.#folder = folder;
  }

  /** A sink in the folder `name`, made if it is not there. @throws {OnehopError} `storage-failed` */
  static async open(name: string): Promise<OpfsSink> {
    try {
      const root = await navigator.storage.getDirectory();
      const parent = await root.getDirectoryHandle(RECEIVED_FOLDER, { create: true });
      return new OpfsSink(parent, await parent.getDirectoryHandle(name, { create: true }));
    } catch (cause) {
      throw storageError(cause);
    }
  }

  write(file: number, start: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    return this.#inTurn(async () => {
      const handle = await this.#handle(file);
      if (handle.write(bytes, { at: start }) !== bytes.length)
        throw new OnehopError('storage-full');
    });
  }

  read(file: number): Promise<Blob> {
    return this.#inTurn(async () => {
      this.#close(file);
      return await (await this.#folder.getFileHandle(String(file), { create: true })).getFile();
    });
  }

  flush(): Promise<void> {
    return this.#inTurn(async () => {
      for (const handle of this.#open.values()) handle.flush();
    });
  }

  discard(): Promise<void> {
    return this.#inTurn(async () => {
      for (const file of this.#open.keys()) this.#close(file);
      await this.#parent.removeEntry(this.#folder.name, { recursive: true });
    });
  }

  /** One operation after another: a file takes only one access handle at a time, and opening one takes a while. */
  #inTurn<Value>(operate: () => Promise<Value>): Promise<Value> {
    const result = this.#last.then(operate).catch((cause: unknown) => {
      throw storageError(cause);
    });
    this.#last = result.catch(() => {});
    return result;
  }

  async #handle(file: number): Promise<FileSystemSyncAccessHandle> {
    const open = this.#open.get(file);
    if (open !== undefined) {
      this.#open.delete(file);
      this.#open.set(file, open);
      return open;
    }
    const [oldest] = this.#open.keys();
    if (oldest !== undefined && this.#open.size >= MAX_OPEN_FILES) this.#close(oldest);
    const entry = await this.#folder.getFileHandle(String(file), { create: true });
    const handle = await entry.createSyncAccessHandle();
    this.#open.set(file, handle);
    return handle;
  }

  #close(file: number): void {
    this.#open.get(file)?.close();
    this.#open.delete(file);
  }
}

function storageError(cause: unknown): OnehopError {
  if (cause instanceof OnehopError) return cause;
  const full = cause instanceof DOMException && cause.name === 'QuotaExceededError';
  return new OnehopError(full ? 'storage-full' : 'storage-failed', { cause });
}
