import { decodeBase64url } from '../encoding/base64url.ts';
import { randomId } from '../encoding/random-id.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import { OnehopError, asOnehopError } from '../errors/onehop-error.ts';
import { HASH_BYTES } from '../integrity/hash-ledger.ts';
import type { ShareSecret } from '../share/link.ts';
import type { Manifest } from '../share/manifest.ts';
import { UPLOAD_SALT_BYTES, deriveStorageKey } from '../share/share-keys.ts';
import { type OpenThread, type Thread, openWorkerThread } from '../worker/thread.ts';
import type { HashedBytes } from './record-stream.ts';
import type { SendLimits } from './tus-sender.ts';
import { bearer, termsMetadata, uploadsUrl } from './upload-http.ts';
import type { UploadCommand, UploadEvent } from './upload-messages.ts';
import type { UploadTerms } from './upload-terms.ts';

const OWNER_KEY_BYTES = 32;

/** What a page keeps of its upload, to go on with it or to delete it; all base64url but the id. */
export interface KeptUpload {
  /** null as long as the server has not said it; it may exist all the same */
  readonly id: string | null;
  readonly salt: string;
  /** the owner key: whoever has it may write to the upload and delete it */
  readonly owner: string;
}

/** What is uploaded, and on which terms. */
export interface UploadTask extends UploadTerms {
  readonly manifest: Manifest;
  readonly secret: ShareSecret;
  /** the upload to go on with, of the same manifest; one without an id is made */
  readonly kept: KeptUpload;
}

/** What an uploader is made of. */
export interface UploaderTools {
  /** the server's origin, as in `location.origin` */
  readonly origin: string;
  /** A piece, plain, with its SHA-256; the bytes are nobody else's. @throws {OnehopError} why it cannot be had */
  read(piece: number): Promise<HashedBytes>;
  /** A piece's hash where it is known. */
  hashOf(piece: number): Uint8Array | null;
  readonly openThread: OpenThread<UploadCommand, UploadEvent>;
  /** what differs from `SEND_LIMITS` */
  readonly limits?: Partial<SendLimits>;
}

/** How far an upload is, in bytes of files. */
export interface UploadProgress {
  /** what has left this browser; it goes back where a part is sent again */
  readonly sent: number;
  /** what the server has made last */
  readonly stored: number;
  readonly total: number;
}

/** What an uploader tells. After `onComplete` or `onFailed` comes nothing more. */
export interface UploaderListener {
  /** a new upload exists */
  onCreated(id: string): void;
  onProgress(progress: UploadProgress): void;
  /** nothing goes for now, for this reason, and it is tried again by itself; null: it goes on */
  onWaiting(reason: ErrorReason | null): void;
  onComplete(): void;
  onFailed(reason: ErrorReason): void;
}

/** An upload that is to be made. It is kept before that: what was made and not heard of can so be deleted. @param owner of those before, of the same share */
export function newUpload(owner: KeptUpload['owner'] = randomId(OWNER_KEY_BYTES)): KeptUpload {
  return { id: null, salt: randomId(UPLOAD_SALT_BYTES), owner };
}

/** Opens the worker that uploads. */
export const openUploadThread: OpenThread<UploadCommand, UploadEvent> = (listener) =>
  openWorkerThread(
    new Worker(new URL('upload.worker.ts', import.meta.url), { type: 'module', name: 'upload' }),
    listener,
  );

/** Leaves a share with the server, sealed, by a worker; the pieces are read on this side, in order. */
export class Uploader {
  readonly #task: UploadTask;
  readonly #tools: UploaderTools;
  readonly #listener: UploaderListener;
  #thread: Thread<UploadCommand> | null = null;
  #paused = false;
  #ended = false;

  /** Begins at once. It is closed by `close`, and by itself at its end. */
  constructor(task: UploadTask, tools: UploaderTools, listener: UploaderListener) {
    this.#task = task;
    this.#tools = tools;
    this.#listener = listener;
    this.#start().catch((error: unknown) => this.#fail(asOnehopError(error).reason));
  }

  /** Sends nothing more until `resume`. */
  pause(): void {
    this.#paused = true;
    this.#thread?.post({ type: 'pause' });
  }

  /** Goes on after `pause`. */
  resume(): void {
    this.#paused = false;
    this.#thread?.post({ type: 'resume' });
  }

  /** Ends it here; what the server has stays there, to go on with later. */
  close(): void {
    this.#ended = true;
    this.#thread?.close();
    this.#thread = null;
  }

  async #start(): Promise<void> {
    const { manifest, secret, kept } = this.#task;
    const [salt, owner] = [keptBytes(kept.salt), keptBytes(kept.owner)];
    const key = await deriveStorageKey(secret, salt);
    const metadata = await termsMetadata(this.#task, salt, owner);
    if (this.#ended) return;
    this.#thread = this.#tools.openThread({
      onEvent: (event) => this.#onEvent(event),
      onBroken: (reason) => this.#fail(reason),
    });
    this.#thread.post({
      type: 'start',
      order: {
        manifest,
        key,
        endpoint: uploadsUrl(this.#tools.origin),
        id: kept.id,
        metadata,
        headers: bearer(kept.owner),
        limits: this.#tools.limits ?? {},
      },
    });
    if (this.#paused) this.#thread.post({ type: 'pause' });
  }

  #onEvent(event: UploadEvent): void {
    if (this.#ended) return;
    switch (event.type) {
      case 'pieces-wanted':
        for (const piece of event.pieces) void this.#supply(piece);
        break;
      case 'hashes-wanted':
        void this.#supplyHashes(event.first, event.end);
        break;
      case 'created':
        this.#listener.onCreated(event.id);
        break;
      case 'progress':
        this.#listener.onProgress({
          sent: event.sent,
          stored: event.stored,
          total: this.#task.manifest.totalBytes,
        });
        break;
      case 'waiting':
        this.#listener.onWaiting(event.reason);
        break;
      case 'complete':
        this.close();
        this.#listener.onComplete();
        break;
      case 'failed':
        this.#fail(event.reason);
        break;
    }
  }

  async #supply(piece: number): Promise<void> {
    try {
      const { hash, bytes } = await this.#tools.read(piece);
      this.#thread?.post({ type: 'piece', piece, hash: hash.slice(), bytes }, [bytes.buffer]);
    } catch (error) {
      this.#thread?.post({ type: 'unreadable', reason: asOnehopError(error).reason });
    }
  }

  /** One after another: what has to be read again for its hash alone is not to fill the memory. */
  async #supplyHashes(first: number, end: number): Promise<void> {
    try {
      const hashes = new Uint8Array((end - first) * HASH_BYTES);
      for (let piece = first; piece < end && !this.#ended; piece += 1) {
        const hash = this.#tools.hashOf(piece) ?? (await this.#tools.read(piece)).hash;
        hashes.set(hash, (piece - first) * HASH_BYTES);
      }
      this.#thread?.post({ type: 'hashes', hashes }, [hashes.buffer]);
    } catch (error) {
      this.#thread?.post({ type: 'unreadable', reason: asOnehopError(error).reason });
    }
  }

  #fail(reason: ErrorReason): void {
    if (this.#ended) return;
    this.close();
    this.#listener.onFailed(reason);
  }
}

/** @throws {OnehopError} `storage-failed` where what was kept is none of ours */
function keptBytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = decodeBase64url(text);
  if (bytes === null) throw new OnehopError('storage-failed');
  return bytes;
}
