import { UPLOAD_STALL_MS } from '../protocol/uploads.ts';
import type { KeptUpload } from './upload-record.ts';
import { receive, type OpenUpload } from './upload.ts';
import { UploadError } from './upload-error.ts';

interface Waiter {
  readonly position: number;
  /** clock, ms */
  readonly since: number;
  readonly resolve: () => void;
  readonly reject: (error: UploadError) => void;
}

/** An upload while this server runs: the value, who waits for more of it, and what hears of its end. */
export class LiveUpload {
  readonly claimKey: string;
  readonly metadata: KeptUpload['metadata'];
  /** bytes in the store, with what is no whole record yet */
  bytes = 0;
  #upload: OpenUpload;
  /** clock, ms */
  #lastByteAt = 0;
  readonly #waiters = new Set<Waiter>();
  readonly #end = new AbortController();

  constructor({ upload, claimKey, metadata }: KeptUpload) {
    this.#upload = upload;
    this.claimKey = claimKey;
    this.metadata = metadata;
  }

  get upload(): OpenUpload {
    return this.#upload;
  }

  /** What everything that is done with this upload listens to; aborted with an `UploadError`. */
  get ended(): AbortSignal {
    return this.#end.signal;
  }

  put(upload: OpenUpload): void {
    this.#upload = upload;
  }

  /** The store has `bytes` bytes now, at `now` (clock, ms). */
  received(bytes: number, now: number): void {
    if (bytes > this.bytes) this.#lastByteAt = now;
    this.bytes = bytes;
    this.#upload = receive(this.#upload, bytes);
    for (const waiter of this.#waiters) {
      if (waiter.position < this.#upload.offset) waiter.resolve();
    }
  }

  /** Bytes come, at `now` (clock, ms), although no record is whole with them yet. */
  alive(now: number): void {
    this.#lastByteAt = now;
  }

  /**
   * Resolves once the byte at `position` is here.
   *
   * @throws UploadError when the upload ended, or has had no byte for two minutes
   */
  async reach(position: number, now: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.ended.throwIfAborted();
    if (position < this.#upload.offset) return;
    let waiter: Waiter | undefined;
    const stop = () => waiter?.reject(new UploadError('upload-not-found'));
    signal.addEventListener('abort', stop, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        waiter = { position, since: now, resolve, reject };
        this.#waiters.add(waiter);
      });
    } finally {
      signal.removeEventListener('abort', stop);
      if (waiter !== undefined) this.#waiters.delete(waiter);
    }
  }

  /** Ends the waits that have lasted too long without a byte. */
  cutStalled(now: number): void {
    for (const { since, reject } of this.#waiters) {
      if (Math.max(since, this.#lastByteAt) + UPLOAD_STALL_MS <= now) {
        reject(new UploadError('upload-not-found'));
      }
    }
  }

  /** The upload is no more, for everyone. */
  end(): void {
    const error = new UploadError('upload-not-found');
    this.#end.abort(error);
    for (const { reject } of this.#waiters) reject(error);
  }
}
