import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSecret } from '../share/link.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import {
  type ShareRecord,
  decodeShareHead,
  decodeShareRecord,
  encodeShareFiles,
  encodeShareHead,
} from './share-record.ts';

const record: ShareRecord = {
  secret: createSecret(),
  manifest: makeManifest(3, 0, 2_000_000),
  membership: {
    token: 't'.repeat(22),
    iceServers: [{ urls: ['stun:stun.example.org'] }],
    maxLanes: 4,
  },
  upload: { id: 'i'.repeat(22), salt: 's'.repeat(22), owner: 'o'.repeat(43) },
  sendBy: 'server',
  choice: { lifetimeHours: 1, downloadLimit: 1 },
  createdAt: 1_000,
};

describe('the record of a share', () => {
  it('reads what it wrote, with and without a place in the room', () => {
    for (const one of [record, { ...record, membership: null }]) {
      expect(decodeShareRecord(encodeShareHead(one), encodeShareFiles(one))).toEqual(one);
    }
  });

  it('may be one that an earlier version kept, which knew no number of lanes', () => {
    const head = encodeShareHead(record).replace(',"maxLanes":4', '');
    expect(decodeShareRecord(head, encodeShareFiles(record))?.membership?.maxLanes).toBe(32);
  });

  it('tells by its small part what a list of shares shows', () => {
    expect(decodeShareHead(encodeShareHead(record))).toMatchObject({
      name: 'file-0',
      fileCount: 3,
      totalBytes: 2_000_003,
    });
  });

  it.each([
    ['nothing', '', ''],
    [
      'another format',
      encodeShareHead(record).replace('"format":1', '"format":2'),
      encodeShareFiles(record),
    ],
    [
      'a secret that is none',
      encodeShareHead(record).replace(/"secret":"./, '"secret":"!'),
      encodeShareFiles(record),
    ],
    [
      'a short secret',
      encodeShareHead(record).replace(/"secret":"[^"]*"/, '"secret":"AAAA"'),
      encodeShareFiles(record),
    ],
    ['files that are none', encodeShareHead(record), '[{"path":"a"}]'],
    ['files that were cut off', encodeShareHead(record), encodeShareFiles(record).slice(0, -5)],
  ])('is none where there is %s', (_, head, files) => {
    expect(decodeShareRecord(head, files)).toBeNull();
  });

  it('is none or whole, whatever the bytes', () => {
    const cut = (text: string) =>
      fc
        .tuple(fc.nat(text.length), fc.string({ maxLength: 3 }))
        .map(([at, put]) => text.slice(0, at) + put + text.slice(at + 1));
    fc.assert(
      fc.property(cut(encodeShareHead(record)), cut(encodeShareFiles(record)), (head, files) => {
        const read = decodeShareRecord(head, files);
        expect(read === null || read.secret.length === 16).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
