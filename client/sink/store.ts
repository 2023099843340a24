import type { ArrivedPiece } from '../transfer/piece-assembler.ts';
import type { PiecePlace } from '../share/manifest.ts';
import { WorkerCaller } from '../worker/worker-caller.ts';
import { claimReceivedFolder, sweepReceivedFolders } from './received-folder.ts';
import { limitTime } from '../time/time-limit.ts';
import type { StoreCalls } from './store-calls.ts';

/** A disk that takes longer than this for one piece has failed. */
const OPERATION_TIMEOUT_MS = 60_000;
/** Bringing many written gigabytes to the disk takes its time. */
const FLUSH_TIMEOUT_MS = 600_000;

/** Loads the script of a store's worker: early, so that it is here when it is needed, even if the server is not any more. */
export function startStoreThread(): Worker {
  return new Worker(new URL('store.worker.ts', import.meta.url), { type: 'module', name: 'store' });
}

/** Checks arrived pieces and keeps the right ones, in a worker: the receiving page's only way to a sink. */
export class Store {
  readonly #worker: WorkerCaller<StoreCalls>;
  readonly #claim: AbortController;

  private constructor(worker: WorkerCaller<StoreCalls>, claim: AbortController) {
    this.#worker = worker;
    this.#claim = claim;
  }

  /**
   * An empty store. It is closed by `discard`.
   * @param thread a worker from `startStoreThread` that is nobody else's
   * @throws {OnehopError} `storage-failed`, or `script-missing`
   */
  static async open(thread: Worker = startStoreThread()): Promise<Store> {
    const claim = new AbortController();
    const worker = new WorkerCaller<StoreCalls>(thread, 'storage-failed');
    try {
      // Without a private file system, as in some private windows, there is nothing to sweep either.
      await sweepReceivedFolders().catch(() => {});
      const folder = await claimReceivedFolder(claim.signal);
      await worker.call('open', { folder });
      return new Store(worker, claim);
    } catch (error) {
      worker.terminate();
      claim.abort();
      throw error;
    }
  }

  /**
   * Checks a piece and keeps it if its hash is right. Its buffers are handed over.
   * @throws {OnehopError} `storage-full` or `storage-failed`
   */
  store(place: PiecePlace, piece: ArrivedPiece): Promise<'stored' | 'rejected'> {
    const { file, start } = place;
    const { hash, parts } = piece;
    const buffers = new Set(parts.map((part) => part.buffer));
    const stored = this.#worker.call('store', { file, start, hash, parts }, [...buffers]);
    return limitTime(stored, OPERATION_TIMEOUT_MS, 'storage-failed');
  }

  /** Makes everything stored so far last. */
  async flush(): Promise<void> {
    await limitTime(this.#worker.call('flush', null), FLUSH_TIMEOUT_MS, 'storage-failed');
  }

  /** A file whose every piece was stored. @throws {OnehopError} `storage-failed` */
  read(file: number): Promise<Blob> {
    return limitTime(this.#worker.call('read', { file }), OPERATION_TIMEOUT_MS, 'storage-failed');
  }

  /** Removes everything and closes the store. */
  async discard(): Promise<void> {
    try {
      await limitTime(this.#worker.call('discard', null), OPERATION_TIMEOUT_MS, 'storage-failed');
    } finally {
      this.#worker.terminate();
      this.#claim.abort();
    }
  }
}
