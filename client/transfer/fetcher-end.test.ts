import { describe, expect, it } from 'vitest';
import { PIECE_BYTES } from '../share/manifest.ts';
import { emptyNumberSet } from '../share/number-set.ts';
import {
  arrivedOf,
  fetcherOf,
  filesOf,
  rootOver,
  run,
  startOf,
} from '../testing/driven-fetcher.ts';

describe('a fetcher that comes to its end', () => {
  it('[EN1] is done only when nothing is missing and both root hashes are the same', () => {
    const files = filesOf(1);
    const all = run(
      startOf(1).state,
      { type: 'source-opened', source: 1 },
      { type: 'source-root', root: rootOver(files) },
      { type: 'arrived', source: 1, piece: arrivedOf(0) },
    );
    expect(all.state.type).toBe('fetching');
    const stored = run(all.state, { type: 'stored', piece: 0 });
    expect(stored.state.type).toBe('checking');
    expect(stored.effects).toContainEqual({ type: 'compute-root', files });
    const done = run(stored.state, { type: 'own-root', root: rootOver(files) });
    expect(done.state.type).toBe('done');
    expect(done.effects).toEqual([{ type: 'complete', root: 'r' }]);
    const differs = run(stored.state, { type: 'own-root', root: rootOver(files, 's') });
    expect(differs.effects).toEqual([{ type: 'fail', reason: 'root-mismatch' }]);
  });

  it('[EN1] of a share without bytes is checked as well', () => {
    const begun = startOf(0, 0);
    expect(begun.state.type).toBe('checking');
    const done = run(
      begun.state,
      { type: 'own-root', root: rootOver(filesOf(2)) },
      { type: 'source-root', root: rootOver(filesOf(2)) },
    );
    expect(done.state.type).toBe('done');
  });

  it('[RQ4] leaves a file out that cannot be had, and brings the others to their end', () => {
    const opened = run(startOf(PIECE_BYTES, 2 * PIECE_BYTES, 7).state, {
      type: 'source-opened',
      source: 1,
    });
    const left = run(opened.state, { type: 'unavailable', file: 1, reason: 'source-unreadable' });
    expect(left.effects).toContainEqual({
      type: 'withdraw',
      files: [1],
      reason: 'source-unreadable',
    });
    // What of it is on its way still says nothing any more.
    expect(run(left.state, { type: 'arrived', source: 1, piece: arrivedOf(1) }).effects).toEqual(
      [],
    );
    const rest = run(
      left.state,
      { type: 'arrived', source: 1, piece: arrivedOf(0) },
      { type: 'stored', piece: 0 },
      { type: 'arrived', source: 1, piece: arrivedOf(3) },
      { type: 'stored', piece: 3 },
    );
    expect(rest.effects).toContainEqual({ type: 'compute-root', files: filesOf(3, 1) });
    const done = run(
      rest.state,
      { type: 'own-root', root: rootOver(filesOf(3, 1)) },
      { type: 'source-root', root: rootOver(filesOf(3, 1)) },
    );
    expect(done.state.type).toBe('done');
  });

  it('[EN1] takes a root that is not over a file for the word that this file cannot be had', () => {
    const checking = run(fetcherOf([5, 7], [], [0, 1]), { type: 'start' });
    const rooted = run(
      checking.state,
      { type: 'own-root', root: rootOver(filesOf(2)) },
      { type: 'source-root', root: rootOver(filesOf(2, 0)) },
    );
    expect(rooted.effects).toEqual([
      { type: 'withdraw', files: [0], reason: 'source-changed' },
      { type: 'progress', bytes: 7, whole: true },
      { type: 'compute-root', files: filesOf(2, 0) },
    ]);
    const done = run(rooted.state, { type: 'own-root', root: rootOver(filesOf(2, 0)) });
    expect(done.state.type).toBe('done');
  });

  it('[EN1] gives up 100,000 files in one go where the root is over none of them', () => {
    const sizes = Array.from({ length: 100_000 }, () => 1);
    const many = run(fetcherOf(sizes), { type: 'start' });
    const none = rootOver(emptyNumberSet(100_000));
    const left = run(many.state, { type: 'source-root', root: none });
    expect(left.state.type).toBe('checking');
    expect(left.effects.map(({ type }) => type)).toEqual(['withdraw', 'progress', 'compute-root']);
  });

  it('[EN1] waits for another root where a file was given up after the last one', () => {
    const waiting = run(
      fetcherOf([5, 7], [], [0, 1]),
      { type: 'start' },
      { type: 'source-root', root: rootOver(filesOf(2)) },
      { type: 'unavailable', file: 1, reason: 'source-changed' },
      { type: 'own-root', root: rootOver(filesOf(2, 1)) },
    );
    expect(waiting.state.type).toBe('checking');
    const done = run(waiting.state, { type: 'source-root', root: rootOver(filesOf(2, 1)) });
    expect(done.state.type).toBe('done');
  });
});
