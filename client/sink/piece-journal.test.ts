import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../testing/random.ts';
import { crc32 } from './crc32.ts';
import {
  JOURNAL_RECORD_BYTES,
  type JournalEntry,
  decodeJournal,
  encodeCheckpoint,
  encodeJournalRecord,
  encodeRevocation,
  keptPieces,
} from './piece-journal.ts';

const PIECES = 1_000;

const anyEntry = fc.record({
  piece: fc.nat(PIECES - 1),
  keptBytes: fc.nat(Number.MAX_SAFE_INTEGER),
  hash: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Uint8Array.from(bytes)),
});

function join(records: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(records.reduce((sum, record) => sum + record.length, 0));
  let position = 0;
  for (const record of records) {
    bytes.set(record, position);
    position += record.length;
  }
  return bytes;
}

const plain = (entries: readonly JournalEntry[]) =>
  entries.map(({ piece, keptBytes, hash }) => ({ piece, keptBytes, hash: [...hash] }));

const entryOf = (piece: number): JournalEntry => ({
  piece,
  keptBytes: piece + 1,
  hash: new Uint8Array(32).fill(piece),
});

describe('piece journal', () => {
  it('reads back what was written', () => {
    fc.assert(
      fc.property(fc.array(anyEntry), (entries) => {
        const journal = decodeJournal(join(entries.map(encodeJournalRecord)), PIECES);
        expect(plain(journal.entries)).toEqual(plain(entries));
        expect(journal.length).toBe(entries.length * JOURNAL_RECORD_BYTES);
        expect(journal.keptBytes).toBe(entries.at(-1)?.keptBytes ?? 0);
        expect(journal.checkpointed).toBe(0);
      }),
    );
  });

  it('has this layout', () => {
    const record = encodeJournalRecord({
      piece: 0x01020304,
      keptBytes: 0x1_0000_0005,
      hash: new Uint8Array(32).fill(0xab),
    });
    const hex = [...record].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    expect(hex).toBe(`010203040000000100000005${'ab'.repeat(32)}a4e42c78`);
  });

  it('counts the entries before the last checkpoint', () => {
    const bytes = join([
      encodeJournalRecord(entryOf(0)),
      encodeCheckpoint(1),
      encodeJournalRecord(entryOf(1)),
      encodeCheckpoint(2),
      encodeJournalRecord(entryOf(2)),
    ]);
    expect(decodeJournal(bytes, PIECES)).toMatchObject({ checkpointed: 2, keptBytes: 3 });
    expect(decodeJournal(bytes.slice(0, -JOURNAL_RECORD_BYTES), PIECES).keptBytes).toBe(2);
  });

  it('says of each piece what was written of it last, and which are on the disk for sure', () => {
    const changed = { piece: 1, keptBytes: 3, hash: new Uint8Array(32).fill(9) };
    const bytes = join([
      ...[5, 1, 2, 3].map((piece) => encodeJournalRecord(entryOf(piece))),
      encodeRevocation(3, 3),
      encodeCheckpoint(3),
      encodeJournalRecord(changed),
      encodeRevocation(2, 2),
      encodeJournalRecord(entryOf(4)),
      encodeJournalRecord(entryOf(3)),
    ]);
    const { certain, uncertain } = keptPieces(decodeJournal(bytes, PIECES));
    expect(certain.map(({ piece }) => piece)).toEqual([5]);
    expect(uncertain.map(({ piece, hash }) => [piece, hash[0]])).toEqual([
      [1, 9],
      [4, 4],
      [3, 3],
    ]);
  });

  it('leaves out a record that was torn off, wherever that was', () => {
    const bytes = join([0, 1, 2].map((piece) => encodeJournalRecord(entryOf(piece))));
    for (let length = 0; length <= bytes.length; length += 1) {
      const journal = decodeJournal(bytes.slice(0, length), PIECES);
      expect(journal.entries).toHaveLength(Math.floor(length / JOURNAL_RECORD_BYTES));
      expect(journal.length).toBe(journal.entries.length * JOURNAL_RECORD_BYTES);
    }
  });

  it('skips a record with any one bit changed, and keeps the others', () => {
    const bytes = join([0, 1, 2].map((piece) => encodeJournalRecord(entryOf(piece))));
    for (let bit = 0; bit < JOURNAL_RECORD_BYTES * 8; bit += 1) {
      const damaged = bytes.slice();
      const at = JOURNAL_RECORD_BYTES + (bit >> 3);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (bit & 7));
      const { entries } = decodeJournal(damaged, PIECES);
      expect(entries.map(({ piece }) => piece)).toEqual([0, 2]);
    }
  });

  it('ignores pieces that the share does not have, and impossible sums of bytes', () => {
    const huge = encodeJournalRecord(entryOf(1));
    new DataView(huge.buffer).setBigUint64(4, 2n ** 60n);
    new DataView(huge.buffer).setUint32(44, crc32(huge.subarray(0, 44)));
    const bytes = join([encodeJournalRecord(entryOf(5)), huge, encodeJournalRecord(entryOf(4))]);
    const journal = decodeJournal(bytes, 5);
    expect(journal.entries.map(({ piece }) => piece)).toEqual([4]);
    expect(journal.keptBytes).toBe(5);
  });

  it('takes any bytes at all', () => {
    for (let seed = 0; seed < 500; seed += 1) {
      const random = seededRandom(seed);
      const good = [0, 1, 2, 3].map((piece) => encodeJournalRecord(entryOf(piece)));
      const bytes = join([...good, encodeCheckpoint(4), random.bytes(random.below(200))]);
      const damage = random.below(40);
      for (let n = 0; n < damage; n += 1) bytes[random.below(bytes.length)] = random.below(256);
      const journal = decodeJournal(bytes, 4);
      expect(journal.checkpointed, `seed ${seed}`).toBeLessThanOrEqual(journal.entries.length);
      for (const { piece, hash } of journal.entries) {
        expect([...hash], `seed ${seed}`).toEqual(Array.from({ length: 32 }, () => piece));
      }
    }
  });

  it('knows the CRC-32 that the standard gives for 123456789', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  });
});
