import { asOnehopError } from '../errors/onehop-error.ts';
import { Inbox } from '../machine/inbox.ts';
import { createSecret, formatLink } from '../share/link.ts';
import { type Manifest, buildManifest, describeFile } from '../share/manifest.ts';
import { deriveShareKeys } from '../share/share-keys.ts';
import { splitManifest } from '../transfer/manifest-parts.ts';
import { OpenShare, type SendTools } from './open-share.ts';
import { type FileSummary, summarizeFiles } from './file-summary.ts';
import { TICK_MS } from './session-tools.ts';
import { type SendEffect, type SendEvent, type SendPhase, stepSend } from './send-machine.ts';
import type { SendActions, SendState } from './send-state.ts';
import { viewSend } from './send-view.ts';

/** A sending page from the chosen files on: carries out what `stepSend` decides. */
export class SendSession implements SendActions {
  readonly #tools: SendTools;
  readonly #origin: string;
  readonly #onChange: (state: SendState) => void;
  readonly #inbox = new Inbox<SendEvent>((event) => this.#step(event));
  readonly #ticker: ReturnType<typeof setInterval>;
  #phase: SendPhase = { type: 'idle' };
  #chosen: readonly File[] = [];
  #files: readonly FileSummary[] = [];
  #open: OpenShare | null = null;
  #closed = false;

  /**
   * @param origin where links lead to
   * @param onChange told of every new state, the first one included
   */
  constructor(tools: SendTools, origin: string, onChange: (state: SendState) => void) {
    this.#tools = tools;
    this.#origin = origin;
    this.#onChange = onChange;
    this.#show();
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
  }

  share(files: readonly File[]): void {
    if (files.length === 0 || this.#phase.type === 'opening' || this.#phase.type === 'sharing')
      return;
    const manifest = buildManifest(files.map((file) => describeFile(file)));
    this.#chosen = files;
    this.#files = manifest === null ? [] : summarizeFiles(manifest);
    const fits = manifest !== null && splitManifest(manifest) !== null;
    this.#inbox.post({ type: 'share', manifest: fits ? manifest : null });
  }

  stopSharing(): void {
    this.#inbox.post({ type: 'stop' });
  }

  startOver(): void {
    this.#inbox.post({ type: 'start-over' });
  }

  /** Whether something would be lost if the page went away now: a transfer that runs. */
  get losesOnLeaving(): boolean {
    const receivers = this.#phase.type === 'sharing' ? [...this.#phase.receivers.values()] : [];
    return receivers.some(({ status }) => status.type === 'receiving');
  }

  /** Whether the page at this address is the one that the share's link leads to. */
  isOwnLink(address: string): boolean {
    return this.#phase.type === 'sharing' && this.#phase.link === address;
  }

  /** Ends everything, as when the page goes away. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#ticker);
    this.#open?.abandon();
  }

  #tick(): void {
    this.#open?.tick();
    this.#inbox.post({ type: 'tick' });
  }

  #step(event: SendEvent): void {
    const { phase, effects } = stepSend(this.#phase, event, this.#tools.clock());
    const changed = phase !== this.#phase || (event.type === 'tick' && phase.type === 'sharing');
    this.#phase = phase;
    for (const effect of effects) this.#perform(effect);
    if (changed) this.#show();
  }

  #show(): void {
    this.#onChange(viewSend(this.#phase, this.#files, this.#tools.clock()));
  }

  #perform(effect: SendEffect): void {
    switch (effect.type) {
      case 'open-share':
        void this.#openShare(effect.manifest);
        break;
      case 'close-share':
        this.#open?.close(effect.reason);
        this.#open = null;
        this.#chosen = [];
        break;
    }
  }

  async #openShare(manifest: Manifest): Promise<void> {
    try {
      const secret = createSecret();
      const keys = await deriveShareKeys(secret);
      const stale = this.#phase.type !== 'opening' || this.#phase.manifest !== manifest;
      if (this.#closed || stale) return;
      const link = formatLink(this.#origin, secret);
      this.#open = new OpenShare(
        this.#tools,
        { files: this.#chosen, manifest, keys },
        {
          onOpened: () => this.#inbox.post({ type: 'opened', link }),
          post: (event) => this.#inbox.post(event),
        },
      );
    } catch (error) {
      this.#inbox.post({ type: 'failed', reason: asOnehopError(error).reason });
    }
  }
}
