import type { PiecePlace } from '../share/manifest.ts';
import type { FramedPiece } from '../transfer/framed-piece.ts';

/** What the read worker answers: it reads pieces of the chosen files, hashes them, and lays them out as frames. */
export type ReadCalls = {
  readonly open: { readonly request: { readonly files: readonly File[] }; readonly reply: null };
  readonly read: {
    readonly request: { readonly place: PiecePlace; readonly maxFrameBytes: number };
    readonly reply: FramedPiece;
  };
};
