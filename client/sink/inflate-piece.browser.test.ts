import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinParts } from '../integrity/verify-piece.ts';
import { PIECE_BYTES } from '../share/manifest.ts';
import { seededRandom } from '../testing/random.ts';
import { deflate } from '../testing/test-store.ts';
import { inflatePiece } from './inflate-piece.ts';

/** So many bytes with repetitions in them. */
function textual(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const random = seededRandom(seed);
  const words = Array.from({ length: 32 }, () => random.bytes(1 + random.below(12)));
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const word = words[random.below(words.length)] ?? new Uint8Array(1);
    bytes.set(word.subarray(0, length - at), at);
    at += word.length;
  }
  return bytes;
}

/** Cut into parts of these lengths and what remains. */
function cut(bytes: Uint8Array<ArrayBuffer>, lengths: readonly number[]) {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let start = 0;
  for (const length of lengths) {
    parts.push(bytes.subarray(start, start + length));
    start += length;
  }
  return [...parts, bytes.subarray(start)];
}

async function inflated(parts: readonly Uint8Array<ArrayBuffer>[], length: number) {
  const whole = await inflatePiece(parts, length);
  return whole === null ? null : joinParts(whole);
}

describe('inflating a piece', () => {
  it('gives back what was deflated, however it was cut', async () => {
    const plain = textual(200_000);
    const deflated = await deflate(plain);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(30_000), { maxLength: 6 }), async (lengths) => {
        expect(await inflated(cut(deflated, lengths), plain.length)).toEqual(plain);
      }),
      { numRuns: 20 },
    );
    const whole = textual(PIECE_BYTES, 2);
    expect(await inflated([await deflate(whole)], PIECE_BYTES)).toEqual(whole);
  });

  it('[DT3] gives nothing where it inflates to less or to more than the piece has', async () => {
    const plain = textual(100_000);
    const deflated = await deflate(plain);
    for (const length of [1, 65_536, 99_999, 100_001, PIECE_BYTES]) {
      expect(await inflatePiece([deflated], length), `${length} bytes`).toBeNull();
    }
  });

  it('gives nothing of a stream that is cut off, wherever that is', async () => {
    const plain = textual(5_000);
    const deflated = await deflate(plain);
    for (let end = 0; end < deflated.length; end += 7) {
      expect(await inflatePiece([deflated.subarray(0, end)], plain.length)).toBeNull();
    }
    expect(await inflatePiece([], plain.length)).toBeNull();
  });

  it('gives nothing of a stream that goes on after its end', async () => {
    const plain = textual(70_000);
    const deflated = await deflate(plain);
    for (const behind of [Uint8Array.of(0), new Uint8Array(20_000), deflated]) {
      expect(await inflatePiece([deflated, behind.slice()], plain.length)).toBeNull();
    }
  });

  it('of a stream with flipped bits gives nothing, or as many bytes as the piece has, for its hash to tell', async () => {
    const plain = textual(20_000);
    const deflated = await deflate(plain);
    await fc.assert(
      fc.asyncProperty(fc.nat(deflated.length - 1), fc.nat(7), async (at, bit) => {
        const flipped = deflated.slice();
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        const bytes = await inflated([flipped], plain.length);
        expect(bytes === null || bytes.length === plain.length).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('ends on any bytes at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
        const result = await inflated([bytes.slice()], 1_000);
        expect(result === null || result.length === 1_000).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('[DT3] does not inflate a bomb further than a piece and what one slice can hold', async () => {
    const bomb = await deflate(new Uint8Array(128 * PIECE_BYTES));
    expect(bomb.length).toBeGreaterThan(100_000);
    const taken: number[] = [];
    const watched = new Proxy(bomb, {
      get(target, property) {
        if (property === 'subarray') {
          return (start: number, end: number) => {
            taken.push(start);
            return target.subarray(start, end);
          };
        }
        return Reflect.get(target, property, target);
      },
    });
    expect(await inflatePiece([watched], PIECE_BYTES)).toBeNull();
    // The slice that is too much, and those that streams take ahead of it.
    expect(taken.length).toBeLessThanOrEqual(4);
  });
});
