import { encodeBase64url } from '../encoding/base64url.ts';
import { randomId } from '../encoding/random-id.ts';
import { OnehopError } from '../errors/onehop-error.ts';
import type { ShareSecret } from '../share/link.ts';
import { type Manifest, digestManifest, locatePiece } from '../share/manifest.ts';
import { deriveShareKeys } from '../share/share-keys.ts';
import { type NumberSet, hasNumber, numbersIn, withNumbers } from '../share/number-set.ts';
import type { DownloadRecord } from '../sink/download-record.ts';
import { limitTime } from '../time/time-limit.ts';
import { type PieceStore, Receipt } from '../transfer/receipt.ts';
import type { Selection } from '../transfer/source.ts';
import type { KeptReceipt } from './receive-phase.ts';
import type { ReceivePlace } from './receive-state.ts';
import type {
  RecordChange,
  ReceiveTools,
  ReopenedStore,
  StoreHandle,
  StorePlan,
} from './receive-tools.ts';

const STORE_TIMEOUT_MS = 15_000;
/** The same of a picked folder, where thousands of empty files and folders may have to be made first. */
const FOLDER_TIMEOUT_MS = 600_000;
/** How long the store before may take to bring what it has to a folder and let go, in milliseconds. */
const LET_GO_TIMEOUT_MS = 60_000;
const RECEIVER_ID_BYTES = 12;

/** A download that has begun: its store outlives the page. */
interface Begun extends ReopenedStore {
  /** null until what it has is verified */
  receipt: Receipt | null;
}

/** A download that is beginning: it can be fetched already, what arrives waits for its store. */
interface Beginning {
  readonly record: DownloadRecord;
  readonly receipt: Receipt;
}

/** What a receiving page holds of its share: the store that is open for it, and once it has begun its receipt. */
export class HeldDownload {
  readonly #tools: ReceiveTools;
  readonly #secret: ShareSecret;
  #opening: Promise<StoreHandle> | null = null;
  #beginning: Beginning | null = null;
  #begun: Begun | null = null;
  /** ends once the store before has let go of what it kept */
  #letGo: Promise<void> = Promise.resolve();
  /** counts how often everything was let go: what was opening then belongs to nobody */
  #releases = 0;
  #closed = false;
  /** its place among the server's downloads, noted once the store has begun */
  #claim: string | null = null;

  constructor(tools: ReceiveTools, secret: ShareSecret) {
    this.#tools = tools;
    this.#secret = secret;
  }

  /** What is kept of the share: by this page, or by an earlier one. */
  async search(): Promise<KeptReceipt | null> {
    if (this.#begun === null) {
      const releases = this.#releases;
      // Else what it has would not be found, and be fetched a second time.
      await limitTime(this.#letGo, LET_GO_TIMEOUT_MS, 'storage-failed').catch(() => {});
      const reopened = await this.#tools.reopenStore(this.#secret);
      if (reopened === null) return null;
      if (releases !== this.#releases) {
        reopened.store.close();
        throw new OnehopError('storage-failed');
      }
      this.#begun = { ...reopened, receipt: null };
      this.#claim = reopened.claim;
      if (reopened.complete) void this.#confirmOwed();
    }
    const { record, place, failed, paused, complete, receipt, bytes } = this.#begun;
    const { manifest, selected } = record;
    const kept = receipt === null ? bytes : sumPieces(manifest, receipt.have, selected);
    return { manifest, selected, place, failures: failed, bytes: kept, paused, complete };
  }

  /** Opens a store before it is needed. A failure is told when it is. */
  prepare(): void {
    this.#open().catch(() => {});
  }

  /**
   * Makes the store that of these files. Meanwhile there is a `job` already.
   * @throws {OnehopError} `storage-full`, `storage-failed`, `folder-refused`
   */
  async begin(manifest: Manifest, selected: NumberSet, plan: StorePlan): Promise<ReceivePlace> {
    const record: DownloadRecord = {
      secret: this.#secret,
      manifest,
      selected,
      receiver: randomId(RECEIVER_ID_BYTES),
    };
    const beginning = this.#beginStore(record, plan);
    const receipt = new Receipt(manifest, selected, waitingStore(beginning));
    this.#beginning = { record, receipt };
    return (await beginning).place;
  }

  async #beginStore(
    record: DownloadRecord,
    plan: StorePlan,
  ): Promise<{ readonly store: StoreHandle; readonly place: ReceivePlace }> {
    const releases = this.#releases;
    const store = await limitTime(this.#open(), STORE_TIMEOUT_MS, 'storage-failed');
    const patience = plan.type === 'folder' ? FOLDER_TIMEOUT_MS : STORE_TIMEOUT_MS;
    const place = await limitTime(store.begin(record, plan), patience, 'storage-failed');
    const receipt = this.#beginning?.receipt ?? null;
    // Given up meanwhile: whoever did that has discarded it.
    if (releases !== this.#releases) throw new OnehopError('storage-failed');
    const claim = this.#claim;
    const begun = { paused: false, complete: false, claim, failed: [], bytes: 0, receipt };
    this.#opening = null;
    this.#beginning = null;
    this.#begun = { store, record, place, ...begun };
    if (claim !== null) this.note({ claim });
    return { store, place };
  }

  /**
   * Verifies what an earlier page left; with `ask`, has the user allow a folder anew and looks at all that is in it.
   * @returns how many bytes of what is wanted are there
   */
  async recover(ask: boolean): Promise<{ readonly place: ReceivePlace; readonly bytes: number }> {
    const begun = this.#require();
    const { store, record, place } = begun;
    const folder = place.type === 'folder';
    if (ask && folder) await store.allowFolder();
    if (begun.receipt === null || (ask && folder)) {
      const pieces = await store.recover();
      begun.receipt = new Receipt(record.manifest, record.selected, store, pieces);
    }
    const bytes = sumPieces(record.manifest, begun.receipt.have, this.#wanted(begun));
    return { place, bytes };
  }

  /** What is to be fetched. @throws {OnehopError} `storage-failed` where nothing has begun */
  async job(): Promise<{ readonly receipt: Receipt; readonly selection: Selection }> {
    const { record, receipt } = this.#beginning ?? this.#require();
    if (receipt === null) throw new OnehopError('storage-failed');
    const { manifest, receiver } = record;
    const digest = encodeBase64url(await digestManifest(manifest));
    const files = this.#begun === null ? record.selected : this.#wanted(this.#begun);
    return { receipt, selection: { manifest, digest, files, receiver } };
  }

  /** Notes a change in the record. What cannot be noted is only not remembered by the next page. */
  note(change: RecordChange): void {
    if (this.#begun === null) return;
    const { savedAt: _, ...remembered } = change;
    this.#begun = { ...this.#begun, ...remembered };
    this.#begun.store.note(change).catch(() => {});
  }

  /** Its place among the server's downloads, which has not been confirmed; null where it has none. */
  get claim(): string | null {
    return this.#claim;
  }

  /** It has a place among the server's downloads, for this page and the next. */
  noteClaim(token: string): void {
    this.#claim = token;
    this.note({ claim: token });
  }

  /** That place needs no receipt any more. */
  settleClaim(token: string): void {
    if (this.#claim !== token) return;
    this.#claim = null;
    this.note({ claim: null });
  }

  /** An earlier page went after it had everything, and before the server had its receipt. */
  async #confirmOwed(): Promise<void> {
    const token = this.#claim;
    if (token === null) return;
    const claim = this.#tools.openClaim(await deriveShareKeys(this.#secret), token);
    claim.confirm();
    if (await claim.counted) this.settleClaim(token);
  }

  /** The store of what was received. @throws {OnehopError} `storage-failed` where nothing was */
  get store(): StoreHandle {
    return this.#require().store;
  }

  /** The files of the share that have been received. */
  get received(): NumberSet | null {
    return this.#begun === null ? null : this.#wanted(this.#begun);
  }

  /** Drops what was received, also where its store has yet to open. */
  discard(): void {
    const { store } = this.#release();
    // Nobody waits for it, and what could not be removed is swept when a page opens a store again.
    store?.then((open) => open.discard()).catch(() => {});
  }

  /** Lets go of the store; what has begun is kept. */
  keep(): void {
    const { store, begun } = this.#release();
    const ended = store?.then(async (open) => {
      if (!begun) return await open.discard();
      open.close();
      return await open.closed;
    });
    const letGo = ended?.catch(() => {});
    if (begun && letGo !== undefined) this.#letGo = letGo;
  }

  /** Ends for good: what has begun is kept. */
  close(): void {
    this.#closed = true;
    this.keep();
  }

  #release(): { readonly store: Promise<StoreHandle> | null; readonly begun: boolean } {
    this.#releases += 1;
    this.#claim = null;
    const begun = this.#begun;
    const store = begun === null ? this.#opening : Promise.resolve(begun.store);
    this.#begun = null;
    this.#beginning = null;
    this.#opening = null;
    return { store, begun: begun !== null };
  }

  #open(): Promise<StoreHandle> {
    if (this.#closed) return Promise.reject(new OnehopError('storage-failed'));
    if (this.#opening === null) {
      const opening = this.#tools.openStore();
      this.#opening = opening;
      opening.catch(() => {
        if (this.#opening === opening) this.#opening = null;
      });
    }
    return this.#opening;
  }

  #require(): Begun {
    if (this.#begun === null) throw new OnehopError('storage-failed');
    return this.#begun;
  }

  #wanted({ record, failed }: Begun): NumberSet {
    return withNumbers(
      record.selected,
      failed.map(({ file }) => file),
      false,
    );
  }
}

/** A store that has yet to begin: what it is given waits for that. */
function waitingStore(beginning: Promise<{ readonly store: PieceStore }>): PieceStore {
  return {
    store: async (place, piece) => (await beginning).store.store(place, piece),
    flush: async () => (await beginning).store.flush(),
  };
}

function sumPieces(manifest: Manifest, pieces: NumberSet, files: NumberSet): number {
  let bytes = 0;
  for (const piece of numbersIn(pieces)) {
    const place = locatePiece(manifest, piece);
    if (hasNumber(files, place.file)) bytes += place.length;
  }
  return bytes;
}
