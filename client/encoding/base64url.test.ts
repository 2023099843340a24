import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64url, encodeBase64url } from './base64url.ts';

describe('base64url', () => {
  it('gives back the bytes that were encoded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(decodeBase64url(encodeBase64url(bytes))).toEqual(bytes);
      }),
    );
  });

  it('takes only the one canonical text of any bytes', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        const bytes = decodeBase64url(text);
        expect(bytes === null ? text : encodeBase64url(bytes)).toBe(text);
      }),
    );
  });

  it.each(['A', 'AB==', 'A+', 'A/', 'AB', 'é', 'A B', 'AAAAA'])('refuses %j', (text) => {
    expect(decodeBase64url(text)).toBeNull();
  });
});
