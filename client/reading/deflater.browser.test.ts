import { afterEach, describe, expect, it } from 'vitest';
import {
  PIECE_BYTES,
  buildManifest,
  countPieces,
  describeChosen,
  locatePiece,
} from '../share/manifest.ts';
import type { CallMessage } from '../worker/call-protocol.ts';
import type { DeflateCalls } from './deflate-calls.ts';
import { SMALLEST_DEFLATED_BYTES, Deflater, startDeflateThread } from './deflater.ts';

const opened: Deflater[] = [];

afterEach(() => {
  for (const deflater of opened.splice(0)) deflater.close();
});

/** JSON lines. */
function textOf(bytes: number): Uint8Array<ArrayBuffer> {
  let text = '';
  for (let line = 0; text.length < bytes; line += 1) {
    text += `${JSON.stringify({ line, name: `name ${(line * 7_919) % 1_000}` })}\n`;
  }
  return new TextEncoder().encode(text).slice(0, bytes);
}

function noiseOf(bytes: number): Uint8Array<ArrayBuffer> {
  const noise = new Uint8Array(bytes);
  for (let start = 0; start < bytes; start += 65_536) {
    crypto.getRandomValues(noise.subarray(start, start + 65_536));
  }
  return noise;
}

/** Whether these are the same; a matcher would take seconds for it. */
function same(one: Uint8Array | undefined, other: Uint8Array): boolean {
  return one?.length === other.length && one.every((byte, index) => byte === other[index]);
}

/** A deflater of these files, and the calls that its worker gets. */
function openDeflater(files: readonly File[], start = startDeflateThread) {
  const manifest = buildManifest(files.map((file) => describeChosen({ path: file.name, file })));
  if (manifest === null) throw new Error('within the limits');
  const calls: string[] = [];
  const deflater = new Deflater(manifest, files, () => {
    const thread = start();
    const post = thread.postMessage.bind(thread);
    thread.postMessage = (message: CallMessage<DeflateCalls>, transfer?: unknown) => {
      calls.push(message.name);
      post(message, { transfer: Array.isArray(transfer) ? transfer : [] });
    };
    return thread;
  });
  opened.push(deflater);
  const encode = async (piece: number) => {
    const place = locatePiece(manifest, piece);
    const blob = files[place.file]?.slice(place.start, place.start + place.length);
    const bytes = new Uint8Array((await blob?.arrayBuffer()) ?? []);
    return deflater.encode(piece, place, bytes);
  };
  return { calls, deflater, encode };
}

describe('deflater', () => {
  it('[RQ5] deflates the pieces of a file that shrinks, and gives the others back as they were', async () => {
    const plain = textOf(2 * PIECE_BYTES);
    const { encode } = openDeflater([new File([plain], 'text')]);
    for (const piece of [0, 1]) {
      const encoded = await encode(piece);
      expect(encoded?.form).toBe('deflated');
      const deflated = new Blob([encoded?.bytes ?? '']).stream();
      const stream = deflated.pipeThrough(new DecompressionStream('deflate-raw'));
      const inflated = new Uint8Array(await new Response(stream).arrayBuffer());
      const expected = plain.subarray(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES);
      expect(same(inflated, expected)).toBe(true);
    }
  });

  it('samples a file that does not shrink once, and then leaves its pieces alone', async () => {
    const noise = noiseOf(6 * PIECE_BYTES);
    const { calls, encode } = openDeflater([new File([noise], 'noise')]);
    const encoded = await Promise.all([0, 1, 2, 3, 4, 5].map((piece) => encode(piece)));
    expect(encoded.map((one) => one?.form)).toEqual(Array.from({ length: 6 }, () => 'plain'));
    expect(same(encoded[5]?.bytes, noise.subarray(5 * PIECE_BYTES))).toBe(true);
    expect(calls).toEqual(['sample']);
  });

  it('tries the one piece of a small file without a sample, and learns from others of its kind', async () => {
    const files = Array.from({ length: 40 }, (_, index) => [
      new File([textOf(5_000)], `${index}.txt`),
      new File([noiseOf(5_000)], `${index}.bin`),
    ]).flat();
    const { calls, encode } = openDeflater(files);
    for (const piece of files.keys()) {
      expect((await encode(piece))?.form).toBe(piece % 2 === 0 ? 'deflated' : 'plain');
    }
    expect(calls).toEqual(Array.from({ length: 41 }, () => 'deflate'));
  });

  it('prepares itself for the first file, so that its first piece waits for nothing but itself', async () => {
    const empty = new File([], 'empty');
    const text = new File([textOf(2 * PIECE_BYTES)], 'text');
    const { calls, deflater, encode } = openDeflater([empty, text]);
    deflater.prepare();
    deflater.prepare();
    expect(calls).toEqual(['sample']);
    await encode(0);
    expect(calls).toEqual(['sample', 'deflate']);
  });

  it('gives back as it was a piece that does not shrink in a file that does', async () => {
    const noise = noiseOf(PIECE_BYTES);
    const mixed = new File([textOf(PIECE_BYTES), noise, textOf(4 * PIECE_BYTES)], 'mixed');
    const { encode } = openDeflater([mixed]);
    const forms = [];
    for (let piece = 0; piece < countPieces(mixed.size); piece += 1) {
      forms.push((await encode(piece))?.form);
    }
    expect(forms).toEqual(['deflated', 'plain', 'deflated', 'deflated', 'deflated', 'deflated']);
    expect(same((await encode(1))?.bytes, noise)).toBe(true);
  });

  it('does not begin with what is compressed by its kind, or so small that nothing is gained', async () => {
    const tiny = new File([textOf(SMALLEST_DEFLATED_BYTES - 1)], 'tiny.txt');
    const { calls, encode } = openDeflater([new File([textOf(5_000)], 'photo.jpg'), tiny]);
    expect([(await encode(0))?.form, (await encode(1))?.form]).toEqual(['plain', 'plain']);
    expect(calls).toEqual([]);
  });

  it('[RQ5] encodes a piece the same again, however fast the link has become', async () => {
    const file = new File([textOf(3 * PIECE_BYTES)], 'text');
    const { deflater, encode } = openDeflater([file]);
    expect((await encode(0))?.form).toBe('deflated');
    const realNow = performance.now.bind(performance);
    try {
      let now = realNow();
      performance.now = () => now;
      for (let second = 0; second < 3; second += 1) {
        deflater.noteSent(1e12);
        now += 1_000;
      }
      deflater.noteSent(1);
      expect((await encode(1))?.form).toBe('plain');
      expect((await encode(0))?.form).toBe('deflated');
    } finally {
      performance.now = realNow;
    }
    expect((await encode(1))?.form).toBe('plain');
  });

  it('says that a piece was lost with its worker, and leaves the next ones as they are', async () => {
    const { encode } = openDeflater([new File([textOf(2 * PIECE_BYTES)], 'text')], () => {
      const missing = new Worker('/there-is-no-such.worker.js', { type: 'module' });
      missing.addEventListener('error', (event) => event.preventDefault());
      return missing;
    });
    expect(await encode(0)).toBeNull();
    expect((await encode(1))?.form).toBe('plain');
  });
});
