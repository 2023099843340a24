import { OnehopError } from '../errors/onehop-error.ts';
import type { Sink } from './sink.ts';

interface Chunk {
  readonly start: number;
  readonly bytes: Blob;
}

/** Keeps everything in memory: for browsers without an origin private file system. */
export class MemorySink implements Sink {
  readonly #files = new Map<number, Map<number, Chunk>>();

  async write(file: number, start: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const chunks = this.#files.get(file) ?? new Map<number, Chunk>();
    this.#files.set(file, chunks);
    chunks.set(start, { start, bytes: new Blob([bytes]) });
  }

  async read(file: number): Promise<Blob> {
    const chunks = [...(this.#files.get(file)?.values() ?? [])].toSorted(
      (one, other) => one.start - other.start,
    );
    let end = 0;
    for (const chunk of chunks) {
      if (chunk.start !== end) throw new OnehopError('storage-failed');
      end += chunk.bytes.size;
    }
    return new Blob(chunks.map((chunk) => chunk.bytes));
  }

  async flush(): Promise<void> {}

  async discard(): Promise<void> {
    this.#files.clear();
  }
}
