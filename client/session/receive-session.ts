import { OnehopError, asOnehopError } from '../errors/onehop-error.ts';
import { Inbox } from '../machine/inbox.ts';
import { encodeBase64url } from '../encoding/base64url.ts';
import type { ShareSecret } from '../share/link.ts';
import { type Manifest, digestManifest } from '../share/manifest.ts';
import { deriveShareKeys } from '../share/share-keys.ts';
import { limitTime } from '../time/time-limit.ts';
import { type PieceStore, Receipt } from '../transfer/fetch.ts';
import { type FileSummary, summarizeFiles } from './file-summary.ts';
import { ReceiveAttempt } from './receive-attempt.ts';
import { beginReceive, stepReceive } from './receive-machine.ts';
import type { ReceiveEffect, ReceiveEvent, ReceivePhase } from './receive-phase.ts';
import type { ReceiveActions, ReceiveState } from './receive-state.ts';
import { viewReceive } from './receive-view.ts';
import { type SessionTools, TICK_MS } from './session-tools.ts';

const STORE_TIMEOUT_MS = 15_000;

/** A store that a session opens and ends. */
export interface StoreHandle extends PieceStore {
  read(file: number): Promise<Blob>;
  discard(): Promise<void>;
}

/** What a receiving session is made of. */
export interface ReceiveTools extends SessionTools {
  openStore(): Promise<StoreHandle>;
  saveFile(content: Blob, name: string): void;
}

/** The phases in which received bytes need a place. */
const WANTS_STORE: ReadonlySet<ReceivePhase['type']> = new Set(['offered', 'running', 'losing']);

/** What was received so far, and of which share; its store may still be opening. */
interface Holding {
  readonly digest: string;
  readonly opening: Promise<{ readonly receipt: Receipt; readonly store: StoreHandle }>;
}

/** A receiving page from the opened link to the saved files: carries out what `stepReceive` decides. */
export class ReceiveSession implements ReceiveActions {
  readonly #tools: ReceiveTools;
  readonly #secret: ShareSecret;
  readonly #onChange: (state: ReceiveState) => void;
  readonly #inbox = new Inbox<ReceiveEvent>((event) => this.#step(event));
  readonly #ticker: ReturnType<typeof setInterval>;
  #phase: ReceivePhase;
  #files: { readonly of: Manifest | null; readonly list: readonly FileSummary[] } = {
    of: null,
    list: [],
  };
  #attempt: ReceiveAttempt | null = null;
  #closed = false;
  #holding: Holding | null = null;
  /** the files that were saved */
  readonly #saved = new Set<number>();

  /** Begins at once. @param onChange told of every new state, the first one included */
  constructor(tools: ReceiveTools, secret: ShareSecret, onChange: (state: ReceiveState) => void) {
    this.#tools = tools;
    this.#secret = secret;
    this.#onChange = onChange;
    const { phase, effects } = beginReceive();
    this.#phase = phase;
    this.#show();
    for (const effect of effects) this.#perform(effect);
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
  }

  receive(): void {
    this.#inbox.post({ type: 'receive' });
  }

  cancel(): void {
    this.#inbox.post({ type: 'cancel' });
  }

  tryAgain(): void {
    this.#inbox.post({ type: 'try-again' });
  }

  save(fileIndex: number): void {
    if (this.#phase.type === 'done') void this.#save(this.#phase.manifest, fileIndex);
  }

  /** Whether something would be lost if the page went away now: a transfer that runs, or files not saved yet. */
  get losesOnLeaving(): boolean {
    const { type } = this.#phase;
    const unsaved = type === 'done' && this.#saved.size < this.#phase.manifest.entries.length;
    return unsaved || type === 'running' || type === 'losing';
  }

  /** Ends everything, as when the page goes away. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#ticker);
    this.#attempt?.end('receiver-left');
    this.#discard();
  }

  #tick(): void {
    this.#attempt?.tick();
    this.#inbox.post({ type: 'tick' });
  }

  #step(event: ReceiveEvent): void {
    const { phase, effects } = stepReceive(this.#phase, event, this.#tools.clock());
    const changed = phase !== this.#phase || event.type === 'tick';
    this.#phase = phase;
    for (const effect of effects) this.#perform(effect);
    if (changed) this.#show();
  }

  #show(): void {
    const manifest = 'manifest' in this.#phase ? this.#phase.manifest : null;
    if (manifest !== null && manifest !== this.#files.of) {
      this.#files = { of: manifest, list: summarizeFiles(manifest) };
    }
    this.#onChange(viewReceive(this.#phase, this.#files.list, this.#tools.clock()));
  }

  #perform(effect: ReceiveEffect): void {
    switch (effect.type) {
      case 'enter-room':
        void this.#enterRoom();
        break;
      case 'open-source':
        this.#attempt?.openSource();
        break;
      case 'fetch-manifest':
        this.#attempt?.fetchManifest();
        break;
      case 'prepare-store':
        // If it fails, the press of Receive tries again, and then says so.
        this.#hold(effect.manifest).catch(() => {});
        break;
      case 'start-fetch':
        void this.#startFetch(effect.manifest, this.#attempt);
        break;
      case 'close-source':
        this.#attempt?.closeSource();
        break;
      case 'leave-room':
        this.#attempt?.leaveRoom();
        break;
      case 'end':
        this.#attempt?.end(effect.reason);
        this.#attempt = null;
        break;
      case 'discard':
        this.#discard();
        break;
    }
  }

  async #enterRoom(): Promise<void> {
    try {
      const keys = await deriveShareKeys(this.#secret);
      if (this.#closed || this.#phase.type !== 'room' || this.#attempt !== null) return;
      this.#attempt = new ReceiveAttempt(this.#tools, keys, (event) => this.#inbox.post(event));
    } catch (error) {
      this.#fail(error);
    }
  }

  async #startFetch(manifest: Manifest, attempt: ReceiveAttempt | null): Promise<void> {
    try {
      const receipt = await limitTime(this.#hold(manifest), STORE_TIMEOUT_MS, 'storage-failed');
      if (attempt === this.#attempt) attempt?.startFetch(receipt);
    } catch (error) {
      if (attempt === this.#attempt) this.#fail(error);
    }
  }

  /** The receipt of this share: the one that an earlier attempt began, or a new one. */
  async #hold(manifest: Manifest): Promise<Receipt> {
    const digest = encodeBase64url(await digestManifest(manifest));
    // Cancelled or closed meanwhile: then nothing may be opened any more.
    if (this.#closed || !WANTS_STORE.has(this.#phase.type)) throw new OnehopError('storage-failed');
    if (this.#holding?.digest !== digest) {
      this.#discard();
      this.#holding = { digest, opening: this.#open(manifest) };
    }
    const holding = this.#holding;
    try {
      return (await holding.opening).receipt;
    } catch (error) {
      if (this.#holding === holding) this.#holding = null;
      throw error;
    }
  }

  async #open(manifest: Manifest): Promise<{ receipt: Receipt; store: StoreHandle }> {
    const store = await this.#tools.openStore();
    return { receipt: new Receipt(manifest, store), store };
  }

  /** Drops what was received, also where its store has yet to open. */
  #discard(): void {
    const holding = this.#holding;
    this.#holding = null;
    // Nobody waits for it, and what could not be removed is swept when a page opens a store again.
    holding?.opening.then(({ store }) => store.discard()).catch(() => {});
  }

  async #save(manifest: Manifest, fileIndex: number): Promise<void> {
    const entry = manifest.entries[fileIndex];
    if (entry === undefined || this.#holding === null) return;
    try {
      const { store } = await this.#holding.opening;
      const content = await store.read(fileIndex);
      // A browser short of space may have taken the file away since.
      if (content.size !== entry.size) throw new OnehopError('storage-failed');
      this.#tools.saveFile(content, entry.path);
      this.#saved.add(fileIndex);
      this.#inbox.post({ type: 'saved', failure: null });
    } catch (error) {
      this.#inbox.post({ type: 'saved', failure: asOnehopError(error, 'storage-failed').reason });
    }
  }

  #fail(error: unknown): void {
    this.#inbox.post({ type: 'failed', reason: asOnehopError(error).reason });
  }
}
