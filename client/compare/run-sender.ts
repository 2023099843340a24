import type { ErrorReason } from '../errors/error-reason.ts';
import { asOnehopError } from '../errors/onehop-error.ts';
import { OpenShare, type ShareTools } from '../session/open-share.ts';
import type { SendEvent } from '../session/send-machine.ts';
import type { UploadPhase } from '../session/upload-machine.ts';
import type { ShareSecret } from '../share/link.ts';
import type { Manifest } from '../share/manifest.ts';
import { deriveShareKeys } from '../share/share-keys.ts';
import { type CompareMethod, type RunSample, isByServer } from './comparison.ts';
import type { PageLoad } from './page-load.ts';
import { SampleLog } from './sample-log.ts';

/** What an upload is kept for at most, should nobody delete it. */
const LIFETIME_HOURS = 1;
/** How long nothing may leave, in milliseconds. */
const STALL_MS = 60_000;

/** What the sending side of a run is made of. */
export interface RunSenderTools extends ShareTools {
  watchPageLoad(): PageLoad;
}

/** What is compared: the same files in every run. */
export interface CompareSubject {
  readonly manifest: Manifest;
  readonly digest: Uint8Array<ArrayBuffer>;
  readonly files: readonly (File | null)[];
}

/** What it tells its owner. After `onFailed` comes nothing more. */
export interface RunSenderListener {
  /** the share is open: it can be received */
  onOpen(): void;
  /** the server has something of the share; where it is to be stored first, all of it */
  onServerHas(): void;
  onFailed(reason: ErrorReason): void;
}

/** What the sender's clock and counters say of a run. */
export interface SentRun {
  /** null where nothing was uploaded before it was received */
  readonly uploadMs: number | null;
  readonly uploadSamples: readonly RunSample[];
  readonly busy: number | null;
}

/** One run as its sender sees it: a share of its own, over one way only. */
export class RunSender {
  readonly #tools: RunSenderTools;
  readonly #method: CompareMethod;
  readonly #listener: RunSenderListener;
  readonly #samples = new SampleLog();
  #share: OpenShare | null = null;
  #load: PageLoad | null = null;
  #uploadBegun: number | null = null;
  #uploadMs: number | null = null;
  #fraction = 0;
  #offered = false;
  #movedAt: number;
  #ended = false;

  constructor(
    tools: RunSenderTools,
    method: CompareMethod,
    subject: CompareSubject,
    secret: ShareSecret,
    listener: RunSenderListener,
  ) {
    this.#tools = tools;
    this.#method = method;
    this.#listener = listener;
    this.#movedAt = tools.clock();
    void this.#open(subject, secret);
  }

  /** How much of the upload has left, 0 to 1. */
  get uploaded(): number {
    return this.#fraction;
  }

  /** Whether it is the upload that the time goes into now. */
  get uploadsFirst(): boolean {
    return this.#method === 'stored' && this.#uploadMs === null;
  }

  /** The other side is ready. */
  begin(): void {
    if (this.#ended) return;
    this.#load = this.#tools.watchPageLoad();
    this.#movedAt = this.#tools.clock();
    if (!isByServer(this.#method)) return;
    this.#uploadBegun = this.#tools.clock();
    this.#samples.note(0, 0);
    this.#share?.upload({ lifetimeHours: LIFETIME_HOURS, downloadLimit: 0 });
  }

  /** Looks at the clock; to be called about twice a second. */
  tick(): void {
    if (this.#ended) return;
    this.#share?.tick();
    const stalled = this.uploadsFirst && this.#tools.clock() - this.#movedAt > STALL_MS;
    if (stalled && this.#uploadBegun !== null) this.#fail('upload-unreachable');
  }

  /** What was measured here. */
  measure(): SentRun {
    const stored = this.#method === 'stored';
    return {
      uploadMs: stored ? this.#uploadMs : null,
      uploadSamples: stored ? this.#samples.samples : [],
      busy: this.#load?.stop() ?? null,
    };
  }

  /** Ends it; nothing of it stays with the server. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#load?.stop();
    this.#share?.close('sender-stopped');
  }

  #fail(reason: ErrorReason): void {
    if (this.#ended) return;
    this.close();
    this.#listener.onFailed(reason);
  }

  async #open({ manifest, digest, files }: CompareSubject, secret: ShareSecret): Promise<void> {
    try {
      const keys = await deriveShareKeys(secret);
      if (this.#ended) return;
      const source = { manifest, digest, files, failed: new Map(), journal: null };
      this.#share = new OpenShare(
        this.#tools,
        { source, secret, keys, upload: null, membership: null },
        {
          onOpened: () => {
            if (!this.#ended) this.#listener.onOpen();
          },
          post: (event) => this.#onEvent(event),
          onUpload: (phase) => this.#onUpload(phase),
          onKeptUpload: (kept) => {
            if (kept !== null && kept.id !== null) this.#offer(false);
          },
          onUploadsOffered: () => {},
          onUploadWanted: () => {},
        },
      );
      this.#share.direct = !isByServer(this.#method);
    } catch (error) {
      this.#fail(asOnehopError(error).reason);
    }
  }

  #onEvent(event: SendEvent): void {
    if (event.type === 'failed' || event.type === 'broken' || event.type === 'file-failed') {
      this.#fail(event.reason);
    }
  }

  #onUpload(phase: UploadPhase): void {
    if (this.#ended || this.#uploadBegun === null) return;
    const atMs = this.#tools.clock() - this.#uploadBegun;
    switch (phase.type) {
      case 'uploading':
        if (phase.total > 0) this.#fraction = phase.sent / phase.total;
        if (phase.waitingFor === null) this.#movedAt = this.#tools.clock();
        this.#samples.note(atMs, phase.sent);
        break;
      case 'stored':
        this.#fraction = 1;
        this.#uploadMs ??= atMs;
        this.#offer(true);
        break;
      case 'failed':
        this.#fail(phase.reason);
        break;
      case 'gone':
        this.#fail('upload-not-found');
        break;
      case 'none':
      case 'looking':
      case 'deleting':
        break;
    }
  }

  /** A streamed run begins with the first byte of the upload, a stored one with the last. */
  #offer(whole: boolean): void {
    if (this.#ended || this.#offered || !isByServer(this.#method)) return;
    if (this.#method === 'stored' && !whole) return;
    this.#offered = true;
    this.#listener.onServerHas();
  }
}
