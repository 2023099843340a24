import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBase64url } from '../encoding/base64url.ts';
import { deriveShareKeys, deriveStorageKey } from './share-keys.ts';

async function hmac(key: Uint8Array<ArrayBuffer>, data: Uint8Array<ArrayBuffer>) {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, data));
}

/** HKDF-SHA-256 written out from RFC 5869, for one block of output. */
async function hkdf(secret: Uint8Array<ArrayBuffer>, label: string, length: number) {
  const extracted = await hmac(new Uint8Array(32), secret);
  const info = new TextEncoder().encode(label);
  return (await hmac(extracted, Uint8Array.from([...info, 1]))).slice(0, length);
}

describe('share keys', () => {
  it('[LK2] are what HKDF-SHA-256, written out, derives under the same labels', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 16, maxLength: 16 }), async (bytes) => {
        const secret = Uint8Array.from(bytes);
        const proof = await hkdf(secret, 'onehop/1 join proof', 32);
        const verifier = new Uint8Array(await crypto.subtle.digest('SHA-256', proof));
        expect(await deriveShareKeys(secret)).toEqual({
          roomId: encodeBase64url(await hkdf(secret, 'onehop/1 room id', 16)),
          joinProof: encodeBase64url(proof),
          joinVerifier: encodeBase64url(verifier),
        });
      }),
      { numRuns: 20 },
    );
  });

  it('[LK2] match the test vector in PROTOCOL.md', async () => {
    const secret = Uint8Array.from({ length: 16 }, (_, index) => index);
    expect(await deriveShareKeys(secret)).toMatchInlineSnapshot(`
      {
        "joinProof": "ta4Gx7FxdUqG-smy2ylWQJAndHoktgpozz8vJLtup3I",
        "joinVerifier": "7-Fbuc3JiuX73TAX4tV4aNrRSzSk1H7u8gomQL0Hp1c",
        "roomId": "9rgrMxPJTUT_YdNkCO9sbw",
      }
    `);
  });

  it('[LK3] have a storage key that is another for each salt, and cannot be read out', async () => {
    const secret = Uint8Array.from({ length: 16 }, (_, index) => index);
    const [one, other] = await Promise.all(
      [1, 2].map((byte) => deriveStorageKey(secret, new Uint8Array(16).fill(byte))),
    );
    if (one === undefined || other === undefined) throw new Error('two were derived');
    expect(one).toMatchObject({ extractable: false, algorithm: { name: 'AES-GCM', length: 256 } });
    const iv = new Uint8Array(12);
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, one, new Uint8Array(9));
    await expect(crypto.subtle.decrypt({ name: 'AES-GCM', iv }, other, sealed)).rejects.toThrow(
      /operation/i,
    );
  });
});
