import { HashLedger } from '../integrity/hash-ledger.ts';
import type { Manifest, PiecePlace } from '../share/manifest.ts';
import { type NumberSet, emptyNumberSet, withNumbers } from '../share/number-set.ts';
import type { ArrivedPiece } from './piece-assembler.ts';

/** Where arrived pieces are checked and kept. */
export interface PieceStore {
  /** @throws {OnehopError} `storage-full` or `storage-failed` */
  store(place: PiecePlace, piece: ArrivedPiece): Promise<'stored' | 'rejected'>;
  flush(): Promise<void>;
}

/** A piece that an earlier page kept, verified. */
export interface KeptPiece {
  readonly piece: number;
  readonly hash: Uint8Array<ArrayBuffer>;
}

/** What is received of a share: outlives the lanes, and with its store the page. */
export class Receipt {
  readonly manifest: Manifest;
  /** the files that are wanted */
  readonly selected: NumberSet;
  readonly store: PieceStore;
  readonly ledger: HashLedger;
  #have: NumberSet;

  /** @param kept the pieces that the store has already */
  constructor(
    manifest: Manifest,
    selected: NumberSet,
    store: PieceStore,
    kept: readonly KeptPiece[] = [],
  ) {
    this.manifest = manifest;
    this.selected = selected;
    this.store = store;
    this.ledger = new HashLedger(manifest.pieceCount);
    const noted = kept.filter(({ piece, hash }) => this.ledger.note(piece, hash));
    this.#have = withNumbers(
      emptyNumberSet(manifest.pieceCount),
      noted.map(({ piece }) => piece),
    );
  }

  /** The pieces that are verified and in the sink. */
  get have(): NumberSet {
    return this.#have;
  }

  /** Notes that a piece is verified and in the sink. @returns false where it was another piece before */
  note(piece: number, hash: Uint8Array): boolean {
    if (!this.ledger.note(piece, hash)) return false;
    this.#have = withNumbers(this.#have, [piece]);
    return true;
  }
}
