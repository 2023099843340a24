import type { UploadSummary } from '../../signaling/protocol/uploads.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import type { Manifest } from '../share/manifest.ts';
import type { DownloadClaim } from '../transfer/download-claim.ts';
import type { SourceFeed } from '../transfer/fetch.ts';
import type { ServerSourceListener } from '../transfer/server-source.ts';
import type { Source } from '../transfer/source.ts';
import type { WayState } from './carrier-machine.ts';
import type { LinkJob } from './sender-link.ts';

/** How long until an upload is asked about again where the server was out of reach; then twice as long. In ms. */
const FIRST_PAUSE_MS = 1_000;
const LAST_PAUSE_MS = 10_000;
/** A server that cannot be asked for so long is given up. In ms. */
const GIVE_UP_MS = 600_000;

/** What may pass by itself: the upload is asked about again. */
const PASSING: ReadonlySet<ErrorReason> = new Set([
  'upload-unreachable',
  'connection-lost',
  'too-many-requests',
  'server-error',
  'lane-replaced',
]);

/** A place among the downloads of an upload, as a session uses it. */
export type ClaimHandle = Pick<DownloadClaim, 'token' | 'confirm' | 'giveBack' | 'counted'>;

/** An upload as a source, as a session uses it. */
export interface ServerSourceHandle extends Source {
  /** what the server said of the upload last; null before it did */
  readonly summary: UploadSummary | null;
  /** when the first byte of a piece came, in milliseconds of a monotonic clock; null before it did */
  readonly firstByteAt: number | null;
  /** its place among the downloads; null before it has one */
  readonly claim: ClaimHandle | null;
}

/** What a link to the server is made of. */
export interface ServerLinkTools {
  openServerSource(listener: ServerSourceListener): ServerSourceHandle;
  /** in ms of a monotonic clock */
  clock(): number;
}

/** What a link to the server tells its owner. */
export interface ServerLinkListener {
  onState(state: WayState): void;
  onManifest(manifest: Manifest): void;
  /** what the server has of the share was said anew; null where it has nothing */
  onUpload(upload: UploadSummary | null): void;
  onRootKnown(): void;
  /** there is a place among the downloads, which a later page can confirm as well */
  onClaim(token: string): void;
  /** that needs no receipt any more: it was counted, given back, or is gone */
  onClaimSettled(token: string): void;
}

/** What a share has on the server, as a way to its files: found out about, and fetched from while it carries. */
export class ServerLink {
  readonly #tools: ServerLinkTools;
  readonly #listener: ServerLinkListener;
  #source: ServerSourceHandle | null = null;
  /** whether it may be asked */
  #opened = false;
  /** what is fetched over it, once it may be asked */
  #job: LinkJob | null = null;
  #feed: SourceFeed | null = null;
  #upload: UploadSummary | null = null;
  /** of the sources before, and of the page before */
  #claim: ClaimHandle | null;
  #askedForManifest = false;
  #pauseMs = FIRST_PAUSE_MS;
  /** when it is asked about again; null while that is not to be */
  #againAt: number | null = null;
  /** since when it cannot be asked; null while it can */
  #downSince: number | null = null;
  #ended = false;

  /** @param claim what an earlier page of this download took and did not confirm */
  constructor(
    tools: ServerLinkTools,
    listener: ServerLinkListener,
    claim: ClaimHandle | null = null,
  ) {
    this.#claim = claim;
    this.#tools = tools;
    this.#listener = listener;
  }

  /** What the server said last that it has; null for nothing. */
  get upload(): UploadSummary | null {
    return this.#upload;
  }

  /** Finds out whether there is an upload, where nothing is fetched from one. */
  look(): void {
    if (this.#ended || this.#feed !== null) return;
    this.#againAt = null;
    this.#close('lane-replaced');
    this.#open();
  }

  /** The server said by itself what it has of the share. */
  note(upload: UploadSummary | null): void {
    this.#noteUpload(upload);
    if (upload?.id !== this.#source?.summary?.id) this.look();
  }

  /** Asks for the list of files. */
  fetchManifest(): void {
    this.#askedForManifest = true;
    if (this.#opened) this.#source?.fetchManifest();
  }

  /** Fetches over it from now on. */
  serve(job: LinkJob): void {
    this.#job = job;
    this.#connect();
  }

  /** Fetches over it no more: another way carries. */
  rest(): void {
    this.#job = null;
    if (this.#feed === null) return;
    this.#close('lane-replaced');
    this.#open();
  }

  /** Everything is here, whichever way the last of it came: what was begun from the server counts as a download. */
  complete(): void {
    const claim = this.#source?.claim ?? this.#claim;
    if (claim === null) return;
    void this.#confirm(claim);
  }

  async #confirm(claim: ClaimHandle): Promise<void> {
    claim.confirm();
    if (await claim.counted) this.#listener.onClaimSettled(claim.token);
  }

  /** Looks at the clock. */
  tick(): void {
    this.#source?.tick(true);
    if (this.#againAt !== null && this.#tools.clock() >= this.#againAt) this.look();
  }

  /** Lets go of everything. */
  end(reason: ErrorReason): void {
    this.#ended = true;
    this.#close(reason);
    if (reason !== 'receiver-cancelled' || this.#claim === null) return;
    this.#claim.giveBack();
    this.#listener.onClaimSettled(this.#claim.token);
  }

  #connect(): void {
    if (this.#job === null || this.#source === null || !this.#opened || this.#feed !== null) return;
    const { fetch, selection } = this.#job;
    this.#source.select({ ...selection, files: fetch.files });
    this.#feed = fetch.addSource(this.#source);
  }

  #open(): void {
    const source: ServerSourceHandle = this.#tools.openServerSource({
      onOpened: () => this.#onOpened(source),
      onManifest: (manifest) => this.#listener.onManifest(manifest),
      onPiece: (piece) => this.#feed?.piece(piece),
      onUnavailable: (file, reason) => this.#feed?.unavailable(file, reason),
      onPaused: () => {},
      onClaim: (token) => this.#listener.onClaim(token),
      onRoot: (root) => {
        this.#feed?.root(root);
        this.#listener.onRootKnown();
      },
      onClosed: (reason) => {
        if (this.#source === source) this.#onClosed(reason);
      },
    });
    this.#source = source;
  }

  #onOpened(source: ServerSourceHandle): void {
    if (this.#source !== source) return;
    this.#opened = true;
    this.#downSince = null;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#noteUpload(source.summary);
    this.#listener.onState({ type: 'up' });
    if (this.#askedForManifest) source.fetchManifest();
    this.#connect();
  }

  #onClosed(reason: ErrorReason): void {
    this.#close(reason);
    const now = this.#tools.clock();
    this.#downSince ??= now;
    if (PASSING.has(reason) && now - this.#downSince < GIVE_UP_MS) {
      this.#againAt = now + this.#pauseMs;
      this.#pauseMs = Math.min(2 * this.#pauseMs, LAST_PAUSE_MS);
      this.#listener.onState({ type: 'down', reason });
      return;
    }
    this.#noteUpload(null);
    this.#listener.onState({ type: 'ended', reason });
  }

  #noteUpload(upload: UploadSummary | null): void {
    this.#upload = upload;
    this.#listener.onUpload(upload);
  }

  #close(reason: ErrorReason): void {
    const [source, feed] = [this.#source, this.#feed];
    this.#claim = source?.claim ?? this.#claim;
    this.#source = null;
    this.#opened = false;
    this.#feed = null;
    source?.close(reason);
    feed?.closed();
  }
}
