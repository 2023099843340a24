import { OnehopError } from '../errors/onehop-error.ts';
import { encodeBase64url } from '../encoding/base64url.ts';
import type { FileFailure } from '../session/file-summary.ts';
import type { ReceivePlace } from '../session/receive-state.ts';
import type { ShareSecret } from '../share/link.ts';
import type { Manifest, PiecePlace } from '../share/manifest.ts';
import type { NumberSet } from '../share/number-set.ts';
import { limitTime } from '../time/time-limit.ts';
import type { ArrivedPiece } from '../transfer/piece-assembler.ts';
import { WorkerCaller } from '../worker/worker-caller.ts';
import { layOutData } from './data-layout.ts';
import {
  type DownloadPlan,
  type DownloadRecord,
  type DownloadSummary,
  formatPlan,
  secretOf,
  summarizeDownload,
} from './download-record.ts';
import { findTakenNames } from './folder-files.ts';
import {
  askForFolder,
  findFolderHandle,
  forgetFolderHandle,
  keepFolderHandle,
} from './folder-handles.ts';
import { findKeptFolders, sweepDownloads } from './kept-downloads.ts';
import { readKeptBytes, readPlan, readSummary } from './kept-record.ts';
import { PieceBatcher } from './piece-batcher.ts';
import type { HashedPiece } from './piece-journal.ts';
import { DOWNLOAD_FILES, claimDownload } from './received-folder.ts';
import { storageError } from './storage-error.ts';
import type { PieceToStore, StoreCalls, StoreOutcome } from './store-calls.ts';

/** A disk that takes longer than this for a few megabytes has failed. */
const OPERATION_TIMEOUT_MS = 60_000;
/** Bringing many written gigabytes to the disk, or reading them again, takes its time. */
const LONG_TIMEOUT_MS = 3_600_000;

/** Where a download is to be kept. */
export type StorePlace =
  | { readonly type: 'browser' }
  | { readonly type: 'folder'; readonly handle: FileSystemDirectoryHandle };

/** A download that an earlier page left, taken up again. */
export interface Reopened {
  readonly store: Store;
  readonly record: DownloadRecord;
  readonly place: ReceivePlace;
  readonly paused: boolean;
  readonly complete: boolean;
  /** as in `DownloadSummary` */
  readonly claim: string | null;
  readonly failed: readonly FileFailure[];
  /** what it has, before that is verified */
  readonly bytes: number;
}

/** What changes of a kept download besides its bytes. */
export type DownloadChange = Partial<
  Pick<DownloadSummary, 'paused' | 'complete' | 'claim' | 'failed' | 'savedAt'>
>;

/** Loads the script of a store's worker: early, so that it is here when it is needed, even if the server is not any more. */
export function startStoreThread(): Worker {
  return new Worker(new URL('store.worker.ts', import.meta.url), { type: 'module', name: 'store' });
}

/** What the store has once a download has begun in it. */
interface Begun {
  readonly summary: DownloadSummary;
  readonly folder: FileSystemDirectoryHandle | null;
}

type RecordedText = StoreCalls['record']['request'];

/** Checks arrived pieces and keeps the right ones, in a worker: the receiving page's only way to a sink. */
export class Store {
  readonly #id: string;
  readonly #worker: WorkerCaller<StoreCalls>;
  readonly #claim: AbortController;
  readonly #batcher = new PieceBatcher((pieces) => this.#send(pieces));
  #begun: Begun | null = null;
  #noteClosed: () => void = () => {};
  /** ends once it has let go of everything */
  readonly closed = new Promise<void>((resolve) => {
    this.#noteClosed = resolve;
  });
  /** ends when the record written last is */
  #recording: Promise<unknown> = Promise.resolve();
  /** the writing that waits for its turn: it writes what the summary is by then */
  #noting: Promise<void> | null = null;

  private constructor(id: string, thread: Worker, claim: AbortController) {
    this.#id = id;
    this.#worker = new WorkerCaller<StoreCalls>(thread, 'storage-failed');
    this.#claim = claim;
  }

  /**
   * An empty store. Nothing is kept, or listed, before `begin`; it is closed by `close` or `discard`.
   * @param thread a worker from `startStoreThread` that is nobody else's
   */
  static async open(thread: Worker = startStoreThread()): Promise<Store> {
    const id = crypto.randomUUID();
    const claim = new AbortController();
    // Without a private file system, as in some private windows, there is nothing to claim or to sweep.
    await claimDownload(id, claim.signal).catch(() => {});
    await sweepDownloads().catch(() => {});
    return new Store(id, thread, claim);
  }

  /**
   * Takes up the kept download of a share that no other page is at, the newest if there are several; null where there is none.
   * @param thread a worker from `startStoreThread`; it is left alone where there is none
   * @throws {OnehopError} `storage-failed`
   */
  static async reopen(secret: ShareSecret, thread?: Worker): Promise<Reopened | null> {
    const text = encodeBase64url(secret);
    const candidates = (await findKeptFolders())
      .filter(({ summary }) => summary?.secret === text)
      .toSorted((a, b) => (b.summary?.createdAt ?? 0) - (a.summary?.createdAt ?? 0));
    for (const { id, folder } of candidates) {
      const claim = new AbortController();
      if (!(await claimDownload(id, claim.signal).catch(() => false))) continue;
      // Read only now that no other page changes it.
      const [summary, plan] = await Promise.all([readSummary(folder), readPlan(folder)]);
      const handle = await findFolderHandle(id).catch(() => null);
      const lost = summary?.place.type === 'folder' && handle === null;
      if (summary === null || plan === null || lost) {
        claim.abort();
        continue;
      }
      const store = new Store(id, thread ?? startStoreThread(), claim);
      const reopened = await store.#takeUp(plan, summary, handle);
      return { ...reopened, bytes: (await readKeptBytes(folder)).bytes };
    }
    return null;
  }

  /**
   * Begins a download: from now on it is kept.
   * @returns where; in memory where this browser has no private file system
   * @throws {OnehopError} `storage-full`, `storage-failed`, `folder-refused` or `script-missing`; it may then be begun anew
   */
  async begin(record: DownloadRecord, place: StorePlace): Promise<ReceivePlace> {
    const { manifest, selected } = record;
    const handle = place.type === 'folder' ? place.handle : null;
    try {
      const taken = handle === null ? [] : [...(await findTakenNames(handle, manifest))];
      if (handle !== null) await keepFolderHandle(this.#id, handle);
      const kept = await this.#open({ manifest, selected, taken }, handle, true);
      const name = handle?.name ?? '';
      const summary = summarizeDownload(
        record,
        handle === null ? { type: 'browser' } : { type: 'folder', name },
        layOutData(manifest, selected).totalBytes,
      );
      const plan = formatPlan({ manifest, selected, taken });
      await this.#record(() => ({ name: DOWNLOAD_FILES.plan, text: plan }));
      await this.#record(() => summaryText(summary));
      this.#begun = { summary, folder: handle };
      // Without it, a browser short of space may take the download away. The answer changes nothing here.
      navigator.storage.persist().catch(() => {});
      return kept === 'memory' ? { type: 'memory' } : summary.place;
    } catch (error) {
      await this.#worker.call('discard', null).catch(() => {});
      throw storageError(error);
    }
  }

  /**
   * Begins a download that is not kept: what a page that goes away leaves of it, the next store removes.
   * @throws {OnehopError} `storage-failed` or `script-missing`
   */
  async beginForNow(manifest: Manifest, selected: NumberSet): Promise<void> {
    await this.#open({ manifest, selected, taken: [] }, null, true);
  }

  /**
   * The pieces that are kept, each with its hash; those of which that is not certain are read again and hashed, in a folder of the user's all.
   * To be called after `reopen`, and after any failure before going on: what could not be committed to a folder is not kept.
   * @throws {OnehopError} `storage-failed`, or `folder-refused`: `allowFolder` first
   */
  async recover(): Promise<readonly HashedPiece[]> {
    return await limitTime(this.#worker.call('recover', null), LONG_TIMEOUT_MS, 'storage-failed');
  }

  /** Asks for the user's folder again, where there is one; to be called on a click. @throws {OnehopError} `folder-refused` */
  async allowFolder(): Promise<void> {
    const folder = this.#begun?.folder ?? null;
    if (folder !== null) await askForFolder(folder);
  }

  /**
   * Checks a piece and keeps it if its hash is right. Its buffers are handed over.
   * @throws {OnehopError} `storage-full`, `storage-failed` or `folder-refused`
   */
  async store(place: PiecePlace, arrived: ArrivedPiece): Promise<StoreOutcome> {
    return await this.#batcher.store({ place, ...arrived });
  }

  /**
   * Notes a change of the download, with those before. Of thousands of changes one after another, as when a drive is gone, few are written.
   * @throws {OnehopError} `storage-full` or `storage-failed`
   */
  async note(change: DownloadChange): Promise<void> {
    if (this.#begun === null) throw new OnehopError('storage-failed');
    const { summary, folder } = this.#begun;
    this.#begun = { summary: { ...summary, ...change }, folder };
    this.#noting ??= this.#record(() => this.#nextSummary());
    await this.#noting;
  }

  /** Makes everything stored so far last. @throws {OnehopError} as `store` */
  async flush(): Promise<void> {
    await limitTime(this.#worker.call('flush', null), LONG_TIMEOUT_MS, 'storage-failed');
  }

  /** A file whose every piece was stored. @throws {OnehopError} `storage-failed` */
  read(file: number): Promise<Blob> {
    return limitTime(this.#worker.call('read', { file }), OPERATION_TIMEOUT_MS, 'storage-failed');
  }

  /**
   * A ZIP archive of all selected files but those noted as failed. It shares the bytes on the disk.
   * @param onProgress is told how much is done, 0 to 1
   * @throws {OnehopError} `storage-failed`; or what `signal` was aborted with
   */
  async zip(onProgress: (fraction: number) => void, signal: AbortSignal): Promise<Blob> {
    signal.throwIfAborted();
    const { port1: port, port2 } = new MessageChannel();
    const failed = this.#begun?.summary.failed.map(({ file }) => file) ?? [];
    const stop = () => port.postMessage(null);
    signal.addEventListener('abort', stop);
    port.addEventListener('message', (event: MessageEvent<number>) => onProgress(event.data));
    port.start();
    try {
      const archive = await this.#worker.call('zip', { failed, port: port2 }, [port2]);
      signal.throwIfAborted();
      return archive;
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
      port.close();
    }
  }

  /** Removes everything and closes the store. */
  async discard(): Promise<void> {
    try {
      await limitTime(this.#worker.call('discard', null), LONG_TIMEOUT_MS, 'storage-failed');
      await forgetFolderHandle(this.#id).catch(() => {});
    } finally {
      this.#end();
    }
  }

  /** Lets go of everything once what was begun is done; what is kept stays kept. */
  close(): void {
    const closed = this.#recording.then(() => this.#worker.call('close', null));
    limitTime(closed, LONG_TIMEOUT_MS, 'storage-failed')
      .catch(() => {})
      .finally(() => this.#end());
  }

  async #takeUp(
    plan: DownloadPlan,
    summary: DownloadSummary,
    folder: FileSystemDirectoryHandle | null,
  ): Promise<Omit<Reopened, 'bytes'>> {
    try {
      await this.#open(plan, folder, false);
    } catch (error) {
      this.#end();
      throw error;
    }
    this.#begun = { summary, folder };
    const { manifest, selected } = plan;
    const { receiver, place, paused, complete, claim, failed } = summary;
    const record = { secret: secretOf(summary), manifest, selected, receiver };
    return { store: this, record, place, paused, complete, claim, failed };
  }

  async #open(
    { manifest, selected, taken }: DownloadPlan,
    handle: FileSystemDirectoryHandle | null,
    fresh: boolean,
  ): Promise<'disk' | 'memory'> {
    const folder = handle === null ? null : { handle, taken };
    const request = { id: this.#id, entries: manifest.entries, selected, folder, fresh };
    return await limitTime(this.#worker.call('open', request), LONG_TIMEOUT_MS, 'storage-failed');
  }

  async #send(pieces: readonly PieceToStore[]): Promise<readonly StoreOutcome[]> {
    const buffers = new Set(pieces.flatMap(({ parts }) => parts.map((part) => part.buffer)));
    const stored = this.#worker.call('store', { pieces }, [...buffers]);
    return await limitTime(stored, OPERATION_TIMEOUT_MS, 'storage-failed');
  }

  /** One after another; what is written is asked for only when it has its turn. */
  #record(textOf: () => RecordedText): Promise<void> {
    const recorded = this.#recordAfter(this.#recording, textOf);
    this.#recording = recorded.catch(() => {});
    return recorded;
  }

  async #recordAfter(before: Promise<unknown>, textOf: () => RecordedText): Promise<void> {
    await before;
    const written = this.#worker.call('record', textOf());
    await limitTime(written, OPERATION_TIMEOUT_MS, 'storage-failed');
  }

  /** The summary as it is now, as the next revision. @throws {OnehopError} `storage-failed` where nothing has begun */
  #nextSummary(): RecordedText {
    this.#noting = null;
    if (this.#begun === null) throw new OnehopError('storage-failed');
    const { summary, folder } = this.#begun;
    const next = { ...summary, revision: summary.revision + 1 };
    this.#begun = { summary: next, folder };
    return summaryText(next);
  }

  #end(): void {
    this.#worker.terminate();
    this.#claim.abort();
    this.#noteClosed();
  }
}

function summaryText(summary: DownloadSummary): RecordedText {
  const name = DOWNLOAD_FILES.summaries[summary.revision % 2 === 0 ? 0 : 1];
  return { name, text: JSON.stringify(summary) };
}
