import { describe, expect, it } from 'vitest';
import { PIECE_BYTES } from '../share/manifest.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import { AHEAD_BYTES, AHEAD_PIECES, ReadAhead } from './read-ahead.ts';

const LARGE = AHEAD_BYTES / PIECE_BYTES;

/** A reader that reads nothing until `settle`, and what it was told to read. */
function openReadAhead(sizes: readonly number[], wants: (file: number) => boolean = () => true) {
  const had = new Set<number>();
  const finish: (() => void)[] = [];
  const started: number[] = [];
  const ahead = new ReadAhead(makeManifest(...sizes), {
    wants,
    has: (piece) => had.has(piece),
    read: (piece) => {
      started.push(piece);
      had.add(piece);
      return new Promise((resolve) => finish.push(resolve));
    },
  });
  /** A piece is asked for. @returns what is read ahead of it */
  const ask = async (...pieces: readonly number[]) => {
    for (const piece of pieces) {
      had.add(piece);
      ahead.note(piece, true);
    }
    await Promise.resolve();
    return started.splice(0);
  };
  const settle = async () => {
    for (const done of finish.splice(0)) done();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { ask, settle, forget: () => had.clear() };
}

describe('reading ahead', () => {
  it('reads what follows the last piece that was asked for, a few bytes of it', async () => {
    const { ask, settle } = openReadAhead([20 * PIECE_BYTES]);
    expect(await ask(0)).toEqual(Array.from({ length: LARGE }, (_, index) => index + 1));
    await settle();
    expect(await ask(1, 2, 3)).toEqual([5, 6, 7]);
    await settle();
    expect(await ask(18)).toEqual([19]);
  });

  it('reads as many small pieces ahead, and no more', async () => {
    const { ask } = openReadAhead(Array.from({ length: 200 }, () => 10));
    expect(await ask(0)).toEqual(Array.from({ length: AHEAD_PIECES }, (_, index) => index + 1));
  });

  it('passes over files that nobody takes', async () => {
    const { ask } = openReadAhead([10, 10, 10, 10], (file) => file !== 2);
    expect(await ask(0)).toEqual([1, 3]);
  });

  it('reads nothing twice for one ask, also where it is not kept', async () => {
    const { ask, settle, forget } = openReadAhead([20 * PIECE_BYTES]);
    expect(await ask(0)).toHaveLength(LARGE);
    forget();
    await settle();
    expect(await ask()).toEqual([]);
    expect(await ask(0)).toHaveLength(LARGE);
  });

  it('does not have more read at once, whoever asks here and there', async () => {
    const { ask, settle } = openReadAhead([2_000 * PIECE_BYTES]);
    expect(await ask(0)).toHaveLength(LARGE);
    for (let piece = 100; piece < 1_000; piece += 100) expect(await ask(piece)).toEqual([]);
    await settle();
    expect(await ask()).toEqual(Array.from({ length: LARGE }, (_, index) => 901 + index));
  });
});
