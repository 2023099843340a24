import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PIECE_BYTES, locatePiece } from '../share/manifest.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import {
  type FetcherEffect,
  type FetcherEvent,
  type FetcherState,
  MAX_PIECES_IN_FLIGHT,
  MAX_REJECTIONS_PER_SOURCE,
  createFetcher,
  stepFetcher,
} from './fetcher.ts';
import { emptyPieceSet, withPiece } from './piece-set.ts';

const WINDOW = 4 * PIECE_BYTES;
const hash = new Uint8Array(32);
const arrivedOf = (piece: number) => ({ piece, hash, parts: [] });

function startOf(...sizes: readonly number[]): { state: FetcherState; effects: FetcherEffect[] } {
  const manifest = makeManifest(...sizes);
  return run(createFetcher(manifest, emptyPieceSet(manifest.pieceCount), WINDOW), {
    type: 'start',
  });
}

function run(state: FetcherState, ...events: readonly FetcherEvent[]) {
  const effects: FetcherEffect[] = [];
  let current = state;
  for (const event of events) {
    const step = stepFetcher(current, event);
    current = step.state;
    effects.push(...step.effects);
  }
  return { state: current, effects };
}

const requested = (effects: readonly FetcherEffect[]) =>
  effects.flatMap((effect) => (effect.type === 'request' ? effect.pieces : []));

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

  it('fetches only what is missing', () => {
    const manifest = makeManifest(3 * PIECE_BYTES);
    const have = withPiece(emptyPieceSet(3), 1);
    const { effects } = run(
      createFetcher(manifest, have, WINDOW),
      { type: 'start' },
      { type: 'source-opened', source: 1 },
    );
    expect(requested(effects)).toEqual([0, 2]);
    expect(effects).toContainEqual({ type: 'progress', bytes: PIECE_BYTES });
  });

  it('[EN1] is done only when nothing is missing and both root hashes are the same', () => {
    const all = run(
      startOf(1).state,
      { type: 'source-opened', source: 1 },
      { type: 'source-root', root: 'r' },
      { type: 'arrived', source: 1, piece: arrivedOf(0) },
    );
    expect(all.state.type).toBe('fetching');
    const stored = run(all.state, { type: 'stored', piece: 0 });
    expect(stored.state.type).toBe('checking');
    expect(stored.effects).toContainEqual({ type: 'compute-root' });
    const done = run(stored.state, { type: 'own-root', root: 'r' });
    expect(done.state.type).toBe('done');
    expect(done.effects).toEqual([{ type: 'complete', root: 'r' }]);
    const differs = run(stored.state, { type: 'own-root', root: 's' });
    expect(differs.effects).toEqual([{ type: 'fail', reason: 'root-mismatch' }]);
  });

  it('[EN1] of a share without bytes is checked as well', () => {
    const begun = startOf(0, 0);
    expect(begun.state.type).toBe('checking');
    const done = run(
      begun.state,
      { type: 'own-root', root: 'r' },
      { type: 'source-root', root: 'r' },
    );
    expect(done.state.type).toBe('done');
  });

  it.each<[FetcherEvent, string]>([
    [{ type: 'store-failed', reason: 'storage-full' }, 'storage-full'],
    [{ type: 'unavailable', source: 1, piece: 0, reason: 'source-changed' }, 'source-changed'],
  ])('fails by name on %j', (event, reason) => {
    const { state, effects } = run(startOf(5).state, { type: 'source-opened', source: 1 }, event);
    expect(state).toEqual({ type: 'failed', reason });
    expect(effects.at(-1)).toEqual({ type: 'fail', reason });
    expect(run(state, { type: 'stored', piece: 0 }).effects).toEqual([]);
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
      let state = createFetcher(manifest, emptyPieceSet(manifest.pieceCount), WINDOW);
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
        const choice = pick(20);
        const asked = [...owed.keys()];
        if (choice === 0) {
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
          const right = choice !== 19;
          if (right) stored.add(piece);
          post({ type: right ? 'stored' : 'rejected', piece });
        }
      }
      expect(state.type).toBe('checking');
      expect(stored.size).toBe(manifest.pieceCount);
    });
    fc.assert(model, { numRuns: 60 });
  });
});
