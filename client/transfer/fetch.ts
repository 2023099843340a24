import type { ErrorReason } from '../errors/error-reason.ts';
import { asOnehopError } from '../errors/onehop-error.ts';
import { Inbox } from '../machine/inbox.ts';
import { digestManifest, locatePiece } from '../share/manifest.ts';
import { type NumberSet, numbersIn } from '../share/number-set.ts';
import type { FileFailureReason } from './control-message.ts';
import { createFetcher, stepFetcher } from './fetcher.ts';
import type { FetcherEffect, FetcherEvent, FetcherState, ShareRoot } from './fetcher-state.ts';
import type { SourceId } from './fetcher-work.ts';
import type { ArrivedPiece } from './piece-assembler.ts';
import type { Receipt } from './receipt.ts';
import type { Source } from './source.ts';

/** How many bytes may be asked for or on their way to the disk at once. */
export const WINDOW_BYTES = 8 * 1024 * 1024;

/** What a fetch tells its owner. */
export interface FetchListener {
  /** @param bytes of the files that can be had, verified and in the sink */
  onProgress(bytes: number): void;
  /** these files cannot be had any more; the others go on */
  onFilesFailed(files: readonly number[], reason: FileFailureReason): void;
  /** the store failed: nothing more is asked for until `resume` */
  onTrouble(reason: ErrorReason): void;
  /** every byte is in the sink; the last checks run */
  onChecking(): void;
  /** every byte is in the sink, and the root hash is the same on both sides */
  onDone(): void;
  onFailed(reason: ErrorReason): void;
}

/** Fetches what a receipt lacks from its sources: carries out what `stepFetcher` decides. */
export class Fetch {
  readonly #receipt: Receipt;
  readonly #listener: FetchListener;
  readonly #sources = new Map<SourceId, Source>();
  readonly #inbox = new Inbox<FetcherEvent>((event) => this.#step(event));
  #state: FetcherState;
  #files: NumberSet;
  #progress = { bytes: 0, whole: false };
  #wanted: { readonly files: NumberSet | null; readonly bytes: number } = { files: null, bytes: 0 };
  #paused = false;
  #ids = 0;

  /** @param files which of the receipt's files are still to be had */
  constructor(receipt: Receipt, files: NumberSet, listener: FetchListener) {
    this.#receipt = receipt;
    this.#listener = listener;
    this.#files = files;
    const { manifest, have } = receipt;
    this.#state = createFetcher({ manifest, selected: files, have, windowBytes: WINDOW_BYTES });
    this.#inbox.post({ type: 'start' });
  }

  /** The files that are wanted and can still be had: a source that comes later is to be asked for no others. */
  get files(): NumberSet {
    return this.#files;
  }

  /** How many bytes of what is wanted are verified and in the sink. */
  get bytes(): number {
    return this.#progress.bytes;
  }

  /** How many bytes are wanted and can still be had. */
  get wantedBytes(): number {
    if (this.#wanted.files !== this.#files) {
      const { entries } = this.#receipt.manifest;
      let bytes = 0;
      for (const file of numbersIn(this.#files)) bytes += entries[file]?.size ?? 0;
      this.#wanted = { files: this.#files, bytes };
    }
    return this.#wanted.bytes;
  }

  /** Whether it was told to pause. */
  get paused(): boolean {
    return this.#paused;
  }

  /** From now on asks this source too, with `resting` not before it wakes. @returns what to report its pieces and its end to */
  addSource(source: Source, resting = false): SourceFeed {
    this.#ids += 1;
    const id = this.#ids;
    this.#sources.set(id, source);
    source.reportProgress(this.#progress.bytes, this.#progress.whole);
    if (this.#paused) source.reportPause(true);
    if (resting) this.#inbox.post({ type: 'source-rests', source: id, pieces: [] });
    this.#inbox.post({ type: 'source-opened', source: id });
    return {
      piece: (piece) => this.#inbox.post({ type: 'arrived', source: id, piece }),
      unavailable: (file, reason) => this.#inbox.post({ type: 'unavailable', file, reason }),
      root: (root) => this.#inbox.post({ type: 'source-root', root }),
      rest: (pieces) => this.#inbox.post({ type: 'source-rests', source: id, pieces }),
      wake: () => this.#inbox.post({ type: 'source-wakes', source: id }),
      closed: () => {
        this.#sources.delete(id);
        this.#inbox.post({ type: 'source-closed', source: id });
      },
    };
  }

  /** Asks for nothing more until `resume`; what was asked for still comes. */
  pause(): void {
    this.#tellPause(true);
    this.#inbox.post({ type: 'pause' });
  }

  /** Goes on after `pause`, or after a trouble that has been mended. */
  resume(): void {
    this.#tellPause(false);
    this.#inbox.post({ type: 'resume' });
  }

  #tellPause(paused: boolean): void {
    if (this.#paused === paused) return;
    this.#paused = paused;
    for (const source of this.#sources.values()) source.reportPause(paused);
  }

  #step(event: FetcherEvent): void {
    const before = this.#state.type;
    const { state, effects } = stepFetcher(this.#state, event);
    this.#state = state;
    if ('work' in state) this.#files = state.work.covered;
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
        this.#progress = effect;
        this.#listener.onProgress(effect.bytes);
        for (const source of this.#sources.values()) {
          source.reportProgress(effect.bytes, effect.whole);
        }
        break;
      case 'withdraw':
        for (const source of this.#sources.values()) source.withdraw(effect.files);
        this.#listener.onFilesFailed(effect.files, effect.reason);
        break;
      case 'trouble':
        this.#listener.onTrouble(effect.reason);
        break;
      case 'compute-root':
        void this.#computeRoot(effect.files);
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

  async #store(arrived: ArrivedPiece): Promise<void> {
    const { piece, hash } = arrived;
    const place = locatePiece(this.#receipt.manifest, piece);
    try {
      const outcome = await this.#receipt.store.store(place, arrived);
      // It was stored before with another content, and the sink now has the new one.
      const changed = outcome === 'stored' && !this.#receipt.note(piece, hash);
      if (changed) {
        this.#inbox.post({ type: 'unavailable', file: place.file, reason: 'source-changed' });
      }
      this.#inbox.post({ type: outcome, piece });
    } catch (error) {
      this.#onStoreFailed(error, piece);
    }
  }

  async #computeRoot(files: NumberSet): Promise<void> {
    const { manifest, ledger, store } = this.#receipt;
    try {
      await store.flush();
      const root = await ledger.rootOf(manifest, files, await digestManifest(manifest));
      this.#inbox.post({ type: 'own-root', root: { root, files } });
    } catch (error) {
      this.#onStoreFailed(error, null);
    }
  }

  #onStoreFailed(error: unknown, piece: number | null): void {
    const { reason } = asOnehopError(error, 'storage-failed');
    this.#inbox.post({ type: 'store-failed', piece, reason });
  }
}

/** Where an added source's pieces and its end are reported to. */
export interface SourceFeed {
  piece(piece: ArrivedPiece): void;
  unavailable(file: number, reason: FileFailureReason): void;
  root(root: ShareRoot): void;
  /** it is asked for nothing more until it is awake again @param pieces that it gives back */
  rest(pieces: readonly number[]): void;
  wake(): void;
  closed(): void;
}
