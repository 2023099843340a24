import { expect, it } from 'vitest';
import { PieceCache } from './piece-cache.ts';

const encodedOf = (bytes: number) => ({
  place: { file: 0, piece: 0, start: 0, length: bytes },
  hash: new Uint8Array(32),
  form: 'plain' as const,
  bytes: new Uint8Array(bytes),
});

it('a cache of pieces holds no more than its limit, and drops those used longest ago', () => {
  const cache = new PieceCache();
  cache.limit(100);
  for (const key of [1, 2, 3, 4]) cache.set(key, encodedOf(25));
  expect(cache.get(1)).toBeDefined();
  cache.set(5, encodedOf(25));
  expect(cache.bytes).toBe(100);
  expect([1, 2, 3, 4, 5].filter((key) => !cache.has(key))).toEqual([2]);
  cache.set(1, encodedOf(1));
  expect(cache.bytes).toBe(100);
  cache.limit(60);
  expect([1, 2, 3, 4, 5].filter((key) => cache.has(key))).toEqual([1, 5]);
  cache.limit(0);
  expect([cache.bytes, cache.get(1)]).toEqual([0, undefined]);
});

it('a cache of pieces keeps none that is larger than its limit', () => {
  const cache = new PieceCache();
  cache.limit(100);
  cache.set(1, encodedOf(101));
  expect(cache.bytes).toBe(0);
});
