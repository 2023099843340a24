import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { encodeBase64url } from '../encoding/base64url.ts';
import {
  MAX_FILES,
  MAX_PIECES,
  PIECE_BYTES,
  type ManifestEntry,
  buildManifest,
  countPieces,
  describeChosen,
  isFolder,
  digestManifest,
  locatePiece,
  manifestEntrySchema,
  numberPiece,
} from './manifest.ts';

const entryOf = (size: number, path = 'a'): ManifestEntry => ({
  path,
  size,
  type: '',
  lastModified: 0,
});

const sizes = fc.array(
  fc.oneof(fc.constantFrom(0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1), fc.nat(2 ** 24)),
  { maxLength: 20 },
);

describe('manifest', () => {
  it('[MF1] cuts every file into pieces that tile it, numbered through the share', () => {
    fc.assert(
      fc.property(sizes, (all) => {
        const manifest = buildManifest(all.map((size) => entryOf(size)));
        if (manifest === null) throw new Error('within the limits');
        const covered = all.map(() => 0);
        for (let number = 0; number < manifest.pieceCount; number += 1) {
          const place = locatePiece(manifest, number);
          expect(place.start).toBe(covered[place.file]);
          expect(place.length).toBeGreaterThan(0);
          expect(place.length).toBeLessThanOrEqual(PIECE_BYTES);
          expect(numberPiece(manifest, place.file, place.piece)).toBe(number);
          covered[place.file] = place.start + place.length;
        }
        expect(covered).toEqual(all);
      }),
    );
  });

  it.each([
    [0, 0],
    [1, 1],
    [PIECE_BYTES - 1, 1],
    [PIECE_BYTES, 1],
    [PIECE_BYTES + 1, 2],
    [64 * PIECE_BYTES, 64],
  ])('[MF1] a file of %i bytes has %i pieces', (size, pieces) => {
    expect(countPieces(size)).toBe(pieces);
  });

  it('[MF2] refuses more files, pieces or bytes than a share may hold', () => {
    const most = Array.from({ length: MAX_FILES }, () => entryOf(0));
    expect(buildManifest(most)?.entries).toHaveLength(MAX_FILES);
    expect(buildManifest([...most, entryOf(0)])).toBeNull();
    expect(buildManifest([entryOf(MAX_PIECES * PIECE_BYTES)])?.pieceCount).toBe(MAX_PIECES);
    expect(buildManifest([entryOf(MAX_PIECES * PIECE_BYTES), entryOf(1)])).toBeNull();
    expect(buildManifest([entryOf(Number.MAX_SAFE_INTEGER), entryOf(1)])).toBeNull();
  });

  it('knows no piece outside the files', () => {
    const manifest = buildManifest([entryOf(PIECE_BYTES), entryOf(0)]);
    if (manifest === null) throw new Error('within the limits');
    expect(numberPiece(manifest, 0, 1)).toBeNull();
    expect(numberPiece(manifest, 1, 0)).toBeNull();
    expect(numberPiece(manifest, 2, 0)).toBeNull();
    expect(() => locatePiece(manifest, 1)).toThrow(RangeError);
    expect(() => locatePiece(manifest, -1)).toThrow(RangeError);
  });

  it('[MF3] describes a chosen file by well-formed text, whatever its name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (name) => {
        const file = new File(['x'], 'x', { lastModified: 5 });
        const entry = describeChosen({ path: name, file });
        expect(v.is(manifestEntrySchema, entry)).toBe(true);
      }),
    );
    const file = new File([], 'x');
    expect(describeChosen({ path: 'a\uD800b', file }).path).toBe('a\uFFFDb');
    expect(describeChosen({ path: '', file }).path).toBe('file');
  });

  it('[MF5] describes an empty folder by a path that ends with a slash, and a file by one that does not', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 5_000 }), fc.boolean(), (path, folder) => {
        const file = folder ? null : new File([], 'x');
        const entry = describeChosen({ path, file });
        expect(isFolder(entry)).toBe(folder);
        expect(v.is(manifestEntrySchema, entry)).toBe(true);
      }),
    );
    expect(describeChosen({ path: 'a/b/', file: null }).path).toBe('a/b/');
  });

  it('[MF5] refuses a folder that has bytes', () => {
    expect(v.is(manifestEntrySchema, entryOf(0, 'a/'))).toBe(true);
    expect(v.is(manifestEntrySchema, entryOf(1, 'a/'))).toBe(false);
  });

  it('[MF3] refuses entries that are not of the form', () => {
    const good = entryOf(5);
    const bad: readonly unknown[] = [
      null,
      { ...good, size: -1 },
      { ...good, size: 1.5 },
      { ...good, size: 2 ** 53 },
      { ...good, path: '' },
      { ...good, path: 'x'.repeat(4_097) },
      { ...good, path: '\uDC00' },
      { ...good, more: 1 },
      { ...good, lastModified: Number.NaN },
    ];
    expect(bad.filter((entry) => v.is(manifestEntrySchema, entry))).toEqual([]);
    expect(v.is(manifestEntrySchema, good)).toBe(true);
  });

  it('[MF4] has a digest that changes with every field and with the order', async () => {
    const digestOf = async (...entries: ManifestEntry[]) => {
      const manifest = buildManifest(entries);
      if (manifest === null) throw new Error('within the limits');
      return encodeBase64url(await digestManifest(manifest));
    };
    const [a, b] = [entryOf(1, 'a'), entryOf(2, 'b')];
    const digests = await Promise.all([
      digestOf(a, b),
      digestOf(b, a),
      digestOf(a),
      digestOf({ ...a, size: 2 }, b),
      digestOf({ ...a, type: 'text/plain' }, b),
      digestOf({ ...a, lastModified: 1 }, b),
      digestOf({ ...a, path: 'c' }, b),
    ]);
    expect(new Set(digests).size).toBe(digests.length);
    expect(await digestOf(a, b)).toBe(digests[0]);
  });
});
