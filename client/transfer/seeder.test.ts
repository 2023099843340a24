import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PIECE_BYTES } from '../share/manifest.ts';
import { encodeNumberSet, fullNumberSet } from '../share/number-set.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import {
  framedOf,
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
  sentPieces,
  readPieces,
} from '../testing/run-seeder.ts';
import type { ControlMessage } from './control-message.ts';
import { MAX_QUEUED_PIECES, createSeeder, stepSeeder } from './seeder.ts';
import type { SeederEvent } from './seeder-state.ts';
import { READ_AHEAD_BYTES, READ_AHEAD_PIECES, countQueued } from './seeder-queue.ts';

describe('seeder', () => {
  it('[RQ3] reads a few pieces ahead and sends them one after another in the order asked', () => {
    const asked = run(fresh(), ask(0, 0, 8));
    expect(readPieces(asked.effects)).toEqual([0, 1, 2, 3]);
    const second = run(asked.state, { type: 'read', piece: 1, framed: framedOf(1) });
    expect(second.effects).toEqual([]);
    const first = run(second.state, { type: 'read', piece: 0, framed: framedOf(0) });
    expect(sentPieces(first.effects)).toEqual([0]);
    const more = run(first.state, ask(1, 0, 1));
    expect(sentPieces(more.effects)).toEqual([]);
    const sent = run(more.state, { type: 'sent' });
    expect(sentPieces(sent.effects)).toEqual([1]);
    expect(readPieces(sent.effects)).toEqual([4]);
  });

  it('[RQ3] reads ahead as many small pieces as a few large ones, and no more bytes', () => {
    const small = makeManifest(...Array.from({ length: 200 }, () => 1_024));
    const runs = Array.from({ length: 200 }, (_, file): [number, number, number] => [file, 0, 1]);
    const asked = run(
      createSeeder({ ...offer, manifest: small }).state,
      messageOf({ type: 'request', runs }),
    );
    expect(readPieces(asked.effects)).toEqual(
      Array.from({ length: READ_AHEAD_PIECES }, (_, piece) => piece),
    );
    const large = run(fresh(), ask(0, 0, 10));
    expect(readPieces(large.effects).length * PIECE_BYTES).toBe(READ_AHEAD_BYTES);
  });

  it('[RQ4] says once that a file cannot be had, drops what was asked of it, and goes on with the others', () => {
    const asked = run(
      fresh(),
      ask(0, 0, 8),
      { type: 'read', piece: 1, framed: framedOf(1) },
      ask(1, 0, 1),
    );
    const failed = run(asked.state, fileFailed(0), fileFailed(0));
    expect(failed.effects).toEqual([
      { type: 'send-unavailable', file: 0, reason: 'source-changed' },
      { type: 'read', piece: 10 },
    ]);
    const { effects } = run(
      failed.state,
      { type: 'read', piece: 0, framed: framedOf(0) },
      { type: 'read', piece: 10, framed: framedOf(10) },
    );
    expect(sentPieces(effects)).toEqual([10]);
  });

  it('[RQ4] passes over what is asked of a file that has failed', () => {
    const { state, effects } = run(fresh(), fileFailed(0), ask(0, 0, 8), ask(1, 0, 1));
    expect(state.type).toBe('serving');
    expect(readPieces(effects)).toEqual([10]);
  });

  it('[RQ4] lets the channel finish the piece that it is taking of a file that fails', () => {
    const sending = run(fresh(), ask(0, 0, 1), { type: 'read', piece: 0, framed: framedOf(0) });
    const { state, effects } = run(sending.state, fileFailed(0), ask(1, 0, 1), {
      type: 'read',
      piece: 10,
      framed: framedOf(10),
    });
    expect(sentPieces(effects)).toEqual([]);
    expect(sentPieces(run(state, { type: 'sent' }).effects)).toEqual([10]);
  });

  it('[LS1] sends the part of the manifest that was asked for', () => {
    const { effects } = run(fresh(), messageOf({ type: 'manifest-request', part: 1 }));
    expect(effects).toEqual([{ type: 'send-manifest-part', part: 1 }]);
  });

  it('[LS2] closes when a part of the manifest is asked for twice', () => {
    const again = messageOf({ type: 'manifest-request', part: 0 });
    expect(run(fresh(), again, again).state).toEqual({
      type: 'closed',
      reason: 'message-unexpected',
    });
  });

  it.each<[string, SeederEvent, string]>([
    ['[RQ1] a piece that does not exist', ask(0, 10, 1), 'request-out-of-range'],
    ['[RQ1] a file that does not exist', ask(2, 0, 1), 'request-out-of-range'],
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
    expect(run(state, ask(0, 0, 1)).effects).toEqual([]);
  });

  it('[RQ2] closes on more pieces than may be queued', () => {
    const large = makeManifest((MAX_QUEUED_PIECES + 1) * PIECE_BYTES);
    const full = run(
      createSeeder({ ...offer, manifest: large }).state,
      ask(0, 0, MAX_QUEUED_PIECES),
    );
    expect(full.state.type).toBe('serving');
    expect(run(full.state, ask(0, 0, 1)).state).toEqual({
      type: 'closed',
      reason: 'request-overflow',
    });
  });

  it('tells what its receiver is doing, each stage once', () => {
    const begun = createSeeder(offer);
    const { effects } = run(begun.state, ask(0, 0, 1), select(), ask(0, 1, 1));
    const stages = [...begun.effects, ...effects].filter((effect) => effect.type === 'stage');
    expect(stages).toEqual([
      { type: 'stage', stage: 'choosing' },
      { type: 'stage', stage: 'receiving' },
    ]);
  });

  it('whatever the order of events: sends every piece asked for once, in order, few ahead', () => {
    const requests = fc.array(fc.tuple(fc.nat(9), fc.nat(3)), { minLength: 1, maxLength: 30 });
    const model = fc.property(requests, fc.infiniteStream(fc.nat()), (asks, choices) => {
      const waiting = asks.map(([first, more]) => ask(0, first, Math.min(more + 1, 10 - first)));
      const expected = asks.flatMap(([first, more]) =>
        Array.from({ length: Math.min(more + 1, 10 - first) }, (_, index) => first + index),
      );
      const reading: number[] = [];
      const sent: number[] = [];
      let sending = false;
      let ahead = 0;
      let state = fresh();
      const post = (event: SeederEvent) => {
        const step = stepSeeder(state, event);
        state = step.state;
        for (const effect of step.effects) {
          if (effect.type === 'read') {
            reading.push(effect.piece);
            ahead += 1;
          }
          if (effect.type !== 'send-piece') continue;
          expect(sending).toBe(false);
          sending = true;
          sent.push(effect.framed.hash[0] ?? -1);
        }
        expect(ahead).toBeLessThanOrEqual(READ_AHEAD_PIECES);
      };
      while (waiting.length > 0 || reading.length > 0 || sending) {
        const choice: number = choices.next().value ?? 0;
        const next = choice % 3 === 0 ? waiting.shift() : undefined;
        if (next !== undefined) post(next);
        else if (choice % 3 === 1 && reading.length > 0) {
          const [piece = 0] = reading.splice(choice % reading.length, 1);
          post({ type: 'read', piece, framed: framedOf(piece) });
        } else if (choice % 3 === 2 && sending) {
          sending = false;
          ahead -= 1;
          post({ type: 'sent' });
        }
      }
      expect(sent).toEqual(expected);
    });
    fc.assert(model, { numRuns: 100 });
  });

  it('whatever a receiver says and whatever fails: it neither throws nor holds more than it may', () => {
    const number = fc.oneof(fc.nat(12), fc.constantFrom(4_095, 4_096, 2 ** 24, 2 ** 53 - 1));
    const run1 = fc.tuple(fc.nat(3), fc.nat(12), fc.integer({ min: 1, max: 5_000 }));
    const message = fc.oneof<fc.Arbitrary<ControlMessage>[]>(
      fc.record({ type: fc.constant('request' as const), runs: fc.array(run1, { minLength: 1 }) }),
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
      fc.nat(11).map((piece) => ({ type: 'read' as const, piece, framed: framedOf(piece) })),
      fc.constant({ type: 'sent' as const }),
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
          if (state.type !== 'serving') continue;
          const { queue } = state.serving;
          expect(queue.ahead.length).toBeLessThanOrEqual(READ_AHEAD_PIECES);
          expect(queue.aheadBytes).toBeLessThanOrEqual(READ_AHEAD_BYTES);
          expect(countQueued(queue)).toBeLessThanOrEqual(MAX_QUEUED_PIECES);
          expect(queue.waiting).toBe(queue.spans.reduce((sum, { count }) => sum + count, 0));
        }
        expect(new Set(unavailable).size).toBe(unavailable.length);
      }),
      { numRuns: 1_000 },
    );
  });
});
