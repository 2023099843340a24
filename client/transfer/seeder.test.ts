import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PIECE_BYTES } from '../share/manifest.ts';
import { encodeNumberSet, fullNumberSet } from '../share/number-set.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import {
  messageOf,
  ask,
  root,
  digest,
  offer,
  all,
  receiver,
  select,
  rootOf,
  fileFailed,
  run,
  fresh,
  read,
  room,
  sentPieces,
  sentRanges,
  readPieces,
} from '../testing/run-seeder.ts';
import type { ControlMessage } from './control-message.ts';
import { MAX_QUEUED_RANGES, canSend, createSeeder, stepSeeder } from './seeder.ts';
import type { SeederEvent } from './seeder-state.ts';
import {
  READ_AHEAD_BYTES,
  READ_AHEAD_PIECES,
  type SeederQueue,
  countQueued,
} from './seeder-queue.ts';

type WireRange = Extract<ControlMessage, { type: 'request' }>['ranges'][number];

describe('seeder', () => {
  it('[RQ3] reads a few pieces ahead, and sends their ranges in the order asked, whatever is read first', () => {
    const asked = run(fresh(), ask(0, 0, 0, 9), ask(0, 1), ask(0, 2), ask(0, 0, 9, 9));
    expect(readPieces(asked.effects)).toEqual([0, 1]);
    const second = run(asked.state, read(1), room);
    expect(sentRanges(second.effects)).toEqual([[1, 0, PIECE_BYTES]]);
    expect(readPieces(second.effects)).toEqual([2]);
    const rest = run(second.state, room, read(2), read(0), room);
    expect(sentRanges(rest.effects)).toEqual([
      [0, 0, 9],
      [2, 0, PIECE_BYTES],
    ]);
    expect(sentRanges(run(rest.state, room).effects)).toEqual([[0, 9, 18]]);
  });

  it('[RQ3] reads ahead as many small pieces as a few large ones, and no more bytes', () => {
    const small = makeManifest(...Array.from({ length: 200 }, () => 1_024));
    const ranges = Array.from({ length: 200 }, (_, file): WireRange => [file, 0, 0, 1_024]);
    const asked = run(
      createSeeder({ ...offer, manifest: small }).state,
      messageOf({ type: 'request', ranges }),
    );
    expect(readPieces(asked.effects)).toEqual(
      Array.from({ length: READ_AHEAD_PIECES }, (_, piece) => piece),
    );
    const large = run(fresh(), ...[0, 1, 2, 3, 4].map((piece) => ask(0, piece)));
    expect(readPieces(large.effects).length * PIECE_BYTES).toBe(READ_AHEAD_BYTES);
  });

  it('[RQ1] passes over what lies beyond the end of a piece in the form it travels in', () => {
    const asked = run(
      fresh(),
      ask(0, 0, 0, 90),
      ask(0, 0, 90, 20),
      ask(0, 0, 100, 10),
      read(0, 100),
    );
    const { state, effects } = run(asked.state, room);
    expect(sentRanges(effects)).toEqual([
      [0, 0, 90],
      [0, 90, 100],
    ]);
    expect(canSend(state)).toBe(false);
    expect(run(state, ask(0, 0, 200, 5), read(0, 100), room).effects).toEqual([
      { type: 'read', piece: 0 },
    ]);
  });

  it('puts a burst into a channel that has room, and the rest when it has room again', () => {
    const asks = Array.from({ length: 6 }, (_, index) => ask(0, 0, index * 65_536, 65_536));
    const first = run(fresh(), ...asks, read(0), room);
    expect(sentRanges(first.effects)).toHaveLength(2);
    expect(sentRanges(run(first.state, room, room, room).effects)).toHaveLength(4);
  });

  it('[RQ4] says once that a file cannot be had, drops what was asked of it, and goes on with the others', () => {
    const asked = run(fresh(), ...[0, 1, 2].map((piece) => ask(0, piece)), read(1), ask(1, 0));
    const failed = run(asked.state, fileFailed(0), fileFailed(0));
    expect(failed.effects).toEqual([
      { type: 'send-unavailable', file: 0, reason: 'source-changed' },
      { type: 'read', piece: 10 },
    ]);
    expect(sentPieces(run(failed.state, read(0), read(10), room).effects)).toEqual([10]);
  });

  it('[RQ4] passes over what is asked of a file that has failed', () => {
    const { state, effects } = run(fresh(), fileFailed(0), ask(0, 0), ask(1, 0));
    expect(state.type).toBe('serving');
    expect(readPieces(effects)).toEqual([10]);
  });

  it('[LS1] sends the part of the manifest that was asked for', () => {
    const { effects } = run(fresh(), messageOf({ type: 'manifest-request', part: 1 }));
    expect(effects).toEqual([{ type: 'send-manifest-part', part: 1 }]);
  });

  it('[RQ3] has the first pieces read once the whole list was asked for', () => {
    const [first, last] = [1, 0].map((part) => messageOf({ type: 'manifest-request', part }));
    if (first === undefined || last === undefined) throw new Error('two parts');
    const half = run(fresh(), first);
    expect(half.effects).not.toContainEqual({ type: 'read-first' });
    expect(run(half.state, last).effects).toContainEqual({ type: 'read-first' });
  });

  it('[LS2] closes when a part of the manifest is asked for twice', () => {
    const again = messageOf({ type: 'manifest-request', part: 0 });
    expect(run(fresh(), again, again).state).toEqual({
      type: 'closed',
      reason: 'message-unexpected',
    });
  });

  it.each<[string, SeederEvent, string]>([
    [
      '[RQ1] a piece that does not exist',
      messageOf({ type: 'request', ranges: [[0, 10, 0, 1]] }),
      'request-out-of-range',
    ],
    [
      '[RQ1] a file that does not exist',
      messageOf({ type: 'request', ranges: [[2, 0, 0, 1]] }),
      'request-out-of-range',
    ],
    ['[RQ1] bytes beyond the end of a piece', ask(1, 0, 5, 1), 'request-out-of-range'],
    [
      '[LS2] a part that does not exist',
      messageOf({ type: 'manifest-request', part: 2 }),
      'request-out-of-range',
    ],
    [
      '[EN2] more progress than there are bytes',
      messageOf({ type: 'progress', bytes: 10 * PIECE_BYTES + 6 }),
      'request-out-of-range',
    ],
    [
      '[EN2] completion before the root is known',
      messageOf({ type: 'complete', root }),
      'message-unexpected',
    ],
    [
      'a message that only senders send',
      messageOf({ type: 'checking', bytes: 1 }),
      'message-unexpected',
    ],
    [
      '[SL1] a selection from another list of files',
      messageOf({ type: 'select', manifest: root, files: encodeNumberSet(all), receiver }),
      'manifest-invalid',
    ],
    [
      '[SL1] a selection of more files than there are',
      select(fullNumberSet(3)),
      'message-malformed',
    ],
    [
      '[SL1] a selection that is no set of files',
      messageOf({ type: 'select', manifest: digest, files: 'AAAA', receiver }),
      'message-malformed',
    ],
    ['[DT2] data', { type: 'data' }, 'message-unexpected'],
  ])('closes on %s', (_, event, reason) => {
    const { state, effects } = run(fresh(), event);
    expect(state).toEqual({ type: 'closed', reason });
    expect(effects).toEqual([{ type: 'close', reason }]);
    expect(run(state, ask(0, 0)).effects).toEqual([]);
  });

  it('[RQ2] closes on more ranges than may be queued', () => {
    const ranges = Array.from({ length: MAX_QUEUED_RANGES }, (): WireRange => [0, 0, 0, 1]);
    const full = run(fresh(), messageOf({ type: 'request', ranges }));
    expect(full.state.type).toBe('serving');
    expect(run(full.state, ask(1, 0)).state).toEqual({
      type: 'closed',
      reason: 'request-overflow',
    });
    expect(run(full.state, read(0), room, ask(1, 0)).state.type).toBe('serving');
  });

  it('tells what its receiver is doing, each stage once', () => {
    const begun = createSeeder(offer);
    const { effects } = run(begun.state, ask(0, 0), select(), ask(0, 1));
    const stages = [...begun.effects, ...effects].filter((effect) => effect.type === 'stage');
    expect(stages).toEqual([
      { type: 'stage', stage: 'choosing' },
      { type: 'stage', stage: 'receiving' },
    ]);
  });

  it('[RQ3] whatever the order of events: sends every range once, those of a piece in order, few pieces ahead', () => {
    const asked = fc.tuple(fc.nat(9), fc.nat(PIECE_BYTES - 1), fc.nat(300_000));
    const requests = fc.array(asked, { minLength: 1, maxLength: 40 });
    const model = fc.property(requests, fc.infiniteStream(fc.nat()), (asks, choices) => {
      const wanted = asks.map(([piece, start, more]) => [
        piece,
        start,
        Math.min(start + more + 1, PIECE_BYTES),
      ]);
      const waiting = wanted.map(([piece = 0, start = 0, end = 0]) =>
        ask(0, piece, start, end - start),
      );
      const reading: number[] = [];
      const sent: (number | undefined)[][] = [];
      let state = fresh();
      const post = (event: SeederEvent) => {
        const step = run(state, event);
        state = step.state;
        reading.push(...readPieces(step.effects));
        sent.push(...sentRanges(step.effects));
        expect(reading.length).toBeLessThanOrEqual(READ_AHEAD_PIECES);
      };
      while (waiting.length > 0 || reading.length > 0 || canSend(state)) {
        const choice: number = choices.next().value ?? 0;
        const next = choice % 3 === 0 ? waiting.shift() : undefined;
        if (next !== undefined) post(next);
        else if (choice % 3 === 1 && reading.length > 0) {
          const [piece = 0] = reading.splice(choice % reading.length, 1);
          post(read(piece));
        } else if (choice % 3 === 2) post(room);
      }
      for (let piece = 0; piece < 10; piece += 1) {
        const of = (ranges: (number | undefined)[][]) => ranges.filter(([one]) => one === piece);
        expect(of(sent)).toEqual(of(wanted));
      }
      expect(sent).toHaveLength(wanted.length);
    });
    fc.assert(model, { numRuns: 100 });
  });

  it('whatever a receiver says and whatever fails: it neither throws nor holds more than it may', () => {
    const number = fc.oneof(fc.nat(12), fc.constantFrom(4_095, 4_096, 2 ** 24, 2 ** 53 - 1));
    const length = fc.integer({ min: 1, max: 8 });
    const range = fc.tuple(fc.nat(2), fc.nat(10), fc.nat(6), length);
    const many = fc.tuple(range, fc.constantFrom(1, 2, 256, 4_000));
    const message = fc.oneof<fc.Arbitrary<ControlMessage>[]>(
      many.map(([one, count]) => ({
        type: 'request' as const,
        ranges: Array.from({ length: count }, () => one),
      })),
      fc.record({ type: fc.constant('manifest-request' as const), part: number }),
      fc.record({ type: fc.constant('progress' as const), bytes: number }),
      fc.record({ type: fc.constant('pause' as const), number, paused: fc.boolean() }),
      fc.record({
        type: fc.constant('select' as const),
        manifest: fc.constantFrom(digest, root),
        files: fc.constantFrom('Aw', 'AQ', 'AA', '', '__', '!'),
        receiver: fc.constant(receiver),
      }),
      fc.record({ type: fc.constant('complete' as const), root: fc.constantFrom(root, digest) }),
    );
    const event = fc.oneof<fc.Arbitrary<SeederEvent>[]>(
      message.map(messageOf),
      fc
        .tuple(fc.nat(10), fc.constantFrom(1, 4, undefined))
        .map(([piece, total]) => read(piece, total)),
      fc.constant(room),
      fc.nat(1).map(fileFailed),
      fc.boolean().map((paused) => ({ type: 'pause' as const, paused })),
      fc.constant(rootOf()),
      number.map((bytes) => ({ type: 'checked' as const, bytes })),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let state = fresh();
        const unavailable: number[] = [];
        for (const next of events) {
          const step = stepSeeder(state, next);
          state = step.state;
          for (const effect of step.effects) {
            if (effect.type === 'send-unavailable') unavailable.push(effect.file);
          }
          if (state.type === 'serving') expectSound(state.serving.queue);
        }
        expect(new Set(unavailable).size).toBe(unavailable.length);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Its counts are what they count, and within their limits. */
function expectSound(queue: SeederQueue): void {
  expect(countQueued(queue)).toBeLessThanOrEqual(MAX_QUEUED_RANGES);
  const { ahead, aheadBytes, started, ready } = queue;
  expect(ahead.size).toBeLessThanOrEqual(READ_AHEAD_PIECES);
  expect(aheadBytes).toBeLessThanOrEqual(READ_AHEAD_BYTES);
  expect(aheadBytes).toBe([...ahead.values()].reduce((sum, { length }) => sum + length, 0));
  let sendable = 0;
  for (const [piece, { ranges, encoded }] of ahead) {
    const ofPiece = started.filter((range) => range.piece === piece).length;
    expect(ranges).toBe(ofPiece);
    if (encoded !== null) sendable += ofPiece;
  }
  expect(ready).toBe(sendable);
}
