import type { UploadSummary } from '../../signaling/protocol/uploads.ts';
import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import { OnehopError, asOnehopError } from '../errors/onehop-error.ts';
import { HASH_BYTES } from '../integrity/hash-ledger.ts';
import { SEALED_RECORD_BYTES } from '../sealing/record.ts';
import { pieceSpan } from '../sealing/upload-layout.ts';
import type { ShareSecret } from '../share/link.ts';
import { locatePiece } from '../share/manifest.ts';
import { type ShareKeys, deriveStorageKey } from '../share/share-keys.ts';
import type {
  Cut,
  DownloadCommand,
  DownloadEvent,
  FetchLimits,
  ReadCut,
} from '../upload/download-messages.ts';
import type { UploadApi } from '../upload/upload-api.ts';
import { type OpenThread, type Thread, openWorkerThread } from '../worker/thread.ts';
import { DownloadClaim } from './download-claim.ts';
import { HashList } from './hash-list.ts';
import { type Listed, PREFACE_ID, UploadListing, checkSummary } from './upload-listing.ts';
import type { Selection, Source, SourceListener } from './source.ts';

/** What a server source tells its owner. */
export interface ServerSourceListener extends SourceListener {
  /** it has a place among the downloads: whoever shows this token can confirm it, also on a later page */
  onClaim(token: string): void;
}

/** What a server source is made of. */
export interface ServerSourceTools {
  readonly api: UploadApi;
  readonly secret: ShareSecret;
  /** derived from the secret */
  readonly keys: ShareKeys;
  readonly openThread: OpenThread<DownloadCommand, DownloadEvent>;
  /** what differs from `FETCH_LIMITS` */
  readonly limits?: Partial<FetchLimits>;
}

/** Opens the worker that downloads. */
export const openDownloadThread: OpenThread<DownloadCommand, DownloadEvent> = (listener) =>
  openWorkerThread(
    new Worker(new URL('../upload/download.worker.ts', import.meta.url), {
      type: 'module',
      name: 'download',
    }),
    listener,
  );

/** What is wanted, once there is a claim on it. */
interface Taken {
  readonly selection: Selection;
  readonly hashes: HashList;
}

/** An upload on the server as a source, also while it is still growing: what is not there yet is waited for. */
export class ServerSource implements Source {
  readonly #tools: ServerSourceTools;
  readonly #listener: ServerSourceListener;
  readonly #abort = new AbortController();
  #thread: Thread<DownloadCommand> | null = null;
  #summary: UploadSummary | null = null;
  readonly #list = new UploadListing();
  #taken: Taken | null = null;
  #claim: DownloadClaim | null = null;
  /** wanted before there was a claim */
  #early: number[] = [];
  readonly #asked = new Set<number>();
  #whole = false;
  #held = false;
  #firstByteAt: number | null = null;
  #looking = false;
  #renewing = false;

  /** Asks the server what it has; `onOpened` or `onClosed` follows. It is closed by `close`. */
  constructor(tools: ServerSourceTools, listener: ServerSourceListener) {
    this.#tools = tools;
    this.#listener = listener;
    this.#run(() => this.#open());
  }

  /** What the server said of the upload last; null before it did. */
  get summary(): UploadSummary | null {
    return this.#summary;
  }

  /** When the first byte of a piece came, in milliseconds of `performance.now()`; null before it did. */
  get firstByteAt(): number | null {
    return this.#firstByteAt;
  }

  /** The place that was taken among the downloads; null before it was. */
  get claim(): DownloadClaim | null {
    return this.#claim;
  }

  fetchManifest(): void {
    this.#run(async () => {
      const { manifest } = await this.#listed();
      if (!this.#closed) this.#listener.onManifest(manifest);
    });
  }

  select(selection: Selection): void {
    this.#run(async () => {
      const { layout, digest } = await this.#listed();
      if (encodeBase64url(digest) !== selection.digest) throw new OnehopError('manifest-invalid');
      this.#taken = { selection, hashes: new HashList(layout, selection.files, digest) };
      await this.#takeClaim(selection.receiver);
      if (this.#closed) return;
      this.request(this.#early.splice(0));
      this.#askForHashes();
    });
  }

  request(pieces: readonly number[]): void {
    const { layout } = this.#list;
    if (layout === null || this.#claim === null) {
      this.#early.push(...pieces);
      return;
    }
    for (const piece of pieces) this.#asked.add(piece);
    this.#fetch(pieces.map((piece) => ({ id: piece, ...pieceSpan(layout, piece) })));
  }

  withdraw(files: readonly number[]): void {
    const gone = new Set(files);
    const manifest = this.#list.layout?.manifest;
    const isGone = (piece: number) =>
      manifest !== undefined && gone.has(locatePiece(manifest, piece).file);
    const ids = [...this.#asked].filter(isGone);
    for (const id of ids) this.#asked.delete(id);
    this.#early = this.#early.filter((piece) => !isGone(piece));
    this.#thread?.post({ type: 'drop', ids });
    this.#taken?.hashes.withdraw(files);
    this.#tellRoot();
  }

  reportPause(paused: boolean): void {
    this.#held = paused;
    this.#thread?.post({ type: 'hold', held: paused });
  }

  reportProgress(_bytes: number, whole: boolean): void {
    this.#whole ||= whole;
    this.#askForHashes();
  }

  reportComplete(): void {
    this.#claim?.confirm();
  }

  /** Everything here has a clock of its own, in the worker. */
  tick(): void {}

  close(reason: ErrorReason): void {
    if (this.#closed) return;
    this.#abort.abort();
    this.#thread?.close();
    this.#thread = null;
    this.#listener.onClosed(reason);
  }

  get #closed(): boolean {
    return this.#abort.signal.aborted;
  }

  /** What goes wrong closes the source. */
  #run(work: () => Promise<void>): void {
    work().catch((error: unknown) => this.close(asOnehopError(error).reason));
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.close(asOnehopError(error).reason);
    }
  }

  async #open(): Promise<void> {
    const { api, keys, secret, openThread, limits } = this.#tools;
    const summary = await api.status(keys, this.#abort.signal);
    const streamBytes = checkSummary(summary);
    const salt = decodeBase64url(summary.salt);
    if (salt === null) throw new OnehopError('upload-damaged');
    const key = await deriveStorageKey(secret, salt);
    if (this.#closed) return;
    this.#summary = summary;
    this.#thread = openThread({
      onEvent: (event) => this.#onEvent(event),
      onBroken: (reason) => this.close(reason),
    });
    const order = { url: api.contentUrl(keys), key, token: keys.joinProof, streamBytes };
    this.#thread.post({ type: 'open', order: { ...order, limits: limits ?? {} } });
    if (this.#held) this.#thread.post({ type: 'hold', held: true });
    this.#listener.onOpened();
  }

  #listed(): Promise<Listed> {
    const wanted = this.#list.ask(this.#summary?.preface ?? 0);
    if (wanted !== null) this.#fetch([wanted]);
    return this.#list.listed;
  }

  /** The claim is kept by the server under the receiver's name: it may be asked for again. */
  async #takeClaim(receiver: string): Promise<void> {
    const { api, keys } = this.#tools;
    const token = await api.claim(keys, receiver, this.#abort.signal);
    if (this.#claim?.token !== token) {
      this.#claim = new DownloadClaim(api, keys, token);
      this.#listener.onClaim(token);
    }
    this.#thread?.post({ type: 'token', token });
  }

  #fetch(cuts: readonly Cut[]): void {
    if (cuts.length > 0) this.#thread?.post({ type: 'fetch', cuts });
  }

  #onEvent(event: DownloadEvent): void {
    if (this.#closed) return;
    switch (event.type) {
      case 'began':
        if (this.#asked.size > 0) this.#firstByteAt ??= performance.now();
        break;
      case 'read':
        this.#guard(() => this.#onRead(event.cuts));
        break;
      case 'silent':
        this.#run(() => this.#lookAfter(event.from));
        break;
      case 'refused':
        this.#run(() => this.#onRefused(event.reason));
        break;
      case 'failed':
        this.#run(() => this.#onFailed(event.reason));
        break;
    }
  }

  #onRead(cuts: readonly ReadCut[]): void {
    this.#renewing = false;
    for (const { id, bytes } of cuts) {
      if (this.#closed) return;
      if (id === PREFACE_ID) this.#run(() => this.#list.take(bytes, this.#summary?.length ?? 0));
      else if (id < PREFACE_ID) this.#taken?.hashes.take(id, bytes);
      else this.#onPiece(id, bytes);
    }
    this.#tellRoot();
  }

  #onPiece(piece: number, bytes: Uint8Array<ArrayBuffer>): void {
    if (!this.#asked.delete(piece)) return;
    // A copy, because the buffer goes away with the piece's bytes.
    const hash = bytes.slice(0, HASH_BYTES);
    this.#taken?.hashes.note(piece, hash);
    this.#listener.onPiece({ piece, hash, form: 'plain', parts: [bytes.subarray(HASH_BYTES)] });
  }

  /** The hash list is read once everything else is here: it stands at the end, and an upload that grows has it last. */
  #askForHashes(): void {
    const hashes = this.#taken?.hashes;
    if (!this.#whole || this.#claim === null || hashes === undefined) return;
    this.#fetch(hashes.begin());
    // Of files without pieces it is known at once.
    this.#tellRoot();
  }

  #tellRoot(): void {
    this.#run(async () => {
      const root = await this.#taken?.hashes.root();
      if (root !== undefined && root !== null && !this.#closed) this.#listener.onRoot(root);
    });
  }

  /** Whether what has been silent still has something to wait for, or its connection is dead. */
  async #lookAfter(from: number): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      await this.#lookAgain();
      if (
        this.#summary !== null &&
        this.#summary.offset < from + SEALED_RECORD_BYTES &&
        !this.#summary.complete
      )
        return;
    } catch (error) {
      const { reason } = asOnehopError(error);
      if (reason === 'upload-not-found' || reason === 'lane-replaced') throw error;
    } finally {
      this.#looking = false;
    }
    this.#thread?.post({ type: 'renew' });
  }

  /** A claim lapses where it was not used for long, as after a night in which the lid was shut: it is taken anew, once. */
  async #onRefused(reason: ErrorReason): Promise<void> {
    const receiver = this.#taken?.selection.receiver;
    if (reason !== 'upload-not-found' || receiver === undefined || this.#renewing) {
      throw new OnehopError(reason);
    }
    this.#renewing = true;
    await this.#lookAgain();
    await this.#takeClaim(receiver);
  }

  /** What cannot be opened may be another upload's, which was put in this one's place. */
  async #onFailed(reason: ErrorReason): Promise<void> {
    if (reason === 'upload-damaged') await this.#lookAgain();
    throw new OnehopError(reason);
  }

  /** Asks what the server has by now. @throws {OnehopError} as `UploadApi.status`; `lane-replaced` where it is another upload */
  async #lookAgain(): Promise<void> {
    const { api, keys } = this.#tools;
    const summary = await api.status(keys, this.#abort.signal);
    if (summary.id !== this.#summary?.id) throw new OnehopError('lane-replaced');
    this.#summary = summary;
  }
}
