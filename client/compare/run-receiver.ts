import { encodeBase64url } from '../encoding/base64url.ts';
import { randomId } from '../encoding/random-id.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import { OnehopError, asOnehopError } from '../errors/onehop-error.ts';
import type { LanePath } from '../peer/lane-path.ts';
import type { ReceiveTools } from '../session/receive-tools.ts';
import { SenderLink } from '../session/sender-link.ts';
import { ServerLink, type ServerSourceHandle } from '../session/server-link.ts';
import type { ShareSecret } from '../share/link.ts';
import { type Manifest, digestManifest } from '../share/manifest.ts';
import { fullNumberSet } from '../share/number-set.ts';
import { type ShareKeys, deriveShareKeys } from '../share/share-keys.ts';
import type { Store } from '../sink/store.ts';
import { limitTime } from '../time/time-limit.ts';
import { Fetch } from '../transfer/fetch.ts';
import { type PieceStore, Receipt } from '../transfer/receipt.ts';
import { type CompareMethod, isByServer } from './comparison.ts';
import type { ReceivedRun } from './control-message.ts';
import { type RunEnd, RunMeter, type RunMeterTools } from './run-meter.ts';

const RECEIVER_ID_BYTES = 12;
/** How long it may take to get ready, and how long nothing may come, in milliseconds. */
const PREPARE_MS = 20_000;
const STALL_MS = 60_000;

/** A store whose content is not kept. */
export type RunStore = Pick<Store, 'beginForNow' | 'store' | 'flush' | 'discard'>;

/** What the receiving side of a run is made of. */
export interface RunReceiverTools
  extends
    RunMeterTools,
    Pick<ReceiveTools, 'clock' | 'openRoom' | 'openLane' | 'startTicker' | 'openServerSource'> {
  openStore(): Promise<RunStore>;
}

/** What is to be received, and which way. */
export interface RunOrder {
  readonly method: CompareMethod;
  readonly secret: ShareSecret;
  /** more than so many bytes are not taken */
  readonly mostBytes: number;
}

/** What it tells its owner; `onReceived` or `onFailed` is the last of it. */
export interface RunReceiverListener {
  /** it is ready, and its clock runs */
  onBegan(): void;
  onReceived(run: ReceivedRun): void;
  onFailed(reason: ErrorReason): void;
}

/** A way to the sender's files, as a run uses it. */
interface Way {
  fetchManifest(): void;
  serve(job: Parameters<SenderLink['serve']>[0]): void;
  tick(): void;
  end(reason: ErrorReason): void;
}

/**
 * Receives a share over one way only, into the sink that every transfer has, measures it, and drops what it has received (NT4). Every
 * byte is verified and written as for keeps: that is the finish line of every method.
 */
export class RunReceiver {
  readonly #tools: RunReceiverTools;
  readonly #order: RunOrder;
  readonly #listener: RunReceiverListener;
  readonly #meter: RunMeter;
  #keys: ShareKeys | null = null;
  #store: RunStore | null = null;
  #way: Way | null = null;
  #direct: SenderLink | null = null;
  #source: ServerSourceHandle | null = null;
  #receipt: Receipt | null = null;
  #up = false;
  /** from the server, over the sources before this one */
  #firstByteAt: number | null = null;
  #lanes = 0;
  #ended = false;

  constructor(tools: RunReceiverTools, order: RunOrder, listener: RunReceiverListener) {
    this.#tools = tools;
    this.#order = order;
    this.#listener = listener;
    this.#meter = new RunMeter(tools);
    void this.#attempt(() => this.#prepare());
  }

  /** Verified so far. */
  get bytes(): number {
    return this.#meter.bytes;
  }

  /** The server has something of the share now. */
  go(): void {
    if (this.#ended || this.#way !== null || this.#keys === null) return;
    if (!isByServer(this.#order.method)) return;
    // What came before belongs to the upload, which the other side's clock measures.
    if (this.#order.method === 'stored') this.#meter.begin();
    this.#openServer(this.#keys);
  }

  /** Looks at the clock; to be called about twice a second. */
  tick(): void {
    if (this.#ended) return;
    this.#way?.tick();
    this.#lanes = Math.max(this.#lanes, this.#direct?.report()?.lanes ?? 0);
    const waits = this.#way === null && this.#order.method === 'stored';
    if (!waits && this.#meter.stillMs > STALL_MS) this.#fail('source-stalled');
  }

  /** Gives it up. */
  close(reason: ErrorReason = 'receiver-cancelled'): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#meter.close();
    this.#way?.end(reason);
    this.#store?.discard().catch(() => {});
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#fail(asOnehopError(error).reason);
    }
  }

  #fail(reason: ErrorReason): void {
    if (this.#ended) return;
    this.close(reason);
    this.#listener.onFailed(reason);
  }

  async #prepare(): Promise<void> {
    const opening = this.#tools.openStore();
    // Whenever it opens: what is over by then has no use for it.
    opening.then((store) => (this.#ended ? store.discard() : undefined)).catch(() => {});
    const [keys, store] = await Promise.all([
      deriveShareKeys(this.#order.secret),
      limitTime(opening, PREPARE_MS, 'storage-failed'),
    ]);
    if (this.#ended) return;
    this.#keys = keys;
    this.#store = store;
    this.#meter.begin();
    if (!isByServer(this.#order.method)) this.#openDirect(keys);
    this.#listener.onBegan();
  }

  #openDirect(keys: ShareKeys): void {
    const relayOnly = this.#order.method === 'relayed';
    const { openLane } = this.#tools;
    const tools = {
      ...this.#tools,
      openLane: ((options, listener) =>
        openLane({ ...options, relayOnly }, listener)) satisfies RunReceiverTools['openLane'],
    };
    const link = new SenderLink(tools, keys, false, {
      onWaiting: () => {},
      onUp: () => this.#onUp(),
      onManifest: (manifest) => void this.#attempt(() => this.#fetch(manifest)),
      onDown: () => {},
      onEnded: (reason) => this.#fail(reason),
      onSenderPaused: () => {},
      onRootKnown: () => {},
      onUpload: () => {},
    });
    this.#direct = link;
    this.#way = link;
  }

  #openServer(keys: ShareKeys): void {
    const { secret } = this.#order;
    const link = new ServerLink(
      {
        openServerSource: (listener) => {
          this.#firstByteAt ??= this.#source?.firstByteAt ?? null;
          this.#source = this.#tools.openServerSource(secret, keys, listener);
          return this.#source;
        },
        clock: this.#tools.clock,
      },
      {
        onState: (state) => {
          if (state.type === 'up') this.#onUp();
          else if (state.type === 'ended') this.#fail(state.reason);
        },
        onManifest: (manifest) => void this.#attempt(() => this.#fetch(manifest)),
        onUpload: () => {},
        onClaim: () => {},
        onClaimSettled: () => {},
        onRootKnown: () => {},
      },
    );
    this.#way = link;
    link.look();
  }

  #onUp(): void {
    if (this.#up) return;
    this.#up = true;
    this.#meter.noteUp();
    this.#way?.fetchManifest();
  }

  async #fetch(manifest: Manifest): Promise<void> {
    const store = this.#store;
    if (this.#ended || store === null || this.#receipt !== null) return;
    if (manifest.totalBytes > this.#order.mostBytes) throw new OnehopError('manifest-invalid');
    const files = fullNumberSet(manifest.entries.length);
    const receiver = randomId(RECEIVER_ID_BYTES);
    const receipt = new Receipt(manifest, files, this.#timed(store));
    this.#receipt = receipt;
    await store.beginForNow(manifest, files);
    const digest = encodeBase64url(await digestManifest(manifest));
    if (this.#ended) return;
    const fetch = new Fetch(receipt, files, {
      onProgress: (bytes) => this.#meter.noteProgress(bytes),
      onFilesFailed: (_, reason) => this.#fail(reason),
      onTrouble: (reason) => this.#fail(reason),
      onChecking: () => this.#meter.noteTransferred(),
      onDone: () => void this.#attempt(() => this.#finish(manifest, receipt)),
      onFailed: (reason) => this.#fail(reason),
    });
    const selection = { manifest, digest, files, receiver };
    this.#way?.serve({ fetch, selection, pressedAt: this.#meter.begunAt });
    // A small share is here before the next tick: which way it goes is looked at now.
    this.#way?.tick();
  }

  /** The sink, with its time measured. */
  #timed(store: PieceStore): PieceStore {
    return {
      store: (place, piece) => this.#meter.duringSink(() => store.store(place, piece)),
      flush: () => this.#meter.duringSink(() => store.flush()),
    };
  }

  async #finish(manifest: Manifest, receipt: Receipt): Promise<void> {
    const at = this.#tools.clock();
    const digest = await digestManifest(manifest);
    const root = await receipt.ledger.rootOf(manifest, receipt.selected, digest);
    const path = (await this.#direct?.readPath()) ?? null;
    if (this.#ended) return;
    const run = this.#meter.measure({ at, root, ...this.#describeWay(path) });
    this.close('receiver-left');
    this.#listener.onReceived(run);
  }

  /** @param path which way the lanes went in the end */
  #describeWay(path: LanePath | null): Omit<RunEnd, 'at' | 'root'> {
    const report = this.#direct?.report() ?? null;
    if (report === null) {
      const firstByteAt = this.#firstByteAt ?? this.#source?.firstByteAt ?? null;
      const travelledBytes = this.#source?.summary?.length ?? 0;
      return { firstByteAt, travelledBytes, path, roundTripMs: null, lanes: 0 };
    }
    const { firstByteMs, roundTripMs, travelledBytes } = report;
    const firstByteAt = firstByteMs === null ? null : this.#meter.begunAt + firstByteMs;
    const lanes = Math.max(this.#lanes, report.lanes);
    return { firstByteAt, travelledBytes, path: path ?? report.path, roundTripMs, lanes };
  }
}
