import type { PieceForm } from '../transfer/piece-form.ts';

/** What deflating some bytes came to. */
export interface DeflateCost {
  /** before */
  readonly plainBytes: number;
  /** after */
  readonly deflatedBytes: number;
  readonly ms: number;
}

/** A piece after an attempt to deflate it: deflated if that pays, else as it was. */
export interface TriedPiece {
  readonly form: PieceForm;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly cost: DeflateCost;
}

/** What the deflate worker answers. */
export type DeflateCalls = {
  /** Deflates a few parts of a file, to learn what it would come to; null where it cannot be read. */
  readonly sample: {
    readonly request: { readonly file: File };
    readonly reply: DeflateCost | null;
  };
  readonly deflate: {
    /** handed over */
    readonly request: { readonly pieces: readonly Uint8Array<ArrayBuffer>[] };
    /** in the same order */
    readonly reply: readonly TriedPiece[];
  };
};
