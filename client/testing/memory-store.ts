import { encodeBase64url } from '../encoding/base64url.ts';
import { OnehopError } from '../errors/onehop-error.ts';
import { joinParts } from '../integrity/verify-piece.ts';
import type { PiecePlace } from '../share/manifest.ts';
import type { ArrivedPiece } from '../transfer/piece-assembler.ts';
import type { KeptPiece, PieceStore } from '../transfer/receipt.ts';
import { quickInflate } from './quick-deflate.ts';
import { quickHash } from './quick-hash.ts';

/** Keeps the pieces whose hash is right, in memory, and knows which. */
export class MemoryStore implements PieceStore {
  readonly files: readonly Uint8Array[];
  readonly kept = new Map<number, KeptPiece>();
  /** bytes of pieces that were stored more than once */
  storedTwice = 0;
  /** pieces that came deflated */
  deflated = 0;
  /** while it is, nothing more is taken */
  full = false;

  constructor(sizes: readonly number[]) {
    this.files = sizes.map((size) => new Uint8Array(size));
  }

  async store({ file, start, length }: PiecePlace, { piece, hash, form, parts }: ArrivedPiece) {
    const plain = form === 'plain' ? parts : quickInflate(parts, length);
    if (plain === null) return 'rejected' as const;
    const bytes = joinParts(plain);
    if (encodeBase64url(quickHash(bytes)) !== encodeBase64url(hash)) return 'rejected' as const;
    if (this.full) throw new OnehopError('storage-full');
    if (this.kept.has(piece)) this.storedTwice += bytes.length;
    if (form === 'deflated') this.deflated += 1;
    this.files[file]?.set(bytes, start);
    this.kept.set(piece, { piece, hash });
    return 'stored' as const;
  }

  async flush(): Promise<void> {}
}
