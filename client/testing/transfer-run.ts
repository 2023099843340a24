import type { ErrorReason } from '../errors/error-reason.ts';
import { encodeBase64url } from '../encoding/base64url.ts';
import { type Manifest, digestManifest, locatePiece } from '../share/manifest.ts';
import { type NumberSet, fullNumberSet } from '../share/number-set.ts';
import type { FileFailureReason } from '../transfer/control-message.ts';
import { Fetch, type SourceFeed } from '../transfer/fetch.ts';
import { splitManifest } from '../transfer/manifest-parts.ts';
import { PeerSource } from '../transfer/peer-source.ts';
import { Receipt } from '../transfer/receipt.ts';
import { type Offer, SeederLane } from '../transfer/seeder-lane.ts';
import type { Selection } from '../transfer/source.ts';
import type { OpenLane } from '../transfer/peer-lane.ts';
import { LanePair } from './lane-pair.ts';
import { makeManifest } from './make-manifest.ts';
import { MemoryStore } from './memory-store.ts';
import { OriginalReader } from './original-reader.ts';
import { PairBundle } from './pair-bundle.ts';
import { quickDeflatable } from './quick-deflate.ts';
import { type Random, seededRandom } from './random.ts';
import type { Incident, TransferEnd, TransferPlan } from './transfer-plan.ts';

/** No wait may outlast this, in milliseconds of the run's clock. */
const LONGEST_WAIT_MS = 120_000;

/** The real sending and receiving sides over lanes in memory, from the greeting to the end. */
export async function runTransfer(plan: TransferPlan): Promise<TransferEnd> {
  return new TransferRun(plan).run();
}

class TransferRun {
  readonly #plan: TransferPlan;
  readonly #random: Random;
  readonly #originals: readonly Uint8Array<ArrayBuffer>[];
  readonly #manifest: Manifest;
  readonly #selected: NumberSet;
  readonly #store: MemoryStore;
  readonly #failed = new Map<number, FileFailureReason>();
  readonly #seeders = new Set<SeederLane>();
  #digest = '';
  #reader: OriginalReader;
  #fetch: Fetch | null = null;
  #bundle: PairBundle;
  #source: PeerSource | null = null;
  #connections = 0;
  #now = 0;
  #movedAt = 0;
  #senderPaused = false;
  #receiverEnd: TransferEnd['receiver'] | null = null;
  #senderEnd: TransferEnd['sender'] = null;

  constructor(plan: TransferPlan) {
    this.#plan = plan;
    this.#random = seededRandom(plan.seed);
    this.#originals = plan.sizes.map((size) =>
      plan.deflates === true
        ? quickDeflatable(this.#random.bytes(Math.ceil(size / 2)), size)
        : this.#random.bytes(size),
    );
    this.#manifest = makeManifest(...plan.sizes);
    this.#selected = plan.selected ?? fullNumberSet(plan.sizes.length);
    this.#store = new MemoryStore(plan.sizes);
    this.#reader = this.#openReader();
    this.#bundle = this.#makeBundle();
  }

  async run(): Promise<TransferEnd> {
    this.#digest = encodeBase64url(await digestManifest(this.#manifest));
    this.#connect();
    // Bounded: each pass moves a message or the clock, and without progress the clock runs out.
    while (this.#now - this.#movedAt < LONGEST_WAIT_MS && !this.#over) await this.#pass();
    if (this.#receiverEnd === null) {
      throw new Error(`seed ${this.#plan.seed}: the receiver never came to an end`);
    }
    return {
      receiver: this.#receiverEnd,
      sender: this.#senderEnd,
      stored: this.#store.files,
      originals: this.#originals,
      failed: this.#failed,
      storedTwice: this.#store.storedTwice,
      deflatedPieces: this.#store.deflated,
    };
  }

  get #over(): boolean {
    return this.#receiverEnd !== null && !this.#bundle.busy;
  }

  get #mayLose(): boolean {
    return this.#connections < (this.#plan.connections ?? 1);
  }

  async #pass(): Promise<void> {
    const incident =
      this.#mayLose && this.#receiverEnd === null ? this.#plan.incident?.(this.#random) : null;
    if (incident !== null && incident !== undefined) this.#happen(incident);
    if (this.#bundle.busy) this.#bundle.step();
    else this.#now += 500;
    await Promise.resolve();
    if (this.#bundle.busy) return;
    await settled();
    for (const seeder of this.#seeders) seeder.tick(true);
    this.#source?.tick(true);
    // Whoever paused goes on at last, and whoever's disk is full makes room.
    if (this.#now - this.#movedAt > 20_000) this.#goOn();
  }

  #happen(incident: Incident): void {
    switch (incident) {
      case 'cut':
        this.#bundle.cut();
        break;
      case 'cut-one':
        this.#bundle.cutOne();
        break;
      case 'receiver-pauses':
        this.#fetch?.pause();
        break;
      case 'receiver-resumes':
        this.#fetch?.resume();
        break;
      case 'sender-pauses':
      case 'sender-resumes':
        this.#senderPaused = incident === 'sender-pauses';
        for (const seeder of this.#seeders) seeder.setPaused(this.#senderPaused);
        break;
      case 'receiver-reloads':
        this.#fetch = null;
        this.#bundle.cut();
        break;
      case 'sender-reloads':
        // What could not be had may be there again, as a drive that was plugged in: the page does not remember.
        this.#reader = this.#openReader(
          this.#random.chance(0.5) ? this.#reader.failed : new Map<number, FileFailureReason>(),
        );
        this.#senderPaused = false;
        this.#bundle.cut();
        break;
      case 'disk-fills':
        this.#store.full = true;
        break;
      case 'file-fails':
        this.#reader.fail(this.#random.below(this.#plan.sizes.length), 'source-changed');
        break;
    }
  }

  #goOn(): void {
    this.#store.full = false;
    this.#happen('sender-resumes');
    this.#fetch?.resume();
  }

  #openReader(failed: ReadonlyMap<number, FileFailureReason> = new Map()): OriginalReader {
    const listener = {
      onFileFailed: (file: number, reason: FileFailureReason) => {
        for (const seeder of this.#seeders) seeder.failFile(file, reason);
      },
      onBroken: (reason: ErrorReason) => (this.#senderEnd ??= reason),
    };
    const plain = new Set(
      this.#originals.flatMap((_, file) => (this.#random.chance(0.3) ? [file] : [])),
    );
    const deflates = (piece: number) =>
      this.#plan.deflates === true && !plain.has(locatePiece(this.#manifest, piece).file);
    return new OriginalReader(this.#manifest, this.#originals, listener, failed, deflates);
  }

  #makePair(): LanePair {
    const { fault, maxMessageBytes } = this.#plan;
    const connections = this.#plan.connections ?? 1;
    const spared = connections > 1 && this.#connections >= connections;
    const faulty = fault !== undefined && !spared ? { fault } : {};
    return new LanePair({ random: this.#random, maxMessageBytes, ...faulty });
  }

  #connect(): void {
    this.#movedAt = this.#now;
    this.#connections += 1;
    const bundle = this.#makeBundle();
    this.#bundle = bundle;
    this.#openSeeder(bundle, (listener) => bundle.openSender(listener));
    this.#openSource(bundle);
  }

  #makeBundle(): PairBundle {
    return new PairBundle(() => this.#makePair(), this.#random);
  }

  #openSeeder(bundle: PairBundle, openLane: OpenLane): void {
    const offer: Offer = {
      manifest: this.#manifest,
      manifestParts: splitManifest(this.#manifest) ?? [],
      digest: this.#digest,
      reader: this.#reader,
    };
    const seeder = new SeederLane(
      offer,
      openLane,
      {
        onSignal: () => {},
        onLaneSignal: (number) => {
          const further = bundle.answer(number);
          if (further !== null) this.#openSeeder(bundle, further);
        },
        onStage: (stage) => {
          if (stage === 'done') this.#senderEnd = 'done';
        },
        onSelected: () => {},
        onPaused: () => {},
        onProgress: () => {},
        onClosed: (reason) => {
          this.#seeders.delete(seeder);
          if (this.#senderEnd !== 'done') this.#senderEnd = reason;
        },
      },
      () => this.#now,
    );
    this.#seeders.add(seeder);
    if (this.#senderPaused) seeder.setPaused(true);
  }

  #openSource(bundle: PairBundle): void {
    let feed: SourceFeed | null = null;
    const early: ((to: SourceFeed) => void)[] = [];
    const report = (tell: (to: SourceFeed) => void) => {
      if (feed === null) early.push(tell);
      else tell(feed);
    };
    const connect = () => {
      source.select(this.#selection());
      this.#fetch ??= this.#openFetch();
      feed = this.#fetch.addSource(source);
      for (const tell of early.splice(0)) tell(feed);
    };
    const source: PeerSource = new PeerSource(
      {
        openLane: (listener) => bundle.openReceiver(listener),
        nextLane: () => bundle.nextLane(),
        clock: () => this.#now,
        maxLanes: this.#plan.maxLanes ?? 1,
      },
      {
        onSignal: () => {},
        // A list that is known already is not asked for again.
        onOpened: () => (this.#connections > 1 ? connect() : source.fetchManifest()),
        onManifest: connect,
        onPiece: (piece) => report((to) => to.piece(piece)),
        onUnavailable: (file, reason) => report((to) => to.unavailable(file, reason)),
        onPaused: () => {},
        onRoot: (root) => report((to) => to.root(root)),
        onClosed: (reason) => {
          feed?.closed();
          this.#onLost(reason);
        },
      },
    );
    this.#source = source;
  }

  #onLost(reason: ErrorReason): void {
    if (this.#receiverEnd !== null) return;
    if (this.#mayLose) this.#connect();
    else this.#receiverEnd = reason;
  }

  #selection(): Selection {
    const receiver = 'A'.repeat(16);
    const files = this.#fetch?.files ?? this.#selected;
    return { manifest: this.#manifest, digest: this.#digest, files, receiver };
  }

  #openFetch(): Fetch {
    const kept = [...this.#store.kept.values()];
    const receipt = new Receipt(this.#manifest, this.#selected, this.#store, kept);
    const fetch: Fetch = new Fetch(receipt, this.#selected, {
      onProgress: () => (this.#movedAt = this.#now),
      onFilesFailed: (files, reason) => {
        for (const file of files) this.#failed.set(file, reason);
      },
      onTrouble: () => {},
      onChecking: () => (this.#movedAt = this.#now),
      onDone: () => this.#endReceiver(fetch, 'done'),
      onFailed: (reason) => this.#endReceiver(fetch, reason),
    });
    return fetch;
  }

  #endReceiver(fetch: Fetch, end: TransferEnd['receiver']): void {
    // Of a page that was reloaded, nothing counts any more.
    if (this.#fetch === fetch) this.#receiverEnd ??= end;
  }
}

/** Lets the few digests that run on other threads come back. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
