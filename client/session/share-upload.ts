import {
  MIN_UPLOAD_LIFETIME_SECONDS,
  type UploadSummary,
} from '../../signaling/protocol/uploads.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import { asOnehopError } from '../errors/onehop-error.ts';
import { Inbox } from '../machine/inbox.ts';
import type { Manifest } from '../share/manifest.ts';
import type { ShareSecret } from '../share/link.ts';
import type { ShareKeys } from '../share/share-keys.ts';
import { limitTime } from '../time/time-limit.ts';
import type { Clock } from '../transfer/peer-lane.ts';
import type { UploadApi } from '../upload/upload-api.ts';
import {
  type KeptUpload,
  type UploadTask,
  type Uploader,
  type UploaderListener,
  type UploaderTools,
  newUpload,
} from '../upload/uploader.ts';
import { FIRST_CHOICE, type UploadChoice } from './delivery-state.ts';
import {
  type UploadPhase,
  type UploadPhaseEffect,
  type UploadPhaseEvent,
  stepUpload,
} from './upload-machine.ts';

/** How long an upload that is being made may hold up its own end, in milliseconds. */
const MAKING_MS = 20_000;

/** What an upload is made of. */
export interface ShareUploadTools {
  readonly uploads: Pick<UploadApi, 'status' | 'delete'>;
  openUploader(
    task: UploadTask,
    tools: Pick<UploaderTools, 'read' | 'hashOf'>,
    listener: UploaderListener,
  ): Pick<Uploader, 'close'>;
  /** in ms of a monotonic clock */
  readonly clock: Clock;
}

/** What is uploaded. */
export interface ShareUploadPlan extends Pick<UploaderTools, 'read' | 'hashOf'> {
  readonly manifest: Manifest;
  readonly secret: ShareSecret;
  readonly keys: ShareKeys;
  /** what an earlier page began; null where none did */
  readonly kept: KeptUpload | null;
}

/** What an upload tells its owner. */
export interface ShareUploadListener {
  onPhase(phase: UploadPhase): void;
  /** what a later page needs to go on with it or to delete it; null once there is nothing of that */
  onKept(kept: KeptUpload | null): void;
}

/** What a sender leaves of its share with the server: carries out what `stepUpload` decides. */
export class ShareUpload {
  readonly #tools: ShareUploadTools;
  readonly #plan: ShareUploadPlan;
  readonly #listener: ShareUploadListener;
  readonly #inbox = new Inbox<UploadPhaseEvent>((event) => this.#step(event));
  readonly #end = new AbortController();
  #phase: UploadPhase = { type: 'none' };
  #kept: KeptUpload | null;
  /** one for all uploads of the share: the server lets nobody else put another in an upload's place */
  #owner: string | undefined;
  #choice: UploadChoice = FIRST_CHOICE;
  #uploader: Pick<Uploader, 'close'> | null = null;
  /** counts what was to be sent: of two that wait for the same, the later one is */
  #sends = 0;
  /** something that was given up may still be with the server */
  #left = false;
  /** settles once it is known whether what is being made was made */
  #made: Promise<void> = Promise.resolve();
  /** settles once the server has been told that an earlier upload is not wanted any more: a share has one at a time */
  #cleared: Promise<void> = Promise.resolve();

  /** Takes up what an earlier page began. */
  constructor(tools: ShareUploadTools, plan: ShareUploadPlan, listener: ShareUploadListener) {
    this.#tools = tools;
    this.#plan = plan;
    this.#listener = listener;
    this.#kept = plan.kept;
    this.#owner = plan.kept?.owner;
    if (this.#id !== null) this.#inbox.post({ type: 'take-up' });
  }

  /** Where it stands. */
  get phase(): UploadPhase {
    return this.#phase;
  }

  /** Uploads the share, unless that is done or under way. */
  upload(choice: UploadChoice): void {
    this.#choice = choice;
    this.#inbox.post({ type: 'upload' });
  }

  /** Takes what the server has away from it. */
  delete(): void {
    this.#inbox.post({ type: 'delete' });
  }

  /** The server said what it has. */
  note(upload: UploadSummary | null): void {
    this.#inbox.post({ type: 'told', upload, wallTime: Date.now() });
  }

  /** Ends it on this side; what the server has stays there, with `andDelete` nothing does. */
  close(andDelete: boolean): void {
    if (this.#end.signal.aborted) return;
    this.#end.abort();
    if (!andDelete) {
      this.#uploader?.close();
      this.#uploader = null;
      return;
    }
    this.#stop();
    // The page may go away meanwhile; what is left then expires.
    if (this.#kept !== null) this.#takeAway(new AbortController().signal).catch(() => {});
  }

  get #id(): string | null {
    return this.#kept?.id ?? null;
  }

  #step(event: UploadPhaseEvent): void {
    if (this.#end.signal.aborted) return;
    const { phase, effects } = stepUpload(this.#phase, event, this.#tools.clock());
    const changed = phase !== this.#phase;
    this.#phase = phase;
    for (const effect of effects) this.#perform(effect);
    if (changed) this.#listener.onPhase(phase);
  }

  #perform(effect: UploadPhaseEffect): void {
    switch (effect.type) {
      case 'send':
        void this.#sendOnceCleared();
        break;
      case 'stop-sending':
        this.#stop();
        break;
      case 'ask':
        void this.#ask();
        break;
      case 'delete':
        void this.#delete();
        break;
      case 'forget':
        this.#keep(null);
        break;
      case 'abandon':
        this.#abandon();
        break;
    }
  }

  async #sendOnceCleared(): Promise<void> {
    this.#sends += 1;
    const send = this.#sends;
    await this.#cleared;
    const isWanted = send === this.#sends && this.#phase.type === 'uploading';
    if (isWanted && !this.#end.signal.aborted) this.#send();
  }

  #send(): void {
    this.#stop();
    const kept = this.#kept ?? newUpload(this.#owner);
    this.#owner = kept.owner;
    this.#keep(kept);
    let settle = () => {};
    if (kept.id === null) this.#made = this.#afterMade(new Promise((done) => (settle = done)));
    const { manifest, secret, keys, read, hashOf } = this.#plan;
    const { lifetimeHours, downloadLimit } = this.#choice;
    // An operator may allow less than may be asked for: then that is what it gets.
    const seconds = Math.round(lifetimeHours * 3_600);
    const lifetimeSeconds = Math.max(MIN_UPLOAD_LIFETIME_SECONDS, seconds);
    const task = { manifest, secret, keys, kept, lifetimeSeconds, downloadLimit };
    const post = (event: UploadPhaseEvent) => {
      if (this.#uploader === uploader) this.#inbox.post(event);
    };
    const uploader = this.#tools.openUploader(
      task,
      { read, hashOf },
      {
        onCreated: (id) => {
          settle();
          if (this.#uploader === uploader) this.#keep({ ...kept, id });
        },
        onProgress: ({ sent, total }) => post({ type: 'progress', sent, total }),
        onWaiting: (reason) => post({ type: 'waiting', reason }),
        onComplete: () => post({ type: 'complete' }),
        onFailed: (reason) => {
          settle();
          if (this.#uploader === uploader) this.#noteRefusal(reason);
          post({ type: 'failed', reason });
        },
      },
    );
    this.#uploader = uploader;
  }

  /** An upload that is being made is let be until that is over: the server could still make it after it was deleted. */
  #stop(): void {
    const uploader = this.#uploader;
    this.#uploader = null;
    if (uploader === null) return;
    if (this.#id !== null) {
      uploader.close();
      return;
    }
    const made = limitTime(this.#made, MAKING_MS, 'upload-unreachable').catch(() => {});
    this.#made = made.then(() => uploader.close());
  }

  async #afterMade(next: Promise<void>): Promise<void> {
    await this.#made;
    await next;
  }

  /** Has the server delete what it has of the share, or is about to have. */
  async #takeAway(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#made, this.#cleared]);
    if (this.#owner !== undefined) {
      await this.#tools.uploads.delete(this.#plan.keys, this.#owner, signal);
    }
    this.#left = false;
  }

  /** What cannot be deleted now is another time: the owner key is kept until it is, or the next upload takes its place. */
  #abandon(): void {
    if (this.#owner === undefined) return;
    this.#left = true;
    this.#keep(newUpload(this.#owner));
    this.#cleared = this.#takeAway(new AbortController().signal).catch(() => {});
  }

  /** Of an upload that was refused by name there is nothing, unless one before it may still be there. */
  #noteRefusal(reason: ErrorReason): void {
    const isOpen = reason === 'upload-unreachable' || reason === 'server-error';
    if (this.#id === null && !this.#left && !isOpen) this.#keep(null);
  }

  #keep(kept: KeptUpload | null): void {
    this.#kept = kept;
    this.#listener.onKept(kept);
  }

  async #ask(): Promise<void> {
    try {
      this.note(await this.#tools.uploads.status(this.#plan.keys, this.#end.signal));
    } catch (error) {
      const { reason } = asOnehopError(error);
      if (reason === 'upload-not-found') this.note(null);
      else this.#inbox.post({ type: 'failed', reason });
    }
  }

  async #delete(): Promise<void> {
    try {
      await this.#takeAway(this.#end.signal);
      this.#inbox.post({ type: 'deleted' });
    } catch (error) {
      this.#inbox.post({ type: 'failed', reason: asOnehopError(error).reason });
    }
  }
}
