import { expect, it } from 'vitest';
import { CACHE_BYTES, FramedCache } from './framed-cache.ts';

const framedOf = (bytes: number) => ({
  hash: new Uint8Array(32),
  frames: [new Uint8Array(bytes)],
});

it('a cache of pieces holds no more than its limit, and drops those used longest ago', () => {
  const cache = new FramedCache();
  const quarter = CACHE_BYTES / 4;
  for (const key of ['a', 'b', 'c', 'd']) cache.set(key, framedOf(quarter));
  expect(cache.get('a')).toBeDefined();
  cache.set('e', framedOf(quarter));
  expect(cache.bytes).toBe(CACHE_BYTES);
  expect(['a', 'b', 'c', 'd', 'e'].filter((key) => cache.get(key) === undefined)).toEqual(['b']);
  cache.set('a', framedOf(1));
  expect(cache.bytes).toBe(CACHE_BYTES);
  cache.clear();
  expect([cache.bytes, cache.get('a')]).toEqual([0, undefined]);
});

it('a cache of pieces keeps none that is larger than its limit', () => {
  const cache = new FramedCache();
  cache.set('a', framedOf(CACHE_BYTES + 1));
  expect(cache.bytes).toBe(0);
});
