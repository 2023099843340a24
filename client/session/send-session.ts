import { asOnehopError } from '../errors/onehop-error.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import { Inbox } from '../machine/inbox.ts';
import { type ShareSecret, createSecret, formatLink } from '../share/link.ts';
import {
  type ChosenEntry,
  MAX_FILES,
  type Manifest,
  buildManifest,
  describeChosen,
  digestManifest,
} from '../share/manifest.ts';
import { deriveShareKeys } from '../share/share-keys.ts';
import { splitManifest } from '../transfer/manifest-parts.ts';
import type { UploadApi } from '../upload/upload-api.ts';
import { BlockedWatch } from './blocked-watch.ts';
import {
  FIRST_DELIVERY,
  type SendBy,
  type SendDelivery,
  type UploadChoice,
} from './delivery-state.ts';
import { type FileFailure, type FileSummary, summarizeFiles } from './file-summary.ts';
import { HeldShare, type HeldShareTools } from './held-share.ts';
import { OpenShare, type ShareTools } from './open-share.ts';
import { type ReceiverList, isUnderWay } from './receiver-list.ts';
import { type ReceiverDetails, ReceiverWatch } from './receiver-watch.ts';
import { type Recognition, recognizeFiles, recognizeNothing } from './recognize-files.ts';
import { type SendEffect, type SendEvent, type SendPhase, stepSend } from './send-machine.ts';
import type { SendActions, SendState } from './send-state.ts';
import { viewSend } from './send-view.ts';
import { allowedLifetime } from './upload-lifetimes.ts';
import { offerOf } from './upload-offer.ts';

/** What a sending session is made of. */
export interface SendTools extends ShareTools, HeldShareTools {
  readonly uploads: ShareTools['uploads'] & Pick<UploadApi, 'terms'>;
  /** Opens the page that compares ways, with these files. @param onSecret told the secret of its comparison */
  openComparison(files: readonly File[], onSecret: (secret: ShareSecret) => void): void;
}

/** How a share ends that cannot be gone on with; after any other end a later page can try again. */
const FINAL: ReadonlySet<ErrorReason> = new Set(['sender-stopped', 'share-expired', 'share-taken']);

/** What a sending session tells its page. */
export interface SendListener {
  /** every new state, the first one included */
  onChange(state: SendState): void;
  /** what Details shows, twice a second while files are shared */
  onDetails(details: ReceiverDetails): void;
  /** how the files go, and what the server has of them */
  onDelivery(delivery: SendDelivery): void;
}

/** A sending page from the chosen files on: carries out what `stepSend` decides. */
export class SendSession implements SendActions {
  readonly #tools: SendTools;
  readonly #origin: string;
  readonly #listener: SendListener;
  readonly #inbox = new Inbox<SendEvent>((event) => this.#step(event));
  readonly #end = new AbortController();
  readonly #watch: ReceiverWatch;
  readonly #blocked = new BlockedWatch();
  /** what a later page can go on with */
  readonly #held: HeldShare;
  #phase: SendPhase = { type: 'idle' };
  /** the files of the manifest, in its order */
  #chosen: readonly (File | null)[] = [];
  #files: readonly FileSummary[] = [];
  #open: OpenShare | null = null;
  #recognition: Recognition | null = null;
  #delivery = FIRST_DELIVERY;

  /**
   * Goes on with the share that this tab was at when its page went away, if there is one.
   * @param origin where links lead to
   */
  constructor(tools: SendTools, origin: string, listener: SendListener) {
    this.#tools = tools;
    this.#origin = origin;
    this.#listener = listener;
    this.#held = new HeldShare(tools);
    this.#watch = new ReceiverWatch(tools.clock, (details) => listener.onDetails(details));
    this.#show();
    tools.startTicker(() => this.#tick(), this.#end.signal);
    void this.#takeUp(null);
    void this.#askTerms();
  }

  share(chosen: readonly ChosenEntry[]): void {
    if (chosen.length === 0) return;
    if (this.#phase.type === 'interrupted') this.#recognize(this.#phase.manifest, chosen);
    if (!CAN_SHARE.has(this.#phase.type)) return;
    // Of too many, not even the sizes are asked for.
    const fitting = chosen.length > MAX_FILES ? null : chosen.map((one) => describeChosen(one));
    const manifest = fitting === null ? null : buildManifest(fitting);
    this.#chosen = chosen.map(({ file }) => file);
    this.#files = manifest === null ? [] : summarizeFiles(manifest);
    const fits = manifest !== null && splitManifest(manifest) !== null;
    this.#inbox.post({ type: 'share', manifest: fits ? manifest : null });
  }

  continueWithout(): void {
    this.#inbox.post({ type: 'continue-without' });
  }

  continueShare(id: string): void {
    if (this.#phase.type === 'idle') void this.#takeUp(id);
  }

  giveUp(): void {
    this.#inbox.post({ type: 'give-up' });
  }

  pauseReceiver(receiverId: string): void {
    this.#inbox.post({ type: 'pause-receiver', number: Number(receiverId), paused: true });
  }

  resumeReceiver(receiverId: string): void {
    this.#inbox.post({ type: 'pause-receiver', number: Number(receiverId), paused: false });
  }

  cancelReceiver(receiverId: string): void {
    this.#inbox.post({ type: 'cancel-receiver', number: Number(receiverId) });
  }

  sendBy(way: SendBy): void {
    this.#deliver({ sendBy: way });
    this.#noteSending();
    this.#follow();
  }

  chooseUpload(choice: UploadChoice): void {
    this.#deliver({ choice });
    this.#noteSending();
  }

  uploadNow(): void {
    this.#open?.upload(this.#delivery.choice);
  }

  deleteUpload(): void {
    this.#open?.deleteUpload();
  }

  compare(): void {
    const open = this.#open;
    if (open === null) return;
    const files = this.#chosen.filter((file) => file !== null);
    this.#tools.openComparison(files, (secret) => void open.invite(secret));
  }

  stopSharing(): void {
    this.#inbox.post({ type: 'stop' });
  }

  startOver(): void {
    this.#inbox.post({ type: 'start-over' });
  }

  /** Whether something would be held up if the page went away now: a transfer that runs, is paused, or waits for its receiver. */
  get losesOnLeaving(): boolean {
    if (this.#phase.type !== 'sharing') return false;
    if (this.#delivery.upload.type === 'uploading') return true;
    return [...this.#phase.receivers.entries.values()].some((entry) => isUnderWay(entry));
  }

  /** Whether the page at this address is the one that the share's link leads to. */
  isOwnLink(address: string): boolean {
    return this.#phase.type === 'sharing' && this.#phase.link === address;
  }

  /** Ends everything, as when the page goes away; what is kept of the share stays for the next page. */
  close(): void {
    this.#end.abort();
    this.#open?.abandon();
    this.#held.letGo(false);
  }

  #tick(): void {
    this.#open?.tick();
    this.#inbox.post({ type: 'tick' });
    const receivers = this.#phase.type === 'sharing' ? this.#phase.receivers.entries : NOBODY;
    const blocked = this.#blocked.look(receivers, this.#tools.clock());
    if (blocked !== this.#delivery.blocked) this.#deliver({ blocked });
  }

  #deliver(change: Partial<SendDelivery>): void {
    const next = { ...this.#delivery, ...change };
    const lifetimeHours = allowedLifetime(next.choice.lifetimeHours, next.maxLifetimeHours);
    this.#delivery = { ...next, choice: { ...next.choice, lifetimeHours } };
    this.#listener.onDelivery(this.#delivery);
  }

  /** Without an answer everything stays offered: the server keeps for less what it may not keep for so long. */
  async #askTerms(): Promise<void> {
    const terms = await this.#tools.uploads.terms(this.#end.signal).catch(() => undefined);
    if (terms === undefined || this.#end.signal.aborted) return;
    if (terms === null) this.#onOffered(false);
    else this.#deliver({ maxLifetimeHours: terms.maxLifetimeSeconds / 3_600 });
  }

  /** Who wanted them to go through a server that takes none has them go directly, instead of nowhere. */
  #onOffered(offered: boolean): void {
    const changed = offered !== this.#delivery.offered;
    this.#deliver({ offered });
    if (!offered && this.#delivery.sendBy === 'server') this.sendBy('any');
    else if (changed) this.#follow();
  }

  #noteSending(): void {
    const { sendBy, choice } = this.#delivery;
    this.#held.noteSending({ sendBy, choice });
  }

  /** Has the open share go the way that was chosen. */
  #follow(): void {
    if (this.#open === null) return;
    const { sendBy, choice } = this.#delivery;
    this.#open.direct = sendBy !== 'server';
    this.#open.offerUpload(offerOf(this.#delivery));
    if (sendBy === 'server') this.#open.upload(choice);
  }

  #step(event: SendEvent): void {
    const { phase, effects } = stepSend(this.#phase, event, this.#tools.clock());
    const changed = phase !== this.#phase || (event.type === 'tick' && phase.type === 'sharing');
    // A transfer may begin and end between two ticks.
    const turns = phase.type !== this.#phase.type || TURNS.has(event.type);
    this.#phase = phase;
    if (turns || event.type === 'tick') {
      const receivers = phase.type === 'sharing' ? phase.receivers.entries : NOBODY;
      this.#watch.look(this.#open, receivers);
    }
    for (const effect of effects) this.#perform(effect);
    if (changed) this.#show();
  }

  #show(): void {
    this.#listener.onChange(viewSend(this.#phase, this.#files, this.#tools.clock()));
  }

  #perform(effect: SendEffect): void {
    switch (effect.type) {
      case 'open-share':
        void this.#openShare(effect.manifest, effect.failures);
        break;
      case 'close-share':
        this.#open?.close(effect.reason);
        this.#open = null;
        this.#chosen = [];
        this.#deliver({ upload: { type: 'none' }, blocked: false });
        this.#letGo(FINAL.has(effect.reason) && !this.#leavesUpload(effect.reason));
        break;
      case 'forget-share':
        this.#held.deleteUpload();
        this.#letGo(true);
        // The next share is another one.
        this.#deliver({ sendBy: FIRST_DELIVERY.sendBy, choice: FIRST_DELIVERY.choice });
        break;
      case 'pause-peers':
        this.#open?.setPaused(effect.peerIds, effect.paused);
        break;
      case 'cancel-peers':
        this.#open?.cancel(effect.peerIds);
        break;
    }
  }

  /** What the server has outlives the room: only who keeps the share can delete it there. */
  #leavesUpload(reason: ErrorReason): boolean {
    return reason !== 'sender-stopped' && (this.#held.record?.upload ?? null) !== null;
  }

  /** Keeps the share no longer, or leaves it to a later page. */
  #letGo(forget: boolean): void {
    this.#held.letGo(forget);
    this.#recognition = null;
  }

  async #takeUp(id: string | null): Promise<void> {
    // Meanwhile the page may have gone, or the user begun something else.
    const wanted = () => !this.#end.signal.aborted && this.#phase.type === 'idle';
    const record = await this.#held.takeUp(id, wanted);
    if (record === null) return;
    const { manifest, secret, sendBy, choice } = record;
    this.#deliver({ sendBy, choice });
    // Known already, it did not say so of what was chosen earlier.
    if (!this.#delivery.offered) this.#onOffered(false);
    this.#recognition = recognizeNothing(manifest);
    this.#files = summarizeFiles(manifest);
    this.#inbox.post({ type: 'interrupted', manifest, link: formatLink(this.#origin, secret) });
  }

  #recognize(manifest: Manifest, chosen: readonly ChosenEntry[]): void {
    const recognition = recognizeFiles(
      manifest,
      this.#recognition ?? recognizeNothing(manifest),
      chosen,
    );
    this.#recognition = recognition;
    this.#chosen = recognition.files;
    const { unrecognized, failures, files } = recognition;
    const some = failures.length === 0 || files.some((file) => file !== null);
    this.#inbox.post({ type: 'recognized', unrecognized, failures: some ? failures : null });
  }

  async #openShare(manifest: Manifest, failures: readonly FileFailure[]): Promise<void> {
    const current = () =>
      !this.#end.signal.aborted &&
      this.#phase.type === 'opening' &&
      this.#phase.manifest === manifest;
    try {
      const digest = await digestManifest(manifest);
      await this.#held.keep(manifest, this.#delivery, current);
      const { record } = this.#held;
      const secret = record?.secret ?? createSecret();
      const keys = await deriveShareKeys(secret);
      if (!current()) return;
      const link = formatLink(this.#origin, secret);
      const source = {
        manifest,
        digest,
        files: this.#chosen,
        failed: new Map(failures.map(({ file, reason }) => [file, reason])),
        journal: this.#held.journal,
      };
      this.#open = new OpenShare(
        this.#tools,
        {
          source,
          secret,
          keys,
          membership: record?.membership ?? null,
          upload: record?.upload ?? null,
        },
        {
          onOpened: (membership) => {
            this.#held.noteMembership(membership);
            this.#inbox.post({ type: 'opened', link });
          },
          post: (event) => this.#inbox.post(event),
          onUpload: (upload) => {
            this.#deliver({ upload });
            this.#open?.offerUpload(offerOf(this.#delivery));
          },
          onKeptUpload: (upload) => this.#held.noteUpload(upload),
          onUploadsOffered: (offered) => this.#onOffered(offered),
          onUploadWanted: () => this.uploadNow(),
        },
      );
      this.#follow();
    } catch (error) {
      if (current()) this.#inbox.post({ type: 'failed', reason: asOnehopError(error).reason });
    }
  }
}

const NOBODY: ReceiverList['entries'] = new Map();

/** What begins or ends a transfer. */
const TURNS: ReadonlySet<SendEvent['type']> = new Set(['receiver-selected', 'receiver-stage']);

const CAN_SHARE: ReadonlySet<SendPhase['type']> = new Set(['idle', 'cancelled', 'failed']);
