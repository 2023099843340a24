import { decodeBase64url } from '../encoding/base64url.ts';
import { asOnehopError } from '../errors/onehop-error.ts';
import { Inbox } from '../machine/inbox.ts';
import type { ShareSecret } from '../share/link.ts';
import type { Manifest } from '../share/manifest.ts';
import { deriveShareKeys } from '../share/share-keys.ts';
import { Fetch } from '../transfer/fetch.ts';
import { type FileSummary, summarizeFiles } from './file-summary.ts';
import { NO_DELIVERY, type ReceiveDelivery, heldUpload } from './delivery-state.ts';
import { HeldDownload } from './held-download.ts';
import { beginReceive, stepReceive } from './receive-machine.ts';
import type { ReceiveEffect, ReceiveEvent, ReceivePhase } from './receive-phase.ts';
import { ReceivedFiles } from './received-files.ts';
import type { ReceiveActions, ReceiveState } from './receive-state.ts';
import type { ReceiveTools, StorePlan } from './receive-tools.ts';
import { viewReceive } from './receive-view.ts';
import type { LinkJob } from './sender-link.ts';
import { SourceLinks } from './source-links.ts';
import { linkTools } from './source-links-tools.ts';
import { type TransferDetails, followReceipt } from './transfer-details.ts';

/** How often progress alone is shown, in milliseconds. */
const SHOW_INTERVAL_MS = 250;

/** What begins a transfer, or lets one go on. */
const TURNS: ReadonlySet<ReceiveEvent['type']> = new Set(['begun', 'prepared']);

/** What a receiving session tells its page. */
export interface ReceiveListener {
  /** every new state, the first one included */
  onChange(state: ReceiveState): void;
  /** what Details shows, twice a second during a transfer; null where there is none */
  onDetails(details: TransferDetails | null): void;
  /** over which way the files come, and what the server has of them */
  onDelivery(delivery: ReceiveDelivery): void;
}

/** A receiving page from the opened link to the saved files: carries out what `stepReceive` decides. */
export class ReceiveSession implements ReceiveActions {
  readonly #tools: ReceiveTools;
  readonly #secret: ShareSecret;
  readonly #listener: ReceiveListener;
  readonly #inbox = new Inbox<ReceiveEvent>((event) => this.#step(event));
  readonly #held: HeldDownload;
  readonly #files: ReceivedFiles;
  readonly #open = new AbortController();
  #phase: ReceivePhase;
  #summaries: { readonly of: Manifest | null; readonly list: readonly FileSummary[] } = {
    of: null,
    list: [],
  };
  #link: SourceLinks | null = null;
  #job: LinkJob | null = null;
  /** counts what was begun: what an earlier one still brings is too late */
  #turn = 0;
  #plan: StorePlan = { type: 'browser' };
  #wantedBytes = 0;
  #shownAt = Number.NEGATIVE_INFINITY;
  #details: TransferDetails | null = null;
  #delivery = NO_DELIVERY;

  /** Begins at once. */
  constructor(tools: ReceiveTools, secret: ShareSecret, listener: ReceiveListener) {
    this.#tools = tools;
    this.#secret = secret;
    this.#listener = listener;
    this.#held = new HeldDownload(tools, secret);
    this.#files = new ReceivedFiles(tools, this.#held, (event) => this.#inbox.post(event));
    const { phase, effects } = beginReceive();
    this.#phase = phase;
    this.#show();
    for (const effect of effects) this.#perform(effect);
    tools.startTicker(() => this.#tick(), this.#open.signal);
  }

  select(files: readonly number[], included: boolean): void {
    this.#inbox.post({ type: 'select', files, included });
  }

  receive(): void {
    this.#plan = { type: 'browser' };
    this.#inbox.post({ type: 'receive', into: 'browser' });
  }

  receiveIntoFolder(): void {
    void this.#attempt(async () => {
      const handle = await this.#tools.pickFolder();
      if (handle === null) return;
      this.#plan = { type: 'folder', handle };
      this.#inbox.post({ type: 'receive', into: 'folder' });
    });
  }

  makeRoom(): void {
    void this.#attempt(async () => {
      // What could not be deleted is still in the way: the new measurement says so.
      await this.#tools.makeRoom(this.#wantedBytes).catch(() => {});
      this.#perform({ type: 'measure-fit', bytes: this.#wantedBytes });
    });
  }

  pause(): void {
    this.#inbox.post({ type: 'pause' });
  }

  resume(): void {
    this.#inbox.post({ type: 'resume' });
  }

  cancel(keep: boolean): void {
    this.#inbox.post({ type: 'cancel', keep });
  }

  tryAgain(): void {
    this.#inbox.post({ type: 'try-again' });
  }

  save(fileIndex: number): void {
    if (this.#phase.type === 'done') void this.#files.save(this.#phase.taken.manifest, fileIndex);
  }

  saveAll(): void {
    if (this.#phase.type === 'done') void this.#files.saveAll(this.#phase.taken.manifest);
  }

  /** Whether something would be lost or cut short if the page went away now: a transfer that runs, or files not saved yet. */
  get losesOnLeaving(): boolean {
    if (this.#phase.type === 'running') return true;
    return this.#phase.type === 'done' && this.#phase.taken.place.type !== 'folder'
      ? !this.#files.allSaved
      : false;
  }

  /** Ends everything, as when the page goes away. What has begun is kept. */
  close(): void {
    this.#open.abort();
    this.#files.close();
    this.#link?.end('receiver-left');
    this.#held.close();
  }

  #tick(): void {
    this.#link?.tick();
    this.#inbox.post({ type: 'tick' });
  }

  #step(event: ReceiveEvent): void {
    const { phase, effects } = stepReceive(this.#phase, event, this.#tools.clock());
    const changed = phase !== this.#phase || event.type === 'tick';
    // A transfer may begin and end between two ticks.
    const turns = phase.type !== this.#phase.type || TURNS.has(event.type);
    this.#phase = phase;
    if (turns || event.type === 'tick') this.#follow();
    for (const effect of effects) this.#perform(effect);
    // Thousands of small pieces a second are not drawn one by one; the next tick draws what was left out.
    const soon = this.#tools.clock() - this.#shownAt < SHOW_INTERVAL_MS;
    if (changed && !(event.type === 'progress' && soon)) this.#show();
  }

  #follow(): void {
    const report = this.#link?.report() ?? null;
    const details = followReceipt(this.#details, this.#phase, report, this.#tools.clock());
    if (details === this.#details) return;
    this.#details = details;
    this.#listener.onDetails(details);
  }

  #show(): void {
    this.#shownAt = this.#tools.clock();
    const phase = this.#phase;
    const manifest = 'taken' in phase && phase.taken !== null ? phase.taken.manifest : null;
    const listed = manifest ?? ('manifest' in phase ? phase.manifest : null);
    if (listed !== null && listed !== this.#summaries.of) {
      this.#summaries = { of: listed, list: summarizeFiles(listed) };
    }
    const files = listed === null ? [] : this.#summaries.list;
    this.#listener.onChange(viewReceive(phase, files, this.#tools.clock()));
  }

  #perform(effect: ReceiveEffect): void {
    switch (effect.type) {
      case 'search':
        this.#turn += 1;
        void this.#attempt(async () => {
          // A store that cannot be looked at holds nothing that could be gone on with.
          const kept = await this.#held.search().catch(() => null);
          return { type: 'searched', kept };
        });
        break;
      case 'start-link':
        void this.#attempt(() => this.#startLink(effect.persistent));
        break;
      case 'persist-link':
        this.#link?.persist();
        break;
      case 'fetch-manifest':
        this.#link?.fetchManifest();
        break;
      case 'open-store':
        this.#held.prepare();
        break;
      case 'measure-fit':
        this.#wantedBytes = effect.bytes;
        void this.#attempt(async () => ({
          type: 'fit',
          fit: await this.#tools.measureFit(effect.bytes),
        }));
        break;
      case 'begin-store':
        void this.#attempt(async () => {
          const place = await this.#held.begin(effect.manifest, effect.selected, this.#plan);
          return { type: 'begun', place };
        });
        break;
      case 'recover-store':
        void this.#recover(effect.ask);
        break;
      case 'start-fetch':
        void this.#attempt(() => this.#startFetch());
        break;
      case 'pause-fetch':
        this.#job?.fetch.pause();
        break;
      case 'resume-fetch':
        this.#job?.fetch.resume();
        break;
      case 'note-paused':
        this.#held.note({ paused: effect.paused });
        break;
      case 'note-failures':
        this.#held.note({ failed: effect.failures });
        break;
      case 'note-complete':
        this.#held.note({ complete: true });
        break;
      case 'leave-room':
        this.#link?.leaveRoom();
        break;
      case 'end-link':
        this.#link?.end(effect.reason);
        this.#link = null;
        this.#job = null;
        this.#turn += 1;
        break;
      case 'keep-store':
        this.#held.keep();
        break;
      case 'discard-store':
        this.#held.discard();
        break;
    }
  }

  /** Does what takes a while; its outcome, or its failure, counts only if nothing was ended meanwhile. */
  async #attempt(work: () => Promise<ReceiveEvent | void>): Promise<void> {
    const turn = this.#turn;
    const current = () => turn === this.#turn && !this.#open.signal.aborted;
    try {
      const event = await work();
      if (event !== undefined && current()) this.#inbox.post(event);
    } catch (error) {
      const { reason } = asOnehopError(error);
      if (current()) this.#inbox.post({ type: 'failed', reason });
    }
  }

  async #startLink(persistent: boolean): Promise<void> {
    const turn = this.#turn;
    const keys = await deriveShareKeys(this.#secret);
    if (turn !== this.#turn || this.#open.signal.aborted) return;
    const current = () => turn === this.#turn;
    const post = (event: ReceiveEvent) => {
      if (current()) this.#inbox.post(event);
    };
    const deliver = (change: Partial<ReceiveDelivery>) => {
      if (current()) this.#deliver(change);
    };
    const tools = linkTools(this.#tools, { secret: this.#secret, keys, claim: this.#held.claim });
    this.#link = new SourceLinks(tools, keys, persistent, {
      onWaiting: (waitingFor) => post({ type: 'waiting', for: waitingFor }),
      onUp: () => post({ type: 'link-up' }),
      onManifest: (manifest) => post({ type: 'manifest', manifest }),
      onDown: (reason) => post({ type: 'link-down', reason }),
      onEnded: (reason) => post({ type: 'link-ended', reason }),
      onSenderPaused: (paused) => post({ type: 'sender-paused', paused }),
      onRootKnown: () => post({ type: 'root-known' }),
      onClaim: (token) => this.#held.noteClaim(token),
      onClaimSettled: (token) => this.#held.settleClaim(token),
      onMethod: (method) => deliver({ method }),
      onUpload: (upload) => deliver({ upload: heldUpload(upload, Date.now()) }),
      onInvitation: (secret) => deliver({ invitation: decodeBase64url(secret) }),
      onWeighed: (weighed) => deliver({ weighed }),
    });
    if (this.#job !== null) this.#link.serve(this.#job);
  }

  #deliver(change: Partial<ReceiveDelivery>): void {
    this.#delivery = { ...this.#delivery, ...change };
    this.#listener.onDelivery(this.#delivery);
  }

  /** A folder that has to be allowed anew is no failure: the user can. */
  async #recover(ask: boolean): Promise<void> {
    const turn = this.#turn;
    try {
      const recovered = await this.#held.recover(ask);
      if (turn === this.#turn) this.#inbox.post({ type: 'prepared', ...recovered });
    } catch (error) {
      const { reason } = asOnehopError(error, 'storage-failed');
      if (turn === this.#turn) this.#inbox.post({ type: 'trouble', reason });
    }
  }

  async #startFetch(): Promise<void> {
    const turn = this.#turn;
    const { receipt, selection } = await this.#held.job();
    if (turn !== this.#turn || this.#open.signal.aborted) return;
    const post = (event: ReceiveEvent) => {
      if (turn === this.#turn) this.#inbox.post(event);
    };
    const fetch = new Fetch(receipt, selection.files, {
      onProgress: (bytes) => post({ type: 'progress', bytes }),
      onFilesFailed: (files, reason) =>
        post({ type: 'files-failed', failures: files.map((file) => ({ file, reason })) }),
      onTrouble: (reason) => post({ type: 'trouble', reason }),
      onChecking: () => post({ type: 'checking' }),
      onDone: () => post({ type: 'complete' }),
      onFailed: (reason) => post({ type: 'failed', reason }),
    });
    const pressedAt = this.#phase.type === 'running' ? this.#phase.pressedAt : null;
    this.#job = { fetch, selection, pressedAt };
    if (this.#phase.type === 'running' && this.#phase.paused) fetch.pause();
    this.#link?.serve(this.#job);
  }
}
