import { HASH_BYTES } from '../integrity/hash-ledger.ts';
import { crc32 } from './crc32.ts';

/**
 * A journal says which pieces of a share this browser has verified: records of one size, only ever appended. A record, in
 * big-endian: u32 piece, u64 bytes kept so far in all, 32 bytes SHA-256 of the piece, u32 CRC-32 of the 44 bytes before.
 */
export const JOURNAL_RECORD_BYTES = 48;

const KEPT_BYTES_AT = 4;
const HASH_AT = 12;
const CRC_AT = HASH_AT + HASH_BYTES;
/** Stands in place of a piece: everything the journal says before it is on the disk. */
const CHECKPOINT = 0xffff_ffff;
const NO_HASH = new Uint8Array(HASH_BYTES);

/** A piece and its SHA-256. */
export interface HashedPiece {
  /** in the share's numbering */
  readonly piece: number;
  readonly hash: Uint8Array<ArrayBuffer>;
}

/** One piece that was verified and kept; or, where its hash is all zeros, was kept and is not any more. */
export interface JournalEntry extends HashedPiece {
  /** how many bytes of the share are kept, this piece included */
  readonly keptBytes: number;
}

/** What a journal says. */
export interface Journal {
  /** in the order they were written; the later of two entries of one piece is the one that counts */
  readonly entries: readonly JournalEntry[];
  /** how many of the entries, from the first, stand before the last checkpoint */
  readonly checkpointed: number;
  /** as the last good record says, checkpoint or piece; 0 where there is none */
  readonly keptBytes: number;
  /** in bytes, without a torn record at the end: where the next one goes */
  readonly length: number;
}

/** The record of a piece that was kept. */
export function encodeJournalRecord(entry: JournalEntry): Uint8Array<ArrayBuffer> {
  const record = new Uint8Array(JOURNAL_RECORD_BYTES);
  const view = new DataView(record.buffer);
  view.setUint32(0, entry.piece);
  view.setBigUint64(KEPT_BYTES_AT, BigInt(entry.keptBytes));
  record.set(entry.hash, HASH_AT);
  view.setUint32(CRC_AT, crc32(record.subarray(0, CRC_AT)));
  return record;
}

/** The record that says: everything before it is on the disk. */
export function encodeCheckpoint(keptBytes: number): Uint8Array<ArrayBuffer> {
  return encodeJournalRecord({ piece: CHECKPOINT, keptBytes, hash: NO_HASH });
}

/** The record that says: this piece turned out not to be there. */
export function encodeRevocation(piece: number, keptBytes: number): Uint8Array<ArrayBuffer> {
  return encodeJournalRecord({ piece, keptBytes, hash: NO_HASH });
}

/**
 * Reads a journal from whatever bytes are there: a torn record at the end is left out, damaged ones and those of pieces that the
 * share does not have are skipped. The hashes are views into `bytes`.
 */
export function decodeJournal(bytes: Uint8Array<ArrayBuffer>, pieceCount: number): Journal {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length - (bytes.length % JOURNAL_RECORD_BYTES);
  const entries: JournalEntry[] = [];
  let checkpointed = 0;
  let keptBytes = 0;
  for (let start = 0; start < length; start += JOURNAL_RECORD_BYTES) {
    const end = start + CRC_AT;
    if (view.getUint32(end) !== crc32(bytes.subarray(start, end))) continue;
    const kept = Number(view.getBigUint64(start + KEPT_BYTES_AT));
    if (!Number.isSafeInteger(kept)) continue;
    const piece = view.getUint32(start);
    if (piece === CHECKPOINT) checkpointed = entries.length;
    else if (piece >= pieceCount) continue;
    else entries.push({ piece, keptBytes: kept, hash: bytes.subarray(start + HASH_AT, end) });
    keptBytes = kept;
  }
  return { entries, checkpointed, keptBytes, length };
}

/** The pieces that a journal says are kept: of those on the disk for sure, and of the others, which have to be looked at. */
export function keptPieces(journal: Journal): {
  readonly certain: readonly HashedPiece[];
  readonly uncertain: readonly HashedPiece[];
} {
  const last = new Map<number, number>();
  for (const [index, { piece }] of journal.entries.entries()) last.set(piece, index);
  const certain: HashedPiece[] = [];
  const uncertain: HashedPiece[] = [];
  for (const [index, { piece, hash }] of journal.entries.entries()) {
    if (last.get(piece) !== index || hash.every((byte) => byte === 0)) continue;
    (index < journal.checkpointed ? certain : uncertain).push({ piece, hash });
  }
  return { certain, uncertain };
}
