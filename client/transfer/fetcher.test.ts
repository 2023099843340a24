import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PIECE_BYTES, locatePiece } from '../share/manifest.ts';
import {
  WINDOW,
  arrivedOf,
  fetcherOf,
  filesOf,
  requested,
  run,
  startOf,
} from '../testing/driven-fetcher.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import { MAX_REJECTIONS_PER_SOURCE, stepFetcher } from './fetcher.ts';
import type { FetcherEvent } from './fetcher-state.ts';
import { LEAST_PIECES_ASKED, MAX_PIECES_IN_FLIGHT } from './fetcher-work.ts';

describe('fetcher', () => {
  it('[DT4] asks for no more than its window, and for the next piece when one is stored', () => {
    const begun = startOf(10 * PIECE_BYTES);
    expect(requested(begun.effects)).toEqual([]);
    const opened = run(begun.state, { type: 'source-opened', source: 1 });
    expect(requested(opened.effects)).toEqual([0, 1, 2, 3]);
    const arrived = run(opened.state, { type: 'arrived', source: 1, piece: arrivedOf(2) });
    expect(arrived.effects).toEqual([{ type: 'store', piece: arrivedOf(2) }]);
    const stored = run(arrived.state, { type: 'stored', piece: 2 });
    expect(requested(stored.effects)).toEqual([4]);
  });

  it('[DT4] packs small files into the window, up to a number of pieces', () => {
    const many = startOf(...Array.from({ length: 3_000 }, () => 1_024));
    const opened = run(many.state, { type: 'source-opened', source: 1 });
    expect(requested(opened.effects)).toHaveLength(MAX_PIECES_IN_FLIGHT);
    // And asks for the next many at once, not for one after the other.
    const pieces = Array.from({ length: LEAST_PIECES_ASKED }, (_, piece) => piece);
    const landed = pieces.flatMap((piece): FetcherEvent[] => [
      { type: 'arrived', source: 1, piece: arrivedOf(piece) },
      { type: 'stored', piece },
    ]);
    const requests = run(opened.state, ...landed).effects.filter(({ type }) => type === 'request');
    expect(requests).toHaveLength(1);
    expect(requested(requests)).toHaveLength(LEAST_PIECES_ASKED);
  });

  it('[DT3] asks again for a piece whose hash was wrong, and drops a source that sends several', () => {
    let { state } = run(startOf(PIECE_BYTES).state, { type: 'source-opened', source: 1 });
    for (let time = 1; time <= MAX_REJECTIONS_PER_SOURCE; time += 1) {
      const step = run(
        state,
        { type: 'arrived', source: 1, piece: arrivedOf(0) },
        { type: 'rejected', piece: 0 },
      );
      state = step.state;
      const last = time === MAX_REJECTIONS_PER_SOURCE;
      expect(requested(step.effects)).toEqual(last ? [] : [0]);
      expect(step.effects.some((effect) => effect.type === 'drop-source')).toBe(last);
    }
    const again = run(state, { type: 'source-opened', source: 2 });
    expect(requested(again.effects)).toEqual([0]);
  });

  it('asks another source for what one that closed still owed', () => {
    const begun = run(
      startOf(3 * PIECE_BYTES).state,
      { type: 'source-opened', source: 1 },
      { type: 'arrived', source: 1, piece: arrivedOf(0) },
      { type: 'stored', piece: 0 },
    );
    const moved = run(
      begun.state,
      { type: 'source-closed', source: 1 },
      { type: 'source-opened', source: 2 },
    );
    expect(requested(moved.effects)).toEqual([1, 2]);
  });

  it('spreads its requests over its sources', () => {
    const two = run(
      startOf(0, 10 * PIECE_BYTES).state,
      { type: 'source-opened', source: 1 },
      { type: 'source-opened', source: 2 },
      { type: 'arrived', source: 1, piece: arrivedOf(0) },
      { type: 'stored', piece: 0 },
      { type: 'arrived', source: 1, piece: arrivedOf(1) },
      { type: 'stored', piece: 1 },
    );
    const toSecond = two.effects.filter(
      (effect) => effect.type === 'request' && effect.source === 2,
    );
    expect(requested(toSecond)).toEqual([4, 5]);
  });

  it('asks a source that rests for nothing, and others for what it gives back', () => {
    const rested = run(
      startOf(6 * PIECE_BYTES).state,
      { type: 'source-opened', source: 1 },
      { type: 'source-rests', source: 1, pieces: [2, 3] },
      { type: 'source-rests', source: 2, pieces: [] },
      { type: 'source-opened', source: 2 },
    );
    expect(requested(rested.effects)).toEqual([0, 1, 2, 3]);
    // What it had begun still comes.
    const begun = run(rested.state, { type: 'arrived', source: 1, piece: arrivedOf(0) });
    expect(begun.effects).toEqual([{ type: 'store', piece: arrivedOf(0) }]);
    const woken = run(begun.state, { type: 'source-wakes', source: 2 });
    expect(woken.effects).toEqual([{ type: 'request', source: 2, pieces: [2, 3] }]);
    const closed = run(
      woken.state,
      { type: 'source-closed', source: 2 },
      { type: 'source-wakes', source: 1 },
    );
    expect(closed.effects).toEqual([{ type: 'request', source: 1, pieces: [2, 3] }]);
  });

  it('asks others for the last pieces of a source that rests, and takes those once', () => {
    const rested = run(
      startOf(3 * PIECE_BYTES).state,
      { type: 'source-opened', source: 1 },
      { type: 'source-opened', source: 2 },
      { type: 'source-rests', source: 1, pieces: [1] },
    );
    expect(rested.effects.at(-1)).toEqual({ type: 'request', source: 2, pieces: [1] });
    const alone = run(rested.state, { type: 'arrived', source: 2, piece: arrivedOf(1) });
    expect(alone.effects.at(-1)).toEqual({ type: 'request', source: 2, pieces: [0, 2] });
    const late = run(alone.state, { type: 'arrived', source: 1, piece: arrivedOf(0) });
    expect(late.effects).toEqual([]);
    const brought = run(late.state, { type: 'arrived', source: 2, piece: arrivedOf(0) });
    expect(brought.effects).toContainEqual({ type: 'store', piece: arrivedOf(0) });
  });

  it('asks others for what a source that rests has begun, where that fills the window', () => {
    const full = run(
      startOf(9 * PIECE_BYTES).state,
      { type: 'source-opened', source: 1 },
      { type: 'source-rests', source: 1, pieces: [] },
      { type: 'source-opened', source: 2 },
    );
    expect(full.effects.at(-1)).toEqual({ type: 'request', source: 2, pieces: [0, 1, 2, 3] });
  });

  it('fetches only what is missing', () => {
    const { effects } = run(
      fetcherOf([3 * PIECE_BYTES], [], [1]),
      { type: 'start' },
      { type: 'source-opened', source: 1 },
    );
    expect(requested(effects)).toEqual([0, 2]);
    expect(effects).toContainEqual({ type: 'progress', bytes: PIECE_BYTES, whole: false });
  });

  it('fetches only the files that were selected', () => {
    const opened = run(
      fetcherOf([PIECE_BYTES, 2 * PIECE_BYTES, 0, 5], [1]),
      { type: 'start' },
      { type: 'source-opened', source: 1 },
    );
    expect(requested(opened.effects)).toEqual([0, 3]);
  });

  it('asks for nothing while it is paused, and goes on where it was', () => {
    const opened = run(startOf(10 * PIECE_BYTES).state, { type: 'source-opened', source: 1 });
    const paused = run(
      opened.state,
      { type: 'pause' },
      { type: 'arrived', source: 1, piece: arrivedOf(0) },
      { type: 'stored', piece: 0 },
      { type: 'source-closed', source: 1 },
      { type: 'source-opened', source: 2 },
    );
    expect(requested(paused.effects)).toEqual([]);
    expect(requested(run(paused.state, { type: 'resume' }).effects)).toEqual([1, 2, 3, 4]);
  });

  it('asks for nothing while the store is in trouble, says so once, and then goes on with all that is missing', () => {
    const begun = run(
      startOf(3 * PIECE_BYTES).state,
      { type: 'source-opened', source: 1 },
      ...[0, 1, 2].map(
        (piece) => ({ type: 'arrived', source: 1, piece: arrivedOf(piece) }) as const,
      ),
    );
    const reason = 'storage-full';
    const troubled = run(
      begun.state,
      { type: 'store-failed', piece: 0, reason },
      { type: 'stored', piece: 1 },
      { type: 'store-failed', piece: 2, reason },
    );
    expect(troubled.effects).toEqual([
      { type: 'trouble', reason },
      { type: 'progress', bytes: PIECE_BYTES, whole: false },
    ]);
    expect(requested(run(troubled.state, { type: 'resume' }).effects)).toEqual([0, 2]);
  });

  it('checks anew after a trouble in the last check', () => {
    const troubled = run(
      fetcherOf([5], [], [0]),
      { type: 'start' },
      { type: 'store-failed', piece: null, reason: 'storage-full' },
    );
    expect(troubled.effects).toContainEqual({ type: 'trouble', reason: 'storage-full' });
    const again = run(troubled.state, { type: 'resume' });
    expect(again.effects).toEqual([{ type: 'compute-root', files: filesOf(1) }]);
  });

  it('ignores a piece from a source that was not asked for it', () => {
    const { state } = run(startOf(5).state, { type: 'source-opened', source: 1 });
    expect(run(state, { type: 'arrived', source: 2, piece: arrivedOf(0) }).effects).toEqual([]);
  });

  it('whatever happens: stays in its window, stores a piece once, and ends with all of them', () => {
    const sizes = fc.array(fc.nat(3 * PIECE_BYTES), { minLength: 1, maxLength: 6 });
    const model = fc.property(sizes, fc.infiniteStream(fc.nat()), (all, choices) => {
      const manifest = makeManifest(...all);
      const pick = (limit: number): number => (choices.next().value ?? 0) % limit;
      const owed = new Map<number, number>();
      const storing: number[] = [];
      const stored = new Set<number>();
      let source = 0;
      let state = fetcherOf(all);
      const post = (event: FetcherEvent) => {
        const step = stepFetcher(state, event);
        state = step.state;
        for (const effect of step.effects) {
          if (effect.type === 'request') {
            for (const piece of effect.pieces) {
              expect(owed.has(piece) || storing.includes(piece) || stored.has(piece)).toBe(false);
              owed.set(piece, effect.source);
            }
          }
          if (effect.type === 'store') storing.push(effect.piece.piece);
          if (effect.type === 'drop-source') reopen();
        }
        const inFlight = [...owed.keys(), ...storing].map(
          (piece) => locatePiece(manifest, piece).length,
        );
        expect(inFlight.reduce((sum, one) => sum + one, 0)).toBeLessThan(WINDOW + PIECE_BYTES);
      };
      const reopen = () => {
        for (const [piece, from] of owed) if (from === source) owed.delete(piece);
        source += 1;
        post({ type: 'source-opened', source });
      };
      post({ type: 'start' });
      reopen();
      for (let turns = 0; state.type === 'fetching' && turns < 2_000; turns += 1) {
        const choice = pick(21);
        const asked = [...owed.keys()];
        if (choice === 20) {
          const back = asked.filter((piece) => owed.get(piece) === source && pick(2) === 0);
          for (const piece of back) owed.delete(piece);
          post({ type: 'source-rests', source, pieces: back });
          expect(owed.size).toBe(asked.length - back.length);
          post({ type: 'source-wakes', source });
        } else if (choice === 0) {
          const closing = source;
          for (const [piece, from] of owed) if (from === closing) owed.delete(piece);
          post({ type: 'source-closed', source: closing });
          reopen();
        } else if (choice < 10 && asked.length > 0) {
          const piece = asked[pick(asked.length)] ?? 0;
          const from = owed.get(piece) ?? 0;
          owed.delete(piece);
          post({ type: 'arrived', source: from, piece: arrivedOf(piece) });
        } else if (storing.length > 0) {
          const [piece = 0] = storing.splice(pick(storing.length), 1);
          if (choice < 18) stored.add(piece);
          if (choice < 18) post({ type: 'stored', piece });
          else if (choice === 18) post({ type: 'rejected', piece });
          else {
            post({ type: 'store-failed', piece, reason: 'storage-full' });
            post({ type: 'resume' });
          }
        }
      }
      expect(state.type).toBe('checking');
      expect(stored.size).toBe(manifest.pieceCount);
    });
    fc.assert(model, { numRuns: 60 });
  });
});
