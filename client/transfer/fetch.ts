import type { ErrorReason } from '../errors/error-reason.ts';
import { OnehopError, asOnehopError } from '../errors/onehop-error.ts';
import { HashLedger } from '../integrity/hash-ledger.ts';
import { Inbox } from '../machine/inbox.ts';
import { type Manifest, type PiecePlace, digestManifest, locatePiece } from '../share/manifest.ts';
import {
  type FetcherEffect,
  type FetcherEvent,
  type FetcherState,
  type SourceId,
  createFetcher,
  stepFetcher,
} from './fetcher.ts';
import type { ArrivedPiece } from './piece-assembler.ts';
import { type PieceSet, emptyPieceSet, withPiece } from './piece-set.ts';
import type { Source } from './source.ts';

/** How many bytes may be asked for or on their way to the disk at once. */
export const WINDOW_BYTES = 8 * 1024 * 1024;

/** Where arrived pieces are checked and kept. */
export interface PieceStore {
  /** @throws {OnehopError} `storage-full` or `storage-failed` */
  store(place: PiecePlace, piece: ArrivedPiece): Promise<'stored' | 'rejected'>;
  flush(): Promise<void>;
}

/** What a fetch tells its owner. */
export interface FetchListener {
  /** @param bytes verified and in the sink */
  onProgress(bytes: number): void;
  /** every byte is in the sink; the last checks run */
  onChecking(): void;
  /** every byte is in the sink, and the root hash is the same on both sides */
  onDone(): void;
  onFailed(reason: ErrorReason): void;
}

/** What one receipt has of a share: outlives the fetches that fill it. */
export class Receipt {
  readonly manifest: Manifest;
  readonly store: PieceStore;
  readonly ledger: HashLedger;
  #have: PieceSet;

  constructor(manifest: Manifest, store: PieceStore) {
    this.manifest = manifest;
    this.store = store;
    this.ledger = new HashLedger(manifest.pieceCount);
    this.#have = emptyPieceSet(manifest.pieceCount);
  }

  /** The pieces that are verified and in the sink. */
  get have(): PieceSet {
    return this.#have;
  }

  /** Notes that a piece is verified and in the sink. @returns false where it was another piece before */
  note(piece: number, hash: Uint8Array): boolean {
    if (!this.ledger.note(piece, hash)) return false;
    this.#have = withPiece(this.#have, piece);
    return true;
  }
}

/** Fetches what a receipt lacks from its sources: carries out what `stepFetcher` decides. */
export class Fetch {
  readonly #receipt: Receipt;
  readonly #listener: FetchListener;
  readonly #sources = new Map<SourceId, Source>();
  readonly #inbox = new Inbox<FetcherEvent>((event) => this.#step(event));
  #state: FetcherState;
  #bytes = 0;
  #ids = 0;

  constructor(receipt: Receipt, listener: FetchListener) {
    this.#receipt = receipt;
    this.#listener = listener;
    this.#state = createFetcher(receipt.manifest, receipt.have, WINDOW_BYTES);
    this.#inbox.post({ type: 'start' });
  }

  /** From now on asks this source too. @returns what to report its pieces and its end to */
  addSource(source: Source): SourceFeed {
    this.#ids += 1;
    const id = this.#ids;
    this.#sources.set(id, source);
    source.reportProgress(this.#bytes);
    this.#inbox.post({ type: 'source-opened', source: id });
    return {
      piece: (piece) => this.#inbox.post({ type: 'arrived', source: id, piece }),
      unavailable: (piece, reason) =>
        this.#inbox.post({ type: 'unavailable', source: id, piece, reason }),
      root: (root) => this.#inbox.post({ type: 'source-root', root }),
      closed: () => {
        this.#sources.delete(id);
        this.#inbox.post({ type: 'source-closed', source: id });
      },
    };
  }

  #step(event: FetcherEvent): void {
    const before = this.#state.type;
    const { state, effects } = stepFetcher(this.#state, event);
    this.#state = state;
    if (before === 'fetching' && state.type === 'checking') this.#listener.onChecking();
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: FetcherEffect): void {
    switch (effect.type) {
      case 'request':
        this.#sources.get(effect.source)?.request(effect.pieces);
        break;
      case 'store':
        void this.#store(effect.piece);
        break;
      case 'progress':
        this.#bytes = effect.bytes;
        this.#listener.onProgress(effect.bytes);
        for (const source of this.#sources.values()) source.reportProgress(effect.bytes);
        break;
      case 'compute-root':
        void this.#computeRoot();
        break;
      case 'complete':
        for (const source of this.#sources.values()) source.reportComplete(effect.root);
        this.#listener.onDone();
        break;
      case 'drop-source':
        this.#sources.get(effect.source)?.close(effect.reason);
        break;
      case 'fail':
        this.#listener.onFailed(effect.reason);
        break;
    }
  }

  async #store(piece: ArrivedPiece): Promise<void> {
    const place = locatePiece(this.#receipt.manifest, piece.piece);
    try {
      const outcome = await this.#receipt.store.store(place, piece);
      // Its content has changed since an earlier attempt, and the sink now has the new one.
      const changed = outcome === 'stored' && !this.#receipt.note(piece.piece, piece.hash);
      if (changed) throw new OnehopError('source-changed');
      this.#inbox.post({ type: outcome, piece: piece.piece });
    } catch (error) {
      this.#fail(error);
    }
  }

  async #computeRoot(): Promise<void> {
    try {
      await this.#receipt.store.flush();
      const root = await this.#receipt.ledger.root(await digestManifest(this.#receipt.manifest));
      this.#inbox.post({ type: 'own-root', root });
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#inbox.post({
      type: 'store-failed',
      reason: asOnehopError(error, 'storage-failed').reason,
    });
  }
}

/** Where an added source's pieces and its end are reported to. */
export interface SourceFeed {
  piece(piece: ArrivedPiece): void;
  unavailable(piece: number, reason: 'source-changed' | 'source-unreadable'): void;
  root(root: string): void;
  closed(): void;
}
