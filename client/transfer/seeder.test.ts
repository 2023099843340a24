import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PIECE_BYTES } from '../share/manifest.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import type { ControlMessage } from './control-message.ts';
import {
  MAX_QUEUED_PIECES,
  READ_AHEAD_PIECES,
  type SeederEffect,
  type SeederEvent,
  type SeederState,
  createSeeder,
  stepSeeder,
} from './seeder.ts';

const manifest = makeManifest(10 * PIECE_BYTES, 5);
const framedOf = (piece: number) => ({ hash: Uint8Array.of(piece), frames: [] });
const messageOf = (message: ControlMessage): SeederEvent => ({ type: 'message', message });
const ask = (file: number, first: number, count: number) =>
  messageOf({ type: 'request', runs: [[file, first, count]] });
const root = 'r'.repeat(43);

function run(state: SeederState, ...events: readonly SeederEvent[]) {
  const effects: SeederEffect[] = [];
  let current = state;
  for (const event of events) {
    const step = stepSeeder(current, event);
    current = step.state;
    effects.push(...step.effects);
  }
  return { state: current, effects };
}

const fresh = () => createSeeder(manifest, 2, null).state;
const sentPieces = (effects: readonly SeederEffect[]) =>
  effects.flatMap((effect) => (effect.type === 'send-piece' ? [effect.framed.hash[0]] : []));
const readPieces = (effects: readonly SeederEffect[]) =>
  effects.flatMap((effect) => (effect.type === 'read' ? [effect.piece] : []));

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

  it('[RQ4] says which piece cannot be read and goes on with the others', () => {
    const asked = run(fresh(), ask(0, 0, 2), { type: 'read', piece: 1, framed: framedOf(1) });
    const { effects } = run(asked.state, {
      type: 'unreadable',
      piece: 0,
      reason: 'source-unreadable',
    });
    expect(effects[0]).toEqual({ type: 'send-unavailable', piece: 0, reason: 'source-unreadable' });
    expect(sentPieces(effects)).toEqual([1]);
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

  it('[EN2] takes no progress back that a later report has overtaken', () => {
    const reports = [50, 10, 60].map((bytes) => messageOf({ type: 'progress', bytes }));
    expect(run(fresh(), ...reports).effects).toEqual([
      { type: 'progress', bytes: 50 },
      { type: 'progress', bytes: 60 },
    ]);
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
    ['a message that only senders send', messageOf({ type: 'root', root }), 'message-unexpected'],
    ['[DT2] data', { type: 'data' }, 'message-unexpected'],
  ])('closes on %s', (_, event, reason) => {
    const { state, effects } = run(fresh(), event);
    expect(state).toEqual({ type: 'closed', reason });
    expect(effects).toEqual([{ type: 'close', reason }]);
    expect(run(state, ask(0, 0, 1)).effects).toEqual([]);
  });

  it('[RQ2] closes on more pieces than may be queued', () => {
    const large = makeManifest((MAX_QUEUED_PIECES + 1) * PIECE_BYTES);
    const full = run(createSeeder(large, 1, null).state, ask(0, 0, MAX_QUEUED_PIECES));
    expect(full.state.type).toBe('serving');
    expect(run(full.state, ask(0, 0, 1)).state).toEqual({
      type: 'closed',
      reason: 'request-overflow',
    });
  });

  it('[EN1] announces the root hash: at once where it is known, else as soon as it is', () => {
    expect(createSeeder(manifest, 1, root).effects).toContainEqual({ type: 'send-root', root });
    const { effects } = run(fresh(), { type: 'share-root', root });
    expect(effects).toEqual([{ type: 'send-root', root }]);
  });

  it('[EN2] is done when the receiver has the same root hash, and closes when it has another', () => {
    const known = run(fresh(), { type: 'share-root', root });
    const done = run(known.state, messageOf({ type: 'complete', root }));
    expect(done.state.type).toBe('done');
    expect(done.effects).toContainEqual({ type: 'stage', stage: 'done' });
    const other = run(known.state, messageOf({ type: 'complete', root: 's'.repeat(43) }));
    expect(other.state).toEqual({ type: 'closed', reason: 'root-mismatch' });
  });

  it('tells what its receiver is doing, each stage once', () => {
    const begun = createSeeder(manifest, 1, null);
    const { effects } = run(begun.state, ask(0, 0, 1), ask(0, 1, 1));
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
});
