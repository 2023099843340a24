import type { Readable } from 'node:stream';
import type { Clock, WallClock } from '../clock.ts';
import { describeError, type Log } from '../log.ts';
import type { UploadSummary } from '../protocol/uploads.ts';
import { proofMatches, sameSecret } from '../rooms/secrets.ts';
import { append } from './append.ts';
import { claimId, claimToken } from './claim.ts';
import { KeyedLock } from './keyed-lock.ts';
import { LiveUpload } from './live-upload.ts';
import { newUpload, type Lifetimes, type UploadRequest } from './new-upload.ts';
import { RecordSaver } from './record-saver.ts';
import { Removals } from './removals.ts';
import { StorageLimits, type StorageLimitSettings } from './storage-limits.ts';
import { UploadError } from './upload-error.ts';
import { decodeRecord, encodeRecord } from './upload-record.ts';
import type { UploadStore } from './upload-store.ts';
import { UploadTable } from './upload-table.ts';
import {
  claim,
  confirm,
  giveBack,
  release,
  settle,
  summarize,
  use,
  wholeUnits,
  type OpenUpload,
} from './upload.ts';

/** How often removals that failed are tried again, in milliseconds. */
const SWEEP_MS = 60_000;

export interface UploadRegistryDeps {
  readonly store: UploadStore;
  readonly clock: Clock;
  readonly wallClock: WallClock;
  readonly log: Log;
  readonly limits: StorageLimitSettings;
  readonly lifetimes: Lifetimes;
  /** the verifier of the share's open room; undefined when there is none */
  readonly roomVerifier: (share: string) => string | undefined;
  /** hears when an upload is created, complete or removed, and when its downloads change */
  readonly changed: (share: string, verifier: string, summary: UploadSummary | null) => void;
}

/**
 * Every upload of this server, and what is done with it. A deadline counts from its moment on; `tick` carries out what
 * is overdue, and has to be called now and then.
 */
export class UploadRegistry {
  readonly #deps: UploadRegistryDeps;
  readonly #table = new UploadTable();
  readonly #limits: StorageLimits;
  readonly #saver: RecordSaver;
  readonly #locks = new KeyedLock();
  readonly #removals: Removals;
  #closed = false;
  #sweptAt: number;

  constructor(deps: UploadRegistryDeps) {
    this.#deps = deps;
    this.#limits = new StorageLimits(deps.limits, () => deps.store.freeBytes());
    this.#saver = new RecordSaver(deps.store, this.#locks);
    this.#removals = new Removals({ store: deps.store, locks: this.#locks, log: deps.log });
    this.#sweptAt = deps.clock();
  }

  /** How many uploads there are. */
  get size(): number {
    return this.#table.size;
  }

  /** Bytes of all uploads in the store. */
  get storedBytes(): number {
    return this.#limits.storedBytes;
  }

  /** Takes up what earlier runs left; what is expired or broken is removed, and what cannot be read is left as it is. */
  async open(): Promise<void> {
    const { store } = this.#deps;
    await store.open();
    try {
      for (const id of await store.list()) await this.#takeUp(id);
    } catch (thrown) {
      // Else the store would stay this process's, which could not end.
      await store.close();
      throw thrown;
    }
    this.tick();
    await this.#removals.settled();
  }

  /**
   * Adds an upload; an earlier one of the same share and owner goes for it.
   *
   * @throws UploadError when it is malformed, the share is another's, or there is no room
   */
  async create(request: UploadRequest): Promise<void> {
    this.#checkOpen();
    const { wallClock, lifetimes } = this.#deps;
    const live = new LiveUpload(newUpload(request, wallClock(), lifetimes));
    const { share, length } = live.upload;
    await this.#locks.run(`share ${share}`, async () => {
      const before = this.#settled(this.#table.ofShare(share));
      this.#admitOwner(live.upload, before?.upload);
      const others = this.#table.size - (before === undefined ? 0 : 1);
      await this.#limits.admit(length, before?.bytes ?? 0, others);
      if (before !== undefined) await this.#end(before);
      await this.#add(live);
    });
  }

  /** Whether `ownerKey` is the one that the upload was made with; false for one that is not here. */
  isOwner(id: string, ownerKey: string): boolean {
    return proofMatches(ownerKey, this.#settled(this.#table.get(id))?.upload.owner);
  }

  /** @throws UploadError `upload-not-found` */
  get(id: string): LiveUpload {
    return found(this.#settled(this.#table.get(id)));
  }

  /** Puts a request's body behind what the upload has; see `append`. */
  async append(id: string, offset: number, body: Readable): Promise<number> {
    this.#checkOpen();
    return await this.#locks.run(id, async () => {
      const live = this.get(id);
      if (live.upload.offset !== offset) throw new UploadError('wrong-offset');
      const { store, clock } = this.#deps;
      const end = await append(body, live, { store, limits: this.#limits, clock });
      if (end === live.upload.length && end > offset) this.#announce(live);
      return end;
    });
  }

  /** Ends an upload; resolves once nothing of it is left. @throws UploadError `server-error` where that has to be tried again */
  async remove(id: string): Promise<void> {
    await this.#endForGood(this.get(id));
  }

  /** Ends what the share has, for its owner; resolves once nothing of it is left. @throws UploadError `upload-not-found` */
  async removeOf(share: string, ownerKey: string): Promise<void> {
    // One that is being made is waited for.
    await this.#locks.run(`share ${share}`, async () => {
      const live = this.#settled(this.#table.ofShare(share));
      await this.#endForGood(found(proofMatches(ownerKey, live?.upload.owner) ? live : undefined));
    });
  }

  /** What the share has, for those in its room; null when it has nothing. */
  summaryOf(share: string, verifier: string): UploadSummary | null {
    const live = this.#settled(this.#table.ofShare(share));
    if (live === undefined || !sameSecret(live.upload.verifier, verifier)) return null;
    return summarize(live.upload, this.#deps.wallClock());
  }

  /** What the share has, for whoever has its link. @throws UploadError `upload-not-found` */
  prove(share: string, joinProof: string): LiveUpload {
    const live = this.#settled(this.#table.ofShare(share));
    const proven = proofMatches(joinProof, live?.upload.verifier);
    return found(proven ? live : undefined);
  }

  /**
   * What a share has here; null where it has nothing, or the proof is wrong. Every page that opens a link asks this, and
   * browsers report an answer of 404 to their users as a fault of the page.
   */
  look(share: string, joinProof: string): UploadSummary | null {
    const live = this.#settled(this.#table.ofShare(share));
    const proven = proofMatches(joinProof, live?.upload.verifier);
    return proven && live !== undefined ? this.summarize(live) : null;
  }

  summarize(live: LiveUpload): UploadSummary {
    return summarize(live.upload, this.#deps.wallClock());
  }

  /** A receiver's claim for a download, kept in the store before it is given. */
  async claim(share: string, joinProof: string, receiver: string): Promise<string> {
    this.#checkOpen();
    const live = this.prove(share, joinProof);
    const token = claimToken(live.claimKey, receiver);
    const step = claim(live.upload, { id: claimId(token), receiver }, this.#deps.clock());
    if (step.type === 'refused') throw new UploadError(step.code);
    live.put(step.upload);
    await this.#saver.save(live);
    return token;
  }

  /** The share's upload, when it has this claim. @throws UploadError `upload-not-found` */
  claimed(share: string, token: string): LiveUpload {
    const live = this.#settled(this.#table.ofShare(share));
    const id = claimId(token);
    return found(live?.upload.claims.some((claim) => claim.id === id) === true ? live : undefined);
  }

  /**
   * A content request by this claim begins.
   *
   * @returns the upload, and what to call when the request is over
   */
  use(share: string, token: string): { live: LiveUpload; release: () => void } {
    const live = this.claimed(share, token);
    const { clock } = this.#deps;
    const id = claimId(token);
    live.put(use(live.upload, id, clock()) ?? live.upload);
    return { live, release: () => live.put(release(live.upload, id, clock())) };
  }

  /** The share's upload, for whoever has its link or one of its claims. @throws UploadError `upload-not-found` */
  admitted(share: string, secret: string): LiveUpload {
    const live = this.#settled(this.#table.ofShare(share));
    const id = claimId(secret);
    const proven = proofMatches(secret, live?.upload.verifier);
    const isClaimed = live?.upload.claims.some((claim) => claim.id === id) === true;
    return found(proven || isClaimed ? live : undefined);
  }

  /** Counts a download that its receiver has whole, once; the last one that the upload is for removes it. */
  async confirm(share: string, token: string): Promise<number> {
    this.#checkOpen();
    const live = this.claimed(share, token);
    const step = confirm(live.upload, claimId(token));
    if (step === undefined) throw new UploadError('upload-not-found');
    if (step.upload.type === 'ended') {
      await this.#endForGood(live);
      return step.downloads;
    }
    const isNew = step.downloads > live.upload.downloads;
    live.put(step.upload);
    await this.#saver.save(live);
    if (isNew) this.#announce(live);
    return step.downloads;
  }

  /** A receiver gives its claim back, so that another one may have it. @throws UploadError `upload-not-found` */
  async giveBack(share: string, token: string): Promise<void> {
    this.#checkOpen();
    const live = this.claimed(share, token);
    live.put(giveBack(live.upload, claimId(token)));
    await this.#saver.save(live);
  }

  /** Carries out what is overdue. */
  tick(): void {
    const { clock } = this.#deps;
    for (const live of this.#table.all()) this.#settled(live)?.cutStalled(clock());
    if (clock() - this.#sweptAt < SWEEP_MS) return;
    this.#sweptAt = clock();
    void this.#removals.retry();
  }

  /** Ends every use of every upload; they stay in the store. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const live of this.#table.all()) live.end();
    await this.#locks.idle();
    await this.#removals.settled();
    await this.#deps.store.close();
  }

  /** Once the store is another process's, nothing is to change in it. @throws UploadError `server-error`, after which pages try again */
  #checkOpen(): void {
    if (this.#closed) throw new UploadError('server-error');
  }

  /** One upload that cannot be read, as on a disk with a bad block, must not keep the others from who waits for them. */
  async #takeUp(id: string): Promise<void> {
    const { store, log } = this.#deps;
    let live: LiveUpload | undefined;
    try {
      live = await this.#load(id);
    } catch (thrown) {
      log.error(`an upload that earlier runs left could not be read: ${describeError(thrown)}`);
      return;
    }
    if (live === undefined) await store.remove(id);
    else this.#table.add(live);
  }

  async #load(id: string): Promise<LiveUpload | undefined> {
    const { store, clock } = this.#deps;
    const kept = decodeRecord(id, await store.record(id), clock());
    if (kept === undefined || this.#table.ofShare(kept.upload.share) !== undefined)
      return undefined;
    const live = new LiveUpload(kept);
    const size = wholeUnits(kept.upload, await store.size(id));
    await (await store.writer(id, size)).close();
    live.received(size, clock());
    this.#limits.add(size);
    return live;
  }

  #admitOwner({ share, owner, verifier }: OpenUpload, before: OpenUpload | undefined): void {
    const room = this.#deps.roomVerifier(share);
    const isOthers = before !== undefined && !sameSecret(before.owner, owner);
    if (isOthers || (room !== undefined && !sameSecret(room, verifier))) {
      throw new UploadError('share-taken');
    }
  }

  async #add(live: LiveUpload): Promise<void> {
    const { upload } = live;
    try {
      await this.#deps.store.create(upload.id, encodeRecord(live));
    } catch (thrown) {
      await this.#removals.remove(upload.id);
      throw thrown;
    }
    this.#table.add(live);
    this.#announce(live);
  }

  /** Never rejects: what cannot be removed now is tried again. @returns whether nothing of it is left */
  async #end(live: LiveUpload): Promise<boolean> {
    live.end();
    if (!this.#table.delete(live)) return true;
    this.#deps.changed(live.upload.share, live.upload.verifier, null);
    const isGone = await this.#removals.remove(live.upload.id);
    this.#limits.give(live.bytes);
    return isGone;
  }

  /** Nobody is told that an upload is gone while it could come back with a restart. */
  async #endForGood(live: LiveUpload): Promise<void> {
    if (!(await this.#end(live))) throw new UploadError('server-error');
  }

  #announce(live: LiveUpload): void {
    this.#deps.changed(live.upload.share, live.upload.verifier, this.summarize(live));
  }

  /** The upload as time has left it; undefined when there is none any more. */
  #settled(live: LiveUpload | undefined): LiveUpload | undefined {
    if (live === undefined) return undefined;
    const { clock, wallClock } = this.#deps;
    const upload = settle(live.upload, clock(), wallClock());
    if (upload.type === 'open') {
      live.put(upload);
      return live;
    }
    void this.#end(live);
    return undefined;
  }
}

function found(live: LiveUpload | undefined): LiveUpload {
  if (live === undefined) throw new UploadError('upload-not-found');
  return live;
}
