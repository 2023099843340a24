import { describe, expect, it } from 'vitest';
import { OnehopError } from '../errors/onehop-error.ts';
import { locatePiece } from '../share/manifest.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import { PieceBatcher } from './piece-batcher.ts';
import type { PieceToStore, StoreOutcome } from './store-calls.ts';

const KIB = 1024;

/** A batcher whose worker answers when it is told to; `sent` has the piece numbers of each batch. */
function open(size: number, files: number) {
  const manifest = makeManifest(...Array.from({ length: files }, () => size));
  const sent: number[][] = [];
  const answers: ((outcomes: readonly StoreOutcome[]) => void)[] = [];
  const failures: ((error: unknown) => void)[] = [];
  const batcher = new PieceBatcher((pieces) => {
    sent.push(pieces.map(({ piece }) => piece));
    return new Promise((resolve, reject) => {
      answers.push(resolve);
      failures.push(reject);
    });
  });
  const pieceAt = (piece: number): PieceToStore => ({
    piece,
    place: locatePiece(manifest, piece),
    hash: new Uint8Array(32),
    form: 'plain',
    parts: [],
  });
  const storeAll = () =>
    Promise.allSettled(Array.from({ length: files }, (_, piece) => batcher.store(pieceAt(piece))));
  const turn = () =>
    new Promise((resolve) => {
      setTimeout(resolve);
    });
  return { sent, answers, failures, storeAll, turn };
}

describe('piece batcher', () => {
  it('sends small pieces 64 at a time, and few batches at once', async () => {
    const { sent, answers, storeAll, turn } = open(KIB, 300);
    const stored = storeAll();
    await turn();
    expect(sent.map((batch) => batch.length)).toEqual([64, 64, 64]);
    answers[1]?.(Array.from({ length: 64 }, () => 'stored'));
    await turn();
    expect(sent.map((batch) => batch.length)).toEqual([64, 64, 64, 64]);
    for (let index = 0; index < 5; index += 1) {
      answers[index]?.(Array.from({ length: 64 }, () => 'stored'));
      await turn();
    }
    expect(sent.flat()).toEqual(Array.from({ length: 300 }, (_, piece) => piece));
    const outcomes = await stored;
    expect(outcomes.every(({ status }) => status === 'fulfilled')).toBe(true);
  });

  it('sends at most 4 MiB at a time', async () => {
    const { sent, storeAll, turn } = open(1024 * KIB, 9);
    void storeAll();
    await turn();
    expect(sent).toEqual([[0, 1, 2, 3], [4, 5, 6, 7], [8]]);
  });

  it('gives each piece its own outcome, and a failure to those of its batch only', async () => {
    const { answers, failures, storeAll, turn } = open(1024 * KIB, 9);
    const stored = storeAll();
    await turn();
    answers[0]?.(['stored', 'rejected', 'stored', 'stored']);
    failures[1]?.(new OnehopError('storage-full'));
    answers[2]?.(['stored']);
    const outcomes = (await stored).map((outcome) =>
      outcome.status === 'fulfilled' ? outcome.value : String(outcome.reason),
    );
    const full = 'OnehopError: storage-full';
    const second = Array.from({ length: 4 }, () => full);
    expect(outcomes).toEqual(['stored', 'rejected', 'stored', 'stored', ...second, 'stored']);
  });
});
