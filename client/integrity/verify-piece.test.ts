import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyPiece } from './verify-piece.ts';

const sha256 = async (bytes: Uint8Array<ArrayBuffer>) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

describe('verifying a piece', () => {
  it('[DT3] gives the joined bytes when the hash is theirs', async () => {
    const parts = [Uint8Array.of(1, 2), new Uint8Array(), Uint8Array.of(3)];
    const hash = await sha256(Uint8Array.of(1, 2, 3));
    expect(await verifyPiece(parts, hash)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('gives a piece that came as one part without a copy', async () => {
    const part = Uint8Array.of(0, 1, 2).subarray(1);
    expect(await verifyPiece([part], await sha256(part))).toBe(part);
  });

  it('[DT3] gives nothing when any one bit of bytes or hash is another', async () => {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const hash = await sha256(bytes);
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.nat(255), async (inHash, bit) => {
        const flipped = (whole: Uint8Array<ArrayBuffer>) => {
          const copy = whole.slice();
          const at = (bit >> 3) % copy.length;
          copy[at] = (copy[at] ?? 0) ^ (1 << (bit & 7));
          return copy;
        };
        const result = inHash
          ? await verifyPiece([bytes], flipped(hash))
          : await verifyPiece([flipped(bytes)], hash);
        expect(result).toBeNull();
      }),
    );
  });

  it('[DT3] gives nothing for a hash of another length', async () => {
    const bytes = Uint8Array.of(1);
    const hash = await sha256(bytes);
    expect(await verifyPiece([bytes], hash.subarray(0, 31))).toBeNull();
  });
});
