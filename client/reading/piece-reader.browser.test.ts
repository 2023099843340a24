import { describe, expect, it } from 'vitest';
import { encodeBase64url } from '../encoding/base64url.ts';
import { PIECE_BYTES, buildManifest, describeFile, digestManifest } from '../share/manifest.ts';
import { decodeDataFrame } from '../transfer/data-frame.ts';
import { PieceReader } from './piece-reader.ts';
import { joinParts } from '../integrity/verify-piece.ts';

const MAX_FRAME = 262_144;

function openReader(...files: readonly File[]) {
  const manifest = buildManifest(files.map((file) => describeFile(file)));
  if (manifest === null) throw new Error('within the limits');
  const roots: string[] = [];
  return { manifest, roots, reader: new PieceReader(files, manifest, (root) => roots.push(root)) };
}

describe('piece reader', () => {
  it('reads a piece in its worker, with its SHA-256, as frames', async () => {
    const bytes = Uint8Array.from({ length: PIECE_BYTES + 5 }, (_, index) => index % 253);
    const { reader } = openReader(new File(['x'], 'first'), new File([bytes], 'second'));
    const framed = await reader.read(1, MAX_FRAME);
    const frames = framed.frames.map((frame) => decodeDataFrame(frame.slice().buffer));
    const joined = joinParts(frames.map((frame) => frame.payload));
    expect(joined.every((byte, index) => byte === bytes[index])).toBe(true);
    const digest = await crypto.subtle.digest('SHA-256', bytes.slice(0, PIECE_BYTES));
    expect([...framed.hash]).toEqual([...new Uint8Array(digest)]);
    expect(frames[0]).toMatchObject({ file: 1, piece: 0 });
    reader.close();
  });

  it('[EN1] knows the root hash once every piece was read: SHA-256 of manifest digest and piece hashes', async () => {
    const { reader, roots, manifest } = openReader(new File(['a'], 'a'), new File(['b'], 'b'));
    const first = await reader.read(0, MAX_FRAME);
    expect(reader.root).toBeNull();
    const second = await reader.read(1, MAX_FRAME);
    const all = joinParts([await digestManifest(manifest), first.hash, second.hash]);
    const expected = encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', all)));
    expect(reader.root).toBe(expected);
    await reader.read(0, MAX_FRAME);
    expect(roots).toEqual([expected]);
    reader.close();
  });

  it('[EN1] knows the root hash of a share without bytes at once', async () => {
    const { reader, roots } = openReader(new File([], 'empty'));
    await expect.poll(() => roots).toHaveLength(1);
    reader.close();
  });

  it('reads a piece once for all that want it at the same time', async () => {
    const { reader } = openReader(new File(['a'], 'a'));
    const [one, other] = await Promise.all([reader.read(0, MAX_FRAME), reader.read(0, MAX_FRAME)]);
    expect(one).toBe(other);
    reader.close();
  });

  it('says that the source changed where a file is shorter than it was', async () => {
    const file = new File(['short'], 'a');
    const manifest = buildManifest([{ ...describeFile(file), size: 10 }]);
    if (manifest === null) throw new Error('within the limits');
    const reader = new PieceReader([file], manifest, () => {});
    await expect(reader.read(0, MAX_FRAME)).rejects.toThrow('source-changed');
    reader.close();
  });

  it('rejects what still waits when it is closed', async () => {
    const { reader } = openReader(new File(['a'], 'a'));
    const reading = reader.read(0, MAX_FRAME);
    reader.close();
    await expect(reading).rejects.toThrow('source-unreadable');
  });
});
