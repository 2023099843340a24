import type { ManifestEntry } from '../share/manifest.ts';
import type { NumberSet } from '../share/number-set.ts';
import type { PiecePlace } from '../share/manifest.ts';
import type { PieceForm } from '../transfer/piece-form.ts';
import type { HashedPiece } from './piece-journal.ts';

/** A piece that has arrived and is to be checked. */
export interface PieceToStore extends HashedPiece {
  readonly place: PiecePlace;
  readonly form: PieceForm;
  /** its bytes in this form, in order */
  readonly parts: readonly Uint8Array<ArrayBuffer>[];
}

/** What became of it: it is kept, or it is not what its hash says, or does not inflate to its length. */
export type StoreOutcome = 'stored' | 'rejected';

/** What the store worker answers: it checks pieces and keeps them in its sink. */
export type StoreCalls = {
  /** opens the download: a `fresh` one, or one that is kept; in memory where there is no disk */
  readonly open: {
    readonly request: {
      readonly id: string;
      readonly entries: readonly ManifestEntry[];
      readonly selected: NumberSet;
      /** the folder that the user picked, and what it has to keep clear of there */
      readonly folder: {
        readonly handle: FileSystemDirectoryHandle;
        readonly taken: readonly string[];
      } | null;
      readonly fresh: boolean;
    };
    /** where it is kept */
    readonly reply: 'disk' | 'memory';
  };
  /** puts a text in place of what one of the download's own files holds */
  readonly record: {
    readonly request: { readonly name: string; readonly text: string };
    readonly reply: null;
  };
  /** what is kept for sure; what may not be is read back and hashed */
  readonly recover: { readonly request: null; readonly reply: readonly HashedPiece[] };
  /** inflates pieces, checks them against their hashes, and writes those that are right */
  readonly store: {
    readonly request: { readonly pieces: readonly PieceToStore[] };
    readonly reply: readonly StoreOutcome[];
  };
  readonly flush: { readonly request: null; readonly reply: null };
  readonly read: { readonly request: { readonly file: number }; readonly reply: Blob };
  /** says by `port` how much is done, 0 to 1; a message the other way ends it */
  readonly zip: {
    readonly request: { readonly failed: readonly number[]; readonly port: MessagePort };
    readonly reply: Blob;
  };
  /** removes the download */
  readonly discard: { readonly request: null; readonly reply: null };
  /** lets go of it; what is kept stays */
  readonly close: { readonly request: null; readonly reply: null };
};
