import { describe, expect, it } from 'vitest';
import { type ManifestEntry, PIECE_BYTES, buildManifest, locatePiece } from '../share/manifest.ts';
import { emptyNumberSet, fullNumberSet, withNumbers } from '../share/number-set.ts';
import { seededRandom } from '../testing/random.ts';
import { layOutData } from './data-layout.ts';
import { MemoryLog } from './memory-log.ts';
import { MemorySink } from './memory-sink.ts';
import { packZip } from './zip.ts';

const WHEN = new Date(2024, 1, 29, 12, 34, 56).getTime();

const entry = (path: string, size: number, lastModified = WHEN): ManifestEntry => ({
  path,
  size,
  type: '',
  lastModified,
});

/** A sink that has every piece of these files; `originals` are its files. */
async function fill(entries: readonly ManifestEntry[]) {
  const manifest = buildManifest(entries);
  if (manifest === null) throw new Error('no such share');
  const sink = new MemorySink(manifest, new MemoryLog());
  const originals = entries.map(({ size }, file) => seededRandom(file).bytes(size).slice());
  for (let piece = 0; piece < manifest.pieceCount; piece += 1) {
    const place = locatePiece(manifest, piece);
    const bytes = originals[place.file]?.slice(place.start, place.start + place.length);
    if (bytes === undefined) throw new Error('no such file');
    await sink.write([{ piece, place, bytes, hash: new Uint8Array(32) }]);
  }
  return { manifest, sink, originals };
}

async function pack(entries: readonly ManifestEntry[], failed: readonly number[] = []) {
  const { manifest, sink, originals } = await fill(entries);
  const layout = layOutData(manifest, fullNumberSet(entries.length));
  const content = { layout, failed: new Set(failed), sink };
  const zip = await packZip(content, () => {}, new AbortController().signal);
  return { zip, files: unzip(new Uint8Array(await zip.arrayBuffer())), originals };
}

/** What an archive holds, read as APPNOTE.TXT 4.3 says: from its end. Small ones only. */
function unzip(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - 22;
  expect(view.getUint32(end, true)).toBe(0x06054b50);
  let at = view.getUint32(end + 16, true);
  return Array.from({ length: view.getUint16(end + 10, true) }, () => {
    expect(view.getUint32(at, true)).toBe(0x02014b50);
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    const size = view.getUint32(at + 24, true);
    const local = view.getUint32(at + 42, true);
    expect(view.getUint32(local, true)).toBe(0x04034b50);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const entry = {
      name,
      utf8: (view.getUint16(at + 8, true) & 0x0800) !== 0,
      time: view.getUint32(at + 12, true),
      crc: view.getUint32(at + 16, true),
      content: bytes.slice(start, start + size),
    };
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    return entry;
  });
}

describe('ZIP archive', () => {
  it('holds every file, large, small and empty, and empty folders', async () => {
    const entries = [
      entry('large.bin', 2 * PIECE_BYTES + 7),
      entry('in/a/folder/small.txt', 5),
      entry('empty', 0),
      entry('empty folder/', 0),
      entry('one piece', PIECE_BYTES),
    ];
    const { files, originals } = await pack(entries);
    expect(files.map(({ name }) => name)).toEqual(entries.map(({ path }) => path));
    for (const [index, { content }] of files.entries()) {
      expect(content.length).toBe(entries[index]?.size);
      expect(content.every((byte, at) => byte === originals[index]?.[at])).toBe(true);
    }
  });

  it('gives the CRC-32 that the standard gives for 123456789, and marks names as UTF-8', async () => {
    const manifest = buildManifest([entry('Müller/日本 👩‍👧.txt', 9)]);
    if (manifest === null) throw new Error('no such share');
    const bytes = new TextEncoder().encode('123456789');
    const sink = { read: async () => new Blob([bytes]), readBack: async () => bytes.slice() };
    const layout = layOutData(manifest, fullNumberSet(1));
    const content = { layout, failed: new Set<number>(), sink };
    const zip = await packZip(content, () => {}, new AbortController().signal);
    const [file] = unzip(new Uint8Array(await zip.arrayBuffer()));
    expect(file).toMatchObject({ name: 'Müller/日本 👩‍👧.txt', crc: 0xcbf43926, utf8: true });
  });

  it('has the dates of the files, as near as ZIP can say them', async () => {
    const dates = [WHEN, 0, 8_640_000_000_000_001];
    const { files } = await pack(dates.map((date, index) => entry(`${index}`, 1, date)));
    const years = files.map(({ time }) => (time >>> 25) + 1980);
    expect(years).toEqual([2024, 1980, 2107]);
    expect(files[0]?.time).toBe((44 << 25) | (2 << 21) | (29 << 16) | (12 << 11) | (34 << 5) | 28);
  });

  it('has safe names, and no two the same', async () => {
    const { files } = await pack(['../a?', 'A_', '/etc/x', 'nul'].map((path) => entry(path, 1)));
    expect(files.map(({ name }) => name)).toEqual(['a_', 'A_ (2)', 'etc/x', '_nul']);
  });

  it('leaves out what could not be had and what was not selected', async () => {
    const { files } = await pack([entry('a', 1), entry('b', 1), entry('c', 1)], [1]);
    expect(files.map(({ name }) => name)).toEqual(['a', 'c']);
    const { manifest, sink } = await fill([entry('a', 1), entry('b', 1)]);
    const layout = layOutData(manifest, withNumbers(emptyNumberSet(2), [1]));
    const content = { layout, failed: new Set<number>(), sink };
    const zip = await packZip(content, () => {}, new AbortController().signal);
    expect(unzip(new Uint8Array(await zip.arrayBuffer()))).toMatchObject([{ name: 'b' }]);
  });

  it('is put together from the files themselves, and copies none of their bytes', async () => {
    const { manifest, sink } = await fill([entry('large', 3 * PIECE_BYTES), entry('one', 900_000)]);
    const other = new Blob(['x'.repeat(3 * PIECE_BYTES)]);
    const read = async (file: number) => (file === 0 ? other : other.slice(0, 900_000));
    const layout = layOutData(manifest, fullNumberSet(2));
    const readBack: MemorySink['readBack'] = (place) => sink.readBack(place);
    const content = { layout, failed: new Set<number>(), sink: { read, readBack } };
    const zip = await packZip(content, () => {}, new AbortController().signal);
    const files = unzip(new Uint8Array(await zip.arrayBuffer()));
    expect(files.every(({ content }) => content.every((byte) => byte === 120))).toBe(true);
  });

  it('holds 10,000 small files', async () => {
    const entries = Array.from({ length: 10_000 }, (_, index) => entry(`f/${index}`, 10));
    const { files, originals } = await pack(entries);
    expect(files).toHaveLength(10_000);
    expect(files.at(-1)?.content).toEqual(originals.at(-1));
  });

  it('tells how much is done, and stops when it is told to', async () => {
    const { manifest, sink } = await fill([entry('a', 5 * PIECE_BYTES)]);
    const layout = layOutData(manifest, fullNumberSet(1));
    const content = { layout, failed: new Set<number>(), sink };
    const told: number[] = [];
    await packZip(content, (fraction) => told.push(fraction), new AbortController().signal);
    expect(told).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
    const abort = new AbortController();
    const packing = packZip(content, () => abort.abort(), abort.signal);
    await expect(packing).rejects.toThrow('abort');
  });

  it('fails where a piece is not there', async () => {
    const { manifest } = await fill([entry('a', 2)]);
    const layout = layOutData(manifest, fullNumberSet(1));
    const sink = new MemorySink(manifest, new MemoryLog());
    const content = { layout, failed: new Set<number>(), sink };
    const packing = packZip(content, () => {}, new AbortController().signal);
    await expect(packing).rejects.toThrow('storage-failed');
  });
});
