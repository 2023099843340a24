import { describe, expect, it } from 'vitest';
import { encodeBase64url } from '../encoding/base64url.ts';
import { PIECE_BYTES } from '../share/manifest.ts';
import { emptyNumberSet, withNumbers } from '../share/number-set.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import { HashLedger } from './hash-ledger.ts';
import { joinParts } from './verify-piece.ts';

const hashOf = (value: number) => new Uint8Array(32).fill(value);
const digest = new Uint8Array(32).fill(99);

describe('hash ledger', () => {
  it('is complete when every hash is known, in whatever order they came', async () => {
    const [forward, backward] = [new HashLedger(3), new HashLedger(3)];
    for (const piece of [0, 1, 2]) expect(forward.note(piece, hashOf(piece))).toBe(true);
    for (const piece of [2, 1, 0]) {
      expect(backward.complete).toBe(false);
      backward.note(piece, hashOf(piece));
    }
    expect(backward.complete).toBe(true);
    expect(await forward.root(digest)).toBe(await backward.root(digest));
  });

  it('keeps the first hash of a piece and says when another comes', async () => {
    const ledger = new HashLedger(1);
    expect(ledger.note(0, hashOf(1))).toBe(true);
    const root = await ledger.root(digest);
    expect(ledger.note(0, hashOf(1))).toBe(true);
    expect(ledger.note(0, hashOf(2))).toBe(false);
    expect(await ledger.root(digest)).toBe(root);
  });

  it('[EN1] has a root that depends on every hash, their order and the manifest', async () => {
    const rootOf = async (manifest: Uint8Array, ...hashes: readonly number[]) => {
      const ledger = new HashLedger(hashes.length);
      for (const [piece, value] of hashes.entries()) ledger.note(piece, hashOf(value));
      return await ledger.root(manifest);
    };
    const roots = await Promise.all([
      rootOf(digest, 1, 2),
      rootOf(digest, 2, 1),
      rootOf(digest, 1, 3),
      rootOf(digest, 1),
      rootOf(hashOf(98), 1, 2),
    ]);
    expect(new Set(roots).size).toBe(roots.length);
  });

  it('has no root while a hash is missing', async () => {
    await expect(new HashLedger(1).root(digest)).rejects.toThrow(RangeError);
  });

  it('works across its blocks', async () => {
    const ledger = new HashLedger(10_000);
    for (let piece = 0; piece < 10_000; piece += 1) ledger.note(piece, hashOf(piece % 256));
    expect(ledger.complete).toBe(true);
    expect(ledger.note(9_999, hashOf(9_999 % 256))).toBe(true);
  });

  it('[EN1] has a root of some files over their pieces alone, which names the files', async () => {
    const manifest = makeManifest(PIECE_BYTES + 1, 0, 3);
    const ledger = new HashLedger(3);
    for (const piece of [0, 1]) ledger.note(piece, hashOf(piece));
    const files = (...numbers: number[]) => withNumbers(emptyNumberSet(3), numbers);
    const expected = joinParts([digest, Uint8Array.of(1), hashOf(0), hashOf(1)]);
    const sha = new Uint8Array(await crypto.subtle.digest('SHA-256', expected));
    expect(await ledger.rootOf(manifest, files(0), digest)).toBe(encodeBase64url(sha));
    expect(await ledger.rootOf(manifest, files(0, 1), digest)).not.toBe(encodeBase64url(sha));
    await expect(ledger.rootOf(manifest, files(0, 2), digest)).rejects.toThrow(RangeError);
  });
});
