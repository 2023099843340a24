import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSecret, formatLink, parseFragment } from './link.ts';

describe('share link', () => {
  it('[LK1] carries 128 bits as 22 base64url characters in the fragment', () => {
    const link = new URL(formatLink('https://onehop.test', createSecret()));
    expect(link.pathname).toBe('/');
    expect(link.search).toBe('');
    expect(link.hash).toMatch(/^#[A-Za-z0-9_-]{22}$/);
  });

  it('gives back the secret that was put in', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const secret = Uint8Array.from(bytes);
        const { hash } = new URL(formatLink('http://localhost:3000', secret));
        expect(parseFragment(hash)).toEqual(secret);
      }),
    );
  });

  it('makes a new secret each time', () => {
    const links = Array.from({ length: 100 }, () => formatLink('', createSecret()));
    expect(new Set(links).size).toBe(100);
  });

  it('sees no link in an empty fragment', () => {
    expect(parseFragment('')).toBeNull();
    expect(parseFragment('#')).toBeNull();
  });

  it.each([
    '#AAAAAAAAAAAAAAAAAAAAA',
    '#AAAAAAAAAAAAAAAAAAAAAAA',
    '#AAAAAAAAAAAAAAAAAAAAAB',
    '#AAAAAAAAAAAAAAAAAAAAA=',
    '#AAAAAAAAAAAAAAAAAAAA%41',
    '#/share/AAAAAAAAAAAAAAAA',
  ])('[LK1] refuses %s as malformed', (hash) => {
    expect(() => parseFragment(hash)).toThrow('link-malformed');
  });

  it('either reads a fragment or refuses it by name, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        try {
          expect(parseFragment(text)?.length ?? 16).toBe(16);
        } catch (error) {
          expect(error).toMatchObject({ reason: 'link-malformed' });
        }
      }),
    );
  });
});
