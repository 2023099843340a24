import { expect, it } from 'vitest';
import { randomBytes } from './random-bytes.ts';

it.each([[0], [1], [65_536], [200_000]])('makes %i bytes, random to the last', (length) => {
  const bytes = randomBytes(length);
  expect(bytes.length).toBe(length);
  if (length > 64) expect(new Set(bytes.subarray(-64)).size).toBeGreaterThan(8);
});
