import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HashLedger } from '../integrity/hash-ledger.ts';
import { PIECE_BYTES, locatePiece } from '../share/manifest.ts';
import { emptyNumberSet, fullNumberSet, hasNumber, withNumbers } from '../share/number-set.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import { ReadLog } from './read-log.ts';
import { SelectionRoots } from './selection-roots.ts';

const manifest = makeManifest(2 * PIECE_BYTES, 0, 5, PIECE_BYTES + 1);
const all = fullNumberSet(4);
const only = (...files: readonly number[]) => withNumbers(emptyNumberSet(4), files);
const hashOf = (piece: number) => new Uint8Array(32).fill(piece + 1);
const plenty = { pieces: 100, bytes: 100 * PIECE_BYTES };

function openLog() {
  const ledger = new HashLedger(manifest.pieceCount);
  const log = new ReadLog(manifest, ledger);
  return { ledger, log, read: (piece: number) => log.note(piece, hashOf(piece)) };
}

/** The roots in their order; each names the files that it is of. */
function openRoots() {
  const opened = openLog();
  const told: string[] = [];
  const roots = new SelectionRoots(opened.log, async ({ bits }) => `root of ${bits.join()}`);
  const watch = (files = all) =>
    roots.watch(
      files,
      (root) => told.push(root),
      () => {},
    );
  return { ...opened, roots, told, watch };
}

describe('read log', () => {
  it('counts what is still to be read of some files', () => {
    const { log, read } = openLog();
    read(0);
    const watch = log.watch(only(0, 2));
    expect(watch).toMatchObject({ unreadPieces: 2, unreadBytes: PIECE_BYTES + 5 });
    for (const piece of [0, 2, 2, 3]) read(piece);
    expect(watch).toMatchObject({ unreadPieces: 1, unreadBytes: PIECE_BYTES });
    log.unwatch(watch);
    read(1);
    expect(watch.unreadPieces).toBe(1);
  });

  it('leaves out the files that fail, before and after', () => {
    const { log, read } = openLog();
    expect(log.fail(3, 'source-unreadable')).toBe(true);
    const watch = log.watch(all);
    read(0);
    expect(log.fail(0, 'source-changed')).toBe(true);
    expect(log.fail(0, 'source-unreadable')).toBe(false);
    expect(watch).toMatchObject({ files: only(1, 2), unreadPieces: 1, unreadBytes: 5 });
    expect([...log.failed]).toEqual([
      [3, 'source-unreadable'],
      [0, 'source-changed'],
    ]);
  });

  it('says when a piece is not what it was, also to an earlier page', () => {
    const { ledger, log } = openLog();
    ledger.note(1, hashOf(9));
    expect(log.note(1, hashOf(1))).toBe(false);
    expect(log.note(1, hashOf(9))).toBe(true);
    expect(log.note(1, hashOf(1))).toBe(false);
  });

  it('does not take what an earlier page has read for its own', () => {
    const { ledger, log } = openLog();
    for (let piece = 0; piece < manifest.pieceCount; piece += 1) ledger.note(piece, hashOf(piece));
    expect(log.watch(all).unreadPieces).toBe(manifest.pieceCount);
  });

  it('gives out what is unread once, in order, within the limits', () => {
    const { log, read } = openLog();
    const watch = log.watch(only(0, 3));
    read(1);
    expect(log.takeUnread(watch, { pieces: 2, bytes: 10 })).toEqual([0]);
    log.fail(3, 'source-changed');
    expect(log.takeUnread(watch, plenty)).toEqual([]);
  });

  it('whatever is read and fails: a watch lacks exactly what is unread of its files', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ type: fc.constant('read' as const), piece: fc.nat(manifest.pieceCount - 1) }),
        fc.record({ type: fc.constant('fail' as const), file: fc.nat(3) }),
        fc.record({ type: fc.constant('watch' as const), files: fc.subarray([0, 1, 2, 3]) }),
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (taken) => {
        const { log, read } = openLog();
        const done = new Set<number>();
        const watches = [log.watch(all)];
        for (const step of taken) {
          if (step.type === 'read') {
            read(step.piece);
            done.add(step.piece);
          } else if (step.type === 'fail') log.fail(step.file, 'source-changed');
          else watches.push(log.watch(only(...step.files)));
        }
        for (const watch of watches) {
          const lacking = Array.from({ length: manifest.pieceCount }, (_, piece) => piece).filter(
            (piece) =>
              !done.has(piece) && hasNumber(watch.files, locatePiece(manifest, piece).file),
          );
          expect(watch.unreadPieces).toBe(lacking.length);
          expect(log.takeUnread(watch, plenty)).toEqual(lacking);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('root hashes of selections', () => {
  it('[EN1] are told once every piece of the files was read by this page', async () => {
    const { told, read, roots, watch } = openRoots();
    watch(only(0, 2));
    for (const piece of [0, 1]) read(piece);
    roots.settle();
    await Promise.resolve();
    expect(told).toEqual([]);
    read(2);
    roots.settle();
    roots.settle();
    await Promise.resolve();
    expect(told).toEqual(['root of 5']);
  });

  it('[EN1] are told at once where nothing is to be read', async () => {
    const { told, watch } = openRoots();
    watch(only(1));
    await Promise.resolve();
    expect(told).toEqual(['root of 2']);
  });

  it('[EN1] are told again, of the other files, when one fails later', async () => {
    const { told, log, read, roots, watch } = openRoots();
    watch(only(0, 2));
    for (const piece of [0, 1, 2]) read(piece);
    roots.settle();
    await Promise.resolve();
    log.fail(0, 'source-changed');
    roots.settle();
    await Promise.resolve();
    expect(told).toEqual(['root of 5', 'root of 4']);
  });

  it('[EN1] are not told of files of which one failed while the hash was made', async () => {
    const { told, log, read, roots, watch } = openRoots();
    watch(only(0, 2));
    for (const piece of [0, 1, 2]) read(piece);
    roots.settle();
    log.fail(0, 'source-changed');
    roots.settle();
    await Promise.resolve();
    expect(told).toEqual(['root of 4']);
  });

  it('[EN3] have the rest read only of those that want it, and say how far that is', () => {
    const { read, roots, watch } = openRoots();
    watch(only(2));
    const wanting = watch(only(0));
    read(0);
    expect(roots.takeRest(plenty)).toEqual([]);
    wanting.wantRest();
    expect(roots.takeRest(plenty)).toEqual([1]);
    expect(wanting.restBytesRead).toBe(0);
    read(1);
    expect(wanting.restBytesRead).toBe(PIECE_BYTES);
    wanting.close();
    expect(roots.takeRest(plenty)).toEqual([]);
  });

  it('[EN3] have the rest read first of the one that lacks the least', () => {
    const { roots, watch } = openRoots();
    watch(only(0)).wantRest();
    watch(only(2)).wantRest();
    expect(roots.takeRest(plenty)).toEqual([2]);
    expect(roots.takeRest(plenty)).toEqual([0, 1]);
  });
});
