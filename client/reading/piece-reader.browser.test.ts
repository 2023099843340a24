import { afterEach, describe, expect, it } from 'vitest';
import { encodeBase64url } from '../encoding/base64url.ts';
import { joinParts } from '../integrity/verify-piece.ts';
import { PIECE_BYTES, buildManifest, describeChosen, digestManifest } from '../share/manifest.ts';
import { emptyNumberSet, fullNumberSet, withNumbers } from '../share/number-set.ts';
import type { CallMessage } from '../worker/call-protocol.ts';
import { PieceReader, type ReadSource, startReadThread } from './piece-reader.ts';
import type { ReadCalls } from './read-calls.ts';

const FOLDER = 'reader-test';

const opened: PieceReader[] = [];

afterEach(async () => {
  for (const reader of opened.splice(0)) reader.close();
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(FOLDER, { recursive: true }).catch(() => {});
});

/** A reader of these files, what it told, and the messages that its worker was sent. */
async function openReader(files: readonly File[], changes: Partial<ReadSource> = {}) {
  const entries = files.map((file) => describeChosen({ path: file.name, file }));
  const manifest = changes.manifest ?? buildManifest(entries);
  if (manifest === null) throw new Error('within the limits');
  const digest = await digestManifest(manifest);
  const told: string[] = [];
  const sent: number[][] = [];
  const thread = startReadThread();
  const post = thread.postMessage.bind(thread);
  thread.postMessage = (message: CallMessage<ReadCalls>) => {
    if (message.name === 'read') sent.push(message.request.pieces.map(({ number }) => number));
    post(message);
  };
  const source = { manifest, digest, files, failed: new Map(), journal: null, ...changes };
  const reader = new PieceReader(
    source,
    {
      onFileFailed: (file, reason) => told.push(`${file}: ${reason}`),
      onBroken: (reason) => told.push(`broken: ${reason}`),
    },
    thread,
  );
  opened.push(reader);
  const only = (...numbers: readonly number[]) =>
    withNumbers(emptyNumberSet(manifest.entries.length), numbers);
  return { manifest, digest, reader, told, sent, only };
}

async function openJournal(): Promise<FileSystemFileHandle> {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle(FOLDER, { create: true });
  return await folder.getFileHandle('journal', { create: true });
}

describe('piece reader', () => {
  it('reads a piece in its worker, with its SHA-256', async () => {
    const bytes = Uint8Array.from({ length: PIECE_BYTES + 5 }, (_, index) => index % 253);
    const { reader } = await openReader([new File(['x'], 'first'), new File([bytes], 'second')]);
    const { place, hash, form, bytes: read } = await reader.read(1, false);
    expect([place.file, place.piece, form]).toEqual([1, 0, 'plain']);
    const piece = bytes.slice(0, PIECE_BYTES);
    expect(read.every((byte, index) => byte === piece[index])).toBe(true);
    expect(hash).toEqual(new Uint8Array(await crypto.subtle.digest('SHA-256', piece)));
  });

  it('[RQ5] deflates a piece that shrinks, but not for a receiver that cannot inflate', async () => {
    const text = 'the same again, '.repeat(3 * 65_536);
    const { reader } = await openReader([new File([text], 'text'), new File([text], 'film.mp4')]);
    const { hash, form, bytes } = await reader.read(0, true);
    expect(form).toBe('deflated');
    expect(bytes.length).toBeLessThan(20_000);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    expect(await new Response(stream).text()).toBe(text.slice(0, PIECE_BYTES));
    const plain = await reader.read(0, false);
    expect([plain.form, plain.bytes.length]).toEqual(['plain', PIECE_BYTES]);
    expect(plain.hash).toEqual(hash);
    expect((await reader.read(3, true)).form).toBe('plain');
  });

  it('[EN1] knows the root hash of a selection once every piece of it was read', async () => {
    const files = ['a', 'b', 'c'].map((text) => new File([text], text));
    const { reader, digest, only } = await openReader(files);
    const roots: string[] = [];
    reader.watchRoot(only(0, 2), (root) => roots.push(root));
    await reader.read(1, true);
    expect(roots).toEqual([]);
    const [first, last] = await Promise.all([reader.read(0, true), reader.read(2, true)]);
    const all = joinParts([digest, Uint8Array.of(0b101), first.hash, last.hash]);
    const expected = encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', all)));
    await expect.poll(() => roots).toEqual([expected]);
  });

  it('[EN3] reads by itself, for the hash alone, what nobody asked for, and says how far it is', async () => {
    const files = [new File([new Uint8Array(5 * PIECE_BYTES)], 'a'), new File(['b'], 'b')];
    const { reader, only } = await openReader(files);
    const roots: string[] = [];
    await reader.read(2, true);
    const watch = reader.watchRoot(only(0), (root) => roots.push(root));
    expect(watch.restBytesRead).toBe(0);
    watch.wantRest();
    await expect.poll(() => roots.length).toBe(1);
    expect(watch.restBytesRead).toBe(4 * PIECE_BYTES);
  });

  it('reads a piece once for all that want it at the same time, and shortly after while somebody is there', async () => {
    const { reader, sent } = await openReader([new File(['a'], 'a')]);
    const [one, other] = await Promise.all([reader.read(0, true), reader.read(0, true)]);
    expect(one).toBe(other);
    await reader.read(0, true);
    expect(sent).toEqual([[0], [0]]);
    reader.setReceivers(1);
    const kept = await reader.read(0, true);
    expect(await reader.read(0, true)).toBe(kept);
    expect(sent.length).toBe(3);
    reader.setReceivers(0);
    await reader.read(0, true);
    expect(sent.length).toBe(4);
  });

  it('gives bytes away, and keeps those that a receiver may want', async () => {
    const { reader, sent } = await openReader([new File(['a'], 'a')]);
    const own = await reader.readToOwn(0);
    expect(own.bytes).toEqual(Uint8Array.of(97));
    reader.setReceivers(1);
    const kept = await reader.read(0, false);
    const copy = await reader.readToOwn(0);
    expect(copy.bytes).toEqual(kept.bytes);
    expect(copy.bytes.buffer).not.toBe(kept.bytes.buffer);
    expect(sent.length).toBe(2);
  });

  it('reads many small files at once, each with its own bytes and hash', async () => {
    const texts = Array.from({ length: 40 }, (_, index) =>
      `the ${index}. of them, `.repeat(index + 1),
    );
    const { reader, sent } = await openReader(
      texts.map((text, index) => new File([text], `${index}`)),
    );
    const read = await Promise.all(texts.map((_, piece) => reader.read(piece, false)));
    expect(sent.length).toBe(1);
    for (const [index, text] of texts.entries()) {
      const plain = new TextEncoder().encode(text);
      expect(read[index]?.bytes).toEqual(plain);
      expect(read[index]?.hash).toEqual(
        new Uint8Array(await crypto.subtle.digest('SHA-256', plain)),
      );
    }
  });

  it('[RQ3] reads the first pieces before a receiver has chosen, and they are in hand when it asks', async () => {
    const large = new File([new Uint8Array(8 * PIECE_BYTES)], 'large');
    const { reader, sent } = await openReader([new File(['a'], 'a'), large]);
    reader.setReceivers(1);
    reader.readFirst(true);
    await expect.poll(() => new Set(sent.flat())).toEqual(new Set([0, 1]));
    await Promise.all([reader.read(0, true), reader.read(1, true)]);
    expect(sent.flat().length).toBe(2);
  });

  it('[RQ3] reads the next pieces of what somebody takes before they are asked for', async () => {
    const large = new File([new Uint8Array(8 * PIECE_BYTES)], 'large');
    const { reader, sent, only } = await openReader([large, new File(['a'], 'a')]);
    reader.setReceivers(1);
    await reader.read(0, true);
    expect(sent).toEqual([[0]]);
    reader.watchRoot(only(0), () => {});
    await reader.read(1, true);
    await expect.poll(() => sent).toEqual([[0], [1], [2], [3], [4], [5]]);
    await Promise.all([2, 3, 4, 5].map((piece) => reader.read(piece, true)));
    await expect.poll(() => sent.flat().length).toBe(8);
    expect(sent.flat()).not.toContain(8);
  });

  it('sends small pieces to its worker together, and each large one alone', async () => {
    const small = Array.from({ length: 70 }, (_, index) => new File(['x'], `${index}`));
    const large = new File([new Uint8Array(2 * PIECE_BYTES)], 'large');
    const { reader, sent } = await openReader([...small, large]);
    await Promise.all(Array.from({ length: 72 }, (_, piece) => reader.read(piece, true)));
    expect(sent.map(({ length }) => length).toSorted((one, two) => one - two)).toEqual([
      1, 1, 6, 64,
    ]);
  });

  it('[RQ4] says once which file is shorter than it was, and goes on with the others', async () => {
    const file = new File(['short'], 'a');
    const entries = [
      { ...describeChosen({ path: 'a', file }), size: PIECE_BYTES + 10 },
      describeChosen({ path: 'b', file }),
    ];
    const manifest = buildManifest(entries);
    if (manifest === null) throw new Error('within the limits');
    const { reader, told, only } = await openReader([file, file], { manifest });
    const roots: string[] = [];
    reader.watchRoot(fullNumberSet(2), (_, had) => roots.push(had.bits.join()));
    await expect(reader.read(0, true)).rejects.toThrow('source-changed');
    await expect(reader.read(1, true)).rejects.toThrow('source-changed');
    await reader.read(2, true);
    expect(told).toEqual(['0: source-changed']);
    expect([...reader.failed]).toEqual([[0, 'source-changed']]);
    await expect.poll(() => roots).toEqual([only(1).bits.join()]);
  });

  it('[RQ4] says that a file cannot be read which there is none of', async () => {
    const file = new File(['a'], 'a');
    const { reader, told } = await openReader([file], { files: [null] });
    await expect(reader.read(0, true)).rejects.toThrow('source-unreadable');
    expect(told).toEqual(['0: source-unreadable']);
  });

  it('[RQ4] knows by the journal of an earlier page whether a file is still the same', async () => {
    const journal = await openJournal();
    const date = { lastModified: 1 };
    const files = [new File(['one'], 'a', date), new File(['two'], 'b', date)];
    const first = await openReader(files, { journal });
    await Promise.all([first.reader.read(0, true), first.reader.read(1, true)]);
    first.reader.close();
    const changed = [new File(['one'], 'a', date), new File(['2wo'], 'b', date)];
    // The journal is this reader's once the worker of the one before is gone.
    await expect
      .poll(async () => {
        const next = await openReader(changed, { journal });
        await Promise.allSettled([next.reader.read(0, true), next.reader.read(1, true)]);
        next.reader.close();
        return next.told;
      })
      .toEqual(['1: source-changed']);
  });

  it('tells that nothing can be read where its worker cannot be loaded', async () => {
    const manifest = buildManifest([{ path: 'a', size: 1, type: '', lastModified: 0 }]);
    if (manifest === null) throw new Error('within the limits');
    const told: string[] = [];
    const missing = new Worker('/there-is-no-such.worker.js', { type: 'module' });
    missing.addEventListener('error', (event) => event.preventDefault());
    const source = { manifest, digest: new Uint8Array(32), files: [null], failed: new Map() };
    const reader = new PieceReader(
      { ...source, journal: null },
      { onFileFailed: () => told.push('a file'), onBroken: (reason) => told.push(reason) },
      missing,
    );
    opened.push(reader);
    await expect(reader.read(0, true)).rejects.toThrow('script-missing');
    expect(told).toEqual(['script-missing']);
  });

  it('rejects what still waits when it is closed, and tells nothing more', async () => {
    const { reader, told } = await openReader([new File(['a'], 'a')]);
    const reading = reader.read(0, true);
    reader.close();
    await expect(reading).rejects.toThrow('unexpected');
    expect(told).toEqual([]);
  });
});
