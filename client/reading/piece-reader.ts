import { OnehopError } from '../errors/onehop-error.ts';
import { type Manifest, digestManifest, locatePiece } from '../share/manifest.ts';
import type { FramedPiece } from '../transfer/framed-piece.ts';
import { WorkerCaller } from '../worker/worker-caller.ts';
import { HashLedger } from '../integrity/hash-ledger.ts';
import type { ReadCalls } from './read-calls.ts';

/** Reads pieces of the chosen files in a worker, for every receiver of a share, and knows the share's root hash. */
export class PieceReader {
  readonly #manifest: Manifest;
  readonly #ledger: HashLedger;
  readonly #worker: WorkerCaller<ReadCalls>;
  readonly #reading = new Map<string, Promise<FramedPiece>>();
  readonly #opened: Promise<null>;
  readonly #onRoot: (root: string) => void;
  #root: string | null = null;

  /**
   * A reader of these files, in the order of the manifest. It is closed by `close`.
   * @param onRoot called once, when every piece was read by anybody
   */
  constructor(files: readonly File[], manifest: Manifest, onRoot: (root: string) => void) {
    this.#manifest = manifest;
    this.#onRoot = onRoot;
    this.#ledger = new HashLedger(manifest.pieceCount);
    this.#worker = new WorkerCaller<ReadCalls>(
      new Worker(new URL('read.worker.ts', import.meta.url), { type: 'module', name: 'read' }),
      'source-unreadable',
    );
    this.#opened = this.#worker.call('open', { files });
    // Whoever reads hears of a failure; a reader that nobody uses has nobody to tell.
    this.#opened.catch(() => {});
    void this.#settleRoot();
  }

  /** The share's root hash, null until every piece was read. */
  get root(): string | null {
    return this.#root;
  }

  /**
   * A piece as frames. Those who want the same one at the same time share one reading.
   * @throws {OnehopError} `source-unreadable`, or `source-changed` where it is not what was read before
   */
  read(piece: number, maxFrameBytes: number): Promise<FramedPiece> {
    const key = `${piece}/${maxFrameBytes}`;
    const running = this.#reading.get(key);
    if (running !== undefined) return running;
    const reading = this.#read(piece, maxFrameBytes).finally(() => this.#reading.delete(key));
    this.#reading.set(key, reading);
    return reading;
  }

  /** Ends the worker; readings that run are rejected. */
  close(): void {
    this.#worker.terminate();
  }

  async #read(piece: number, maxFrameBytes: number): Promise<FramedPiece> {
    await this.#opened;
    const place = locatePiece(this.#manifest, piece);
    const framed = await this.#worker.call('read', { place, maxFrameBytes });
    if (!this.#ledger.note(piece, framed.hash)) throw new OnehopError('source-changed');
    await this.#settleRoot();
    return framed;
  }

  async #settleRoot(): Promise<void> {
    if (!this.#ledger.complete || this.#root !== null) return;
    const root = await this.#ledger.root(await digestManifest(this.#manifest));
    if (this.#root !== null) return;
    this.#root = root;
    this.#onRoot(root);
  }
}
