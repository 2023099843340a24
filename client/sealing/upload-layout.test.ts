import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PIECE_BYTES, locatePiece } from '../share/manifest.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import { RECORD_BYTES, SEALED_RECORD_BYTES } from './record.ts';
import {
  fileBytesBefore,
  hashSpan,
  layOutUpload,
  pieceAt,
  pieceSpan,
  recordPlace,
  recordSpan,
  recordsOf,
  sealedLength,
  sealedSpan,
  streamLength,
} from './upload-layout.ts';

const size = fc.oneof(fc.constant(0), fc.nat(100), fc.nat(5 * PIECE_BYTES), fc.nat(2 ** 33));
const layouts = fc
  .tuple(fc.array(size, { maxLength: 30 }), fc.integer({ min: 1, max: 3 }))
  .map(([sizes, records]) => layOutUpload(makeManifest(...sizes), records * RECORD_BYTES));
const numbersTo = (count: number) => Array.from({ length: Math.min(count, 200) }, (_, n) => n);

describe('layout of an upload', () => {
  it('[ST6] puts every piece behind the one before, each behind its hash', () => {
    fc.assert(
      fc.property(layouts, (layout) => {
        let position = layout.prefaceBytes;
        for (const piece of numbersTo(layout.manifest.pieceCount)) {
          const { start, end } = pieceSpan(layout, piece);
          expect(start).toBe(position);
          expect(end - start).toBe(32 + locatePiece(layout.manifest, piece).length);
          position = end;
        }
      }),
    );
  });

  it('[ST6] ends with the hash of every piece once more', () => {
    fc.assert(
      fc.property(layouts, (layout) => {
        const { pieceCount, totalBytes } = layout.manifest;
        const last = pieceCount === 0 ? layout.prefaceBytes : pieceSpan(layout, pieceCount - 1).end;
        expect(layout.hashListStart).toBe(last);
        expect(hashSpan(layout, 0, pieceCount)).toEqual({ start: last, end: layout.streamBytes });
        expect(layout.streamBytes).toBe(layout.prefaceBytes + totalBytes + 64 * pieceCount);
      }),
    );
  });

  it('[ST6] finds the piece of every byte', () => {
    fc.assert(
      fc.property(layouts, fc.double({ min: 0, max: 1, noNaN: true }), (layout, fraction) => {
        const position = Math.floor(fraction * (layout.streamBytes - 1));
        const piece = pieceAt(layout, position);
        if (piece === null) {
          expect(position < layout.prefaceBytes || position >= layout.hashListStart).toBe(true);
          return;
        }
        const { start, end } = pieceSpan(layout, piece);
        expect(position >= start && position < end).toBe(true);
        const [at, next] = [
          fileBytesBefore(layout, position),
          fileBytesBefore(layout, position + 1),
        ];
        expect(next - at).toBe(position - start >= 32 ? 1 : 0);
      }),
    );
  });

  it('[ST1] [ST6] cuts the stream into records without a gap, the last one marked', () => {
    fc.assert(
      fc.property(layouts, (layout) => {
        const { streamBytes, recordCount } = layout;
        const last = recordSpan(streamBytes, recordCount - 1);
        expect(last.end).toBe(streamBytes);
        expect(last.end - last.start).toBeGreaterThan(0);
        expect(recordPlace(streamBytes, recordCount - 1).last).toBe(true);
        if (recordCount > 1) expect(recordPlace(streamBytes, recordCount - 2).last).toBe(false);
        const sealed = sealedSpan(streamBytes, recordCount - 1, recordCount);
        expect(sealed.start).toBe((recordCount - 1) * SEALED_RECORD_BYTES);
        expect(sealed.end).toBe(layout.sealedBytes);
        expect(layout.sealedPrefaceBytes % SEALED_RECORD_BYTES).toBe(0);
      }),
    );
  });

  it('[ST1] knows which records the bytes of a piece are in', () => {
    fc.assert(
      fc.property(layouts, fc.nat(), (layout, number) => {
        const { pieceCount } = layout.manifest;
        if (pieceCount === 0) return;
        const span = pieceSpan(layout, number % pieceCount);
        const { first, end } = recordsOf(span);
        const covered = [
          recordSpan(layout.streamBytes, first),
          recordSpan(layout.streamBytes, end - 1),
        ];
        expect(covered[0]?.start).toBeLessThanOrEqual(span.start);
        expect(covered[0]?.end).toBeGreaterThan(span.start);
        expect(covered[1]?.start).toBeLessThan(span.end);
        expect(covered[1]?.end).toBeGreaterThanOrEqual(span.end);
      }),
    );
  });

  it('tells the length of the stream from that of the upload, and which lengths are none', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (streamBytes) => {
        expect(streamLength(sealedLength(streamBytes))).toBe(streamBytes);
      }),
    );
    for (const none of [0, 28, SEALED_RECORD_BYTES + 1, SEALED_RECORD_BYTES + 28]) {
      expect(streamLength(none)).toBeNull();
    }
  });

  it('[ST6] has only a preface for a share without pieces', () => {
    for (const manifest of [makeManifest(), makeManifest(0, 0)]) {
      const layout = layOutUpload(manifest, RECORD_BYTES);
      expect([layout.recordCount, layout.sealedBytes]).toEqual([1, SEALED_RECORD_BYTES]);
      expect(recordPlace(layout.streamBytes, 0)).toEqual({ index: 0, last: true });
    }
  });

  it('lays out the largest shares', () => {
    const files = layOutUpload(makeManifest(...Array<number>(100_000).fill(1)), RECORD_BYTES);
    expect(pieceSpan(files, 99_999)).toEqual({
      start: RECORD_BYTES + 99_999 * 33,
      end: RECORD_BYTES + 100_000 * 33,
    });
    const bytes = layOutUpload(makeManifest(2 ** 44), RECORD_BYTES);
    expect(bytes.manifest.pieceCount).toBe(2 ** 24);
    expect(pieceSpan(bytes, 2 ** 24 - 1).end).toBe(bytes.hashListStart);
    expect(pieceAt(bytes, bytes.hashListStart - 1)).toBe(2 ** 24 - 1);
    expect(Number.isSafeInteger(bytes.sealedBytes)).toBe(true);
  });
});
