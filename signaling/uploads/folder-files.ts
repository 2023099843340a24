import type { FileHandle } from 'node:fs/promises';
import { storeError } from './store-error.ts';
import type { UploadReader, UploadWriter } from './upload-store.ts';

/** Writes one upload's file. */
export class FolderWriter implements UploadWriter {
  readonly #file: FileHandle;
  #size: number;
  /** never rejects: what it could not bring to disk, `sync` finds again */
  #flushing: Promise<void> | undefined;

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.#size = size;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.#do(
        this.#file.write(bytes, done, bytes.length - done, this.#size),
      );
      done += bytesWritten;
      this.#size += bytesWritten;
    }
  }

  flush(): void {
    this.#flushing ??= this.#file
      .datasync()
      .catch(() => {
        this.#failed = true;
      })
      .finally(() => {
        this.#flushing = undefined;
      });
  }

  async truncate(size: number): Promise<void> {
    await this.#do(this.#file.truncate(size));
    this.#size = size;
  }

  async sync(): Promise<void> {
    await this.#flushing;
    // The system reports a page that could not be written once only; it may have been to `flush`.
    if (this.#failed) throw new Error('bytes were lost on their way to the disk');
    await this.#do(this.#file.sync());
  }

  async close(): Promise<void> {
    await this.#flushing;
    await this.#file.close();
  }

  #failed = false;

  async #do<Value>(call: Promise<Value>): Promise<Value> {
    try {
      return await call;
    } catch (thrown) {
      throw storeError(thrown);
    }
  }
}

/** Reads one upload's file. */
export class FolderReader implements UploadReader {
  readonly #file: FileHandle;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async read(target: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < target.length;) {
      const left = target.length - done;
      const { bytesRead } = await this.#file.read(target, done, left, position + done);
      if (bytesRead === 0) throw new Error('the file is shorter than it should be');
      done += bytesRead;
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
