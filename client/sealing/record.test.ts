import { beforeAll, describe, expect, it } from 'vitest';
import { encodeBase64url } from '../encoding/base64url.ts';
import { joinParts } from '../integrity/verify-piece.ts';
import { deriveStorageKey } from '../share/share-keys.ts';
import { seededRandom } from '../testing/random.ts';
import {
  RECORD_BYTES,
  SEALED_RECORD_BYTES,
  openRecord,
  randomNonce,
  sealRecord,
} from './record.ts';

const secret = Uint8Array.from({ length: 16 }, (_, index) => index);
const salt = Uint8Array.from({ length: 16 }, (_, index) => 0xa0 + index);
let key: CryptoKey;

beforeAll(async () => {
  key = await deriveStorageKey(secret, salt);
});

const seal = async (index: number, last: boolean, bytes: Uint8Array<ArrayBuffer>) =>
  joinParts(await sealRecord(key, { index, last }, bytes));

/** So many records of zeros, but that each begins with its number; the last is short. */
async function sealAll(count: number): Promise<Uint8Array<ArrayBuffer>[]> {
  return await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const last = index === count - 1;
      const bytes = new Uint8Array(last ? 100 : RECORD_BYTES);
      bytes[0] = index;
      return await seal(index, last, bytes);
    }),
  );
}

describe('records', () => {
  it('[ST2] match the test vector in PROTOCOL.md', async () => {
    const nonce = () => Uint8Array.from({ length: 12 }, (_, index) => 0xb0 + index);
    const bytes = new TextEncoder().encode('One hop.');
    const sealed = joinParts(await sealRecord(key, { index: 1, last: true }, bytes, nonce));
    expect(encodeBase64url(sealed)).toMatchInlineSnapshot(
      `"sLGys7S1tre4ubq7PlGddr3oC3aQl3cS3udPt76FoeEQc5Wq"`,
    );
  });

  it('[ST2] are AES-256-GCM with label, index and final flag authenticated', async () => {
    const bytes = seededRandom(1).bytes(1_000);
    const sealed = await seal(258, true, bytes);
    const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
    const info = new TextEncoder().encode('onehop/1 storage key');
    const raw = await crypto.subtle.deriveBits(
      { name: 'HKDF', hash: 'SHA-256', salt, info },
      base,
      256,
    );
    const written = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['decrypt']);
    const label = new TextEncoder().encode('onehop/1 record');
    const additionalData = Uint8Array.from([...label, 0, 0, 0, 0, 0, 0, 1, 2, 1]);
    const iv = sealed.slice(0, 12);
    const opened = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv, additionalData },
      written,
      sealed.slice(12),
    );
    expect(new Uint8Array(opened)).toEqual(bytes);
  });

  it('[ST2] open to what was sealed, whatever its length', async () => {
    for (const length of [1, 100, RECORD_BYTES]) {
      const bytes = seededRandom(length).bytes(length);
      const sealed = await seal(7, true, bytes);
      expect(sealed.length).toBe(length + 28);
      const opened = await openRecord(key, { index: 7, last: true }, sealed);
      expect(opened.every((byte, at) => byte === bytes[at])).toBe(true);
      expect(opened.length).toBe(length);
    }
    const full = await seal(0, false, new Uint8Array(RECORD_BYTES));
    expect(full.length).toBe(SEALED_RECORD_BYTES);
  });

  it('[ST2] are refused before they are sealed where their length is none', async () => {
    await expect(seal(0, true, new Uint8Array())).rejects.toThrow(RangeError);
    await expect(seal(0, false, new Uint8Array(5))).rejects.toThrow(RangeError);
    await expect(seal(0, true, new Uint8Array(RECORD_BYTES + 1))).rejects.toThrow(RangeError);
  });

  it('[ST3] never have the same nonce, also when the same is sealed again', async () => {
    const nonces = new Set(Array.from({ length: 1_000 }, () => encodeBase64url(randomNonce())));
    expect(nonces.size).toBe(1_000);
    const bytes = Uint8Array.of(1);
    expect(await seal(0, true, bytes)).not.toEqual(await seal(0, true, bytes));
  });

  it('[ST4] do not open when any one bit is another', async () => {
    const random = seededRandom(4);
    const sealed = await seal(3, true, random.bytes(500));
    for (let run = 0; run < 300; run += 1) {
      const flipped = sealed.slice();
      const at = random.below(flipped.length);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << random.below(8));
      await expect(openRecord(key, { index: 3, last: true }, flipped)).rejects.toThrow(
        'upload-damaged',
      );
    }
  });

  it('[ST4] do not open at another place, or under another key', async () => {
    const other = await deriveStorageKey(secret, salt.toReversed());
    const [first, , last] = await sealAll(3);
    if (first === undefined || last === undefined) throw new Error('three were sealed');
    const refused = [
      openRecord(key, { index: 1, last: false }, first),
      openRecord(key, { index: 0, last: true }, first),
      openRecord(key, { index: 2, last: false }, last),
      openRecord(other, { index: 0, last: false }, first),
    ];
    await Promise.all(refused.map((opening) => expect(opening).rejects.toThrow('upload-damaged')));
  });

  it('[ST4] are refused when they are swapped, missing, repeated or cut short, by seed', async () => {
    const records = await sealAll(4);
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = seededRandom(seed);
      const damaged = damage(records, random);
      const opening = Promise.all(
        damaged.map((record, index) =>
          openRecord(key, { index, last: index === damaged.length - 1 }, record),
        ),
      );
      await expect(opening, `seed ${seed}`).rejects.toThrow('upload-damaged');
    }
  });
});

function damage(
  records: readonly Uint8Array<ArrayBuffer>[],
  random: ReturnType<typeof seededRandom>,
) {
  const all = [...records];
  const at = random.below(all.length - 1);
  const record = all[at] ?? new Uint8Array();
  switch (random.below(5)) {
    case 0:
      all[at] = all[at + 1] ?? record;
      all[at + 1] = record;
      break;
    case 1:
      all.splice(at, 1);
      break;
    case 2:
      all.splice(at, 0, record);
      break;
    case 3:
      all[at] = record.slice(0, random.below(record.length));
      break;
    default:
      all.length = at + 1;
  }
  return all;
}
