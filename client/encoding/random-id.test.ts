import { expect, test } from 'vitest';
import { decodeBase64url } from './base64url.ts';
import { randomId } from './random-id.ts';

test('is so many bytes, and another each time', () => {
  const ids = Array.from({ length: 100 }, () => randomId(12));
  expect(new Set(ids).size).toBe(100);
  for (const id of ids) expect(decodeBase64url(id)).toHaveLength(12);
});
