import type { UploadSummary } from '../../signaling/protocol/uploads.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import { HashLedger } from '../integrity/hash-ledger.ts';
import type { ServerSourceHandle } from '../session/server-link.ts';
import { type Manifest, digestManifest, locatePiece } from '../share/manifest.ts';
import type { ServerSourceListener } from '../transfer/server-source.ts';
import type { Selection } from '../transfer/source.ts';
import { quickHash } from './quick-hash.ts';

/** What a fake server says of an upload. */
export function sampleUpload(changes: Partial<UploadSummary> = {}): UploadSummary {
  return {
    id: 'i'.repeat(22),
    length: 1_000,
    offset: 1_000,
    complete: true,
    salt: 's'.repeat(22),
    unit: 100,
    preface: 100,
    expiresInMs: 60_000,
    downloadLimit: 0,
    downloads: 0,
    claimable: null,
    ...changes,
  };
}

/** The place among the downloads that every fake source is given. */
export const FAKE_CLAIM = 'c'.repeat(43);

/** An upload in memory, in place of a server's: each piece comes when it is asked for. */
export class FakeServerSource implements ServerSourceHandle {
  readonly firstByteAt = null;
  readonly summary: UploadSummary;
  /** the pieces that were asked for, in order */
  readonly asked: number[] = [];
  completed = false;
  /** what became of its place among the downloads */
  claimed: 'open' | 'confirmed' | 'given-back' = 'open';
  /** whether receipts are counted */
  counts = true;
  #opened = false;
  closed: ErrorReason | null = null;
  readonly #manifest: Manifest;
  readonly #originals: readonly Uint8Array<ArrayBuffer>[];
  readonly #listener: ServerSourceListener;
  readonly #ledger: HashLedger;
  #selection: Selection | null = null;

  constructor(
    manifest: Manifest,
    originals: readonly Uint8Array<ArrayBuffer>[],
    listener: ServerSourceListener,
    summary = sampleUpload(),
  ) {
    this.summary = summary;
    this.#manifest = manifest;
    this.#originals = originals;
    this.#listener = listener;
    this.#ledger = new HashLedger(manifest.pieceCount);
    for (let piece = 0; piece < manifest.pieceCount; piece += 1) {
      this.#ledger.note(piece, quickHash(this.#bytesOf(piece)));
    }
    this.#later(() => {
      this.#opened = true;
      listener.onOpened();
    });
  }

  /** Ends it, as a server does that has the upload no more. */
  end(reason: ErrorReason): void {
    this.closed = reason;
    this.#listener.onClosed(reason);
  }

  get claim(): ServerSourceHandle['claim'] {
    if (this.#selection === null) return null;
    return {
      token: FAKE_CLAIM,
      counted: Promise.resolve(this.counts),
      confirm: () => (this.claimed = 'confirmed'),
      giveBack: () => (this.claimed = 'given-back'),
    };
  }

  fetchManifest(): void {
    this.#expectOpened();
    this.#later(() => this.#listener.onManifest(this.#manifest));
  }

  select(selection: Selection): void {
    this.#expectOpened();
    this.#selection = selection;
    this.#later(() => this.#listener.onClaim(FAKE_CLAIM));
  }

  request(pieces: readonly number[]): void {
    for (const piece of pieces) {
      this.asked.push(piece);
      const bytes = this.#bytesOf(piece);
      this.#later(() =>
        this.#listener.onPiece({ piece, hash: quickHash(bytes), form: 'plain', parts: [bytes] }),
      );
    }
  }

  withdraw(): void {}
  reportPause(): void {}

  reportProgress(_bytes: number, whole: boolean): void {
    const files = this.#selection?.files;
    if (!whole || files === undefined) return;
    void (async () => {
      const digest = await digestManifest(this.#manifest);
      const root = await this.#ledger.rootOf(this.#manifest, files, digest);
      this.#later(() => this.#listener.onRoot({ root, files }));
    })();
  }

  reportComplete(): void {
    this.completed = true;
  }

  tick(): void {}

  close(reason: ErrorReason): void {
    this.closed = reason;
  }

  #bytesOf(piece: number): Uint8Array<ArrayBuffer> {
    const { file, start, length } = locatePiece(this.#manifest, piece);
    return this.#originals[file]?.slice(start, start + length) ?? new Uint8Array();
  }

  /** As of the real one: before that, it has nothing to say. */
  #expectOpened(): void {
    if (!this.#opened) throw new Error('it was asked before it was opened');
  }

  #later(tell: () => void): void {
    queueMicrotask(() => {
      if (this.closed === null) tell();
    });
  }
}
