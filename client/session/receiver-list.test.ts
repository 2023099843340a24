import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MAX_LISTED_RECEIVERS,
  RECEIVER_WAIT_MS,
  type ReceiverEffect,
  type ReceiverEvent,
  createReceiverList,
  statusOf,
  stepReceivers,
} from './receiver-list.ts';

const connecting = (peerId: string): ReceiverEvent => ({ type: 'receiver-connecting', peerId });
const stage = (
  peerId: string,
  to: Extract<ReceiverEvent, { type: 'receiver-stage' }>['stage'],
): ReceiverEvent => ({ type: 'receiver-stage', peerId, stage: to });
const selected = (peerId: string, receiver: string, bytes = 100): ReceiverEvent => ({
  type: 'receiver-selected',
  peerId,
  receiver,
  bytes,
});
const lost = (
  peerId: string,
  reason: Extract<ReceiverEvent, { type: 'receiver-lost' }>['reason'] = 'connection-lost',
): ReceiverEvent => ({ type: 'receiver-lost', peerId, reason });
const progress = (peerId: string, bytes: number): ReceiverEvent => ({
  type: 'receiver-progress',
  peerId,
  bytes,
});
const paused = (peerId: string, is: boolean): ReceiverEvent => ({
  type: 'receiver-paused',
  peerId,
  paused: is,
});
const pause = (number: number, is: boolean): ReceiverEvent => ({
  type: 'pause-receiver',
  number,
  paused: is,
});
const tick: ReceiverEvent = { type: 'tick' };
/** A lane of a receiver from its beginning to its transfer. */
const receiving = (peerId: string, receiver: string): ReceiverEvent[] => [
  connecting(peerId),
  stage(peerId, 'choosing'),
  stage(peerId, 'receiving'),
  selected(peerId, receiver),
];

/** Each event comes 100 ms after the one before, or as long as a number among them says. */
function run(...events: readonly (ReceiverEvent | number)[]) {
  const effects: ReceiverEffect[] = [];
  let list = createReceiverList(100);
  let now = 0;
  for (const event of events) {
    if (typeof event === 'number') {
      now += event;
      continue;
    }
    now += 100;
    const step = stepReceivers(list, event, now);
    list = step.list;
    effects.push(...step.effects);
  }
  const entries = [...list.entries.values()];
  return { entries, effects, statuses: entries.map((entry) => statusOf(entry)) };
}

describe('receivers of a share', () => {
  it('are listed with what they take and how far they are', () => {
    const { entries, statuses } = run(
      ...receiving('a', 'A'),
      progress('a', 40),
      connecting('b'),
      stage('b', 'choosing'),
      connecting('c'),
    );
    expect(statuses.map(({ type }) => type)).toEqual(['receiving', 'choosing', 'connecting']);
    expect(entries.map(({ number, bytes }) => [number, bytes])).toEqual([
      [1, 40],
      [2, 0],
      [3, 0],
    ]);
  });

  it('[SL2] that come back are the ones they were, whatever their place in the room', () => {
    const { entries, statuses } = run(
      ...receiving('a', 'A'),
      progress('a', 40),
      lost('a'),
      ...receiving('b', 'B'),
      ...receiving('a2', 'A'),
    );
    expect(statuses.map(({ type }) => type)).toEqual(['receiving', 'receiving']);
    expect(entries.map(({ number, receiver, bytes }) => [number, receiver, bytes])).toEqual([
      [1, 'A', 40],
      [2, 'B', 0],
    ]);
    expect(
      run(...receiving('a', 'A'), ...receiving('a2', 'A'), connecting('c')).entries.at(-1),
    ).toMatchObject({ number: 2 });
  });

  it('are reconnecting while they were lost without a word, and have left after a while', () => {
    const gone = [...receiving('a', 'A'), lost('a')];
    expect(run(...gone, RECEIVER_WAIT_MS - 200, tick).statuses).toEqual([{ type: 'reconnecting' }]);
    expect(run(...gone, RECEIVER_WAIT_MS, tick).statuses).toEqual([
      { type: 'failed', reason: 'receiver-left' },
    ]);
    const back = [...gone, RECEIVER_WAIT_MS, tick, ...receiving('a2', 'A')];
    expect(run(...back).statuses).toEqual([{ type: 'receiving' }]);
  });

  it('are reconnecting until they have said themselves that they go on', () => {
    const lane = [...receiving('a', 'A'), lost('a'), connecting('a'), stage('a', 'choosing')];
    expect(run(...lane).statuses).toEqual([{ type: 'reconnecting' }]);
    expect(run(...lane, RECEIVER_WAIT_MS, tick).statuses).toEqual([{ type: 'reconnecting' }]);
    expect(run(...lane, selected('a', 'A')).statuses).toEqual([{ type: 'receiving' }]);
  });

  it('are here as long as one place of theirs is', () => {
    const both = [...receiving('a', 'A'), ...receiving('a2', 'A'), lost('a')];
    expect(run(...both).statuses).toEqual([{ type: 'receiving' }]);
    expect(run(...both, lost('a2')).statuses).toEqual([{ type: 'reconnecting' }]);
  });

  it.each<[string, ReceiverEvent[], string]>([
    ['that it goes', [...receiving('a', 'A'), lost('a', 'receiver-left')], 'receiver-left'],
    [
      'that it cancelled',
      [...receiving('a', 'A'), lost('a', 'receiver-cancelled')],
      'receiver-cancelled',
    ],
    [
      'nothing, as its lane never opened',
      [connecting('a'), lost('a', 'connect-timeout')],
      'connect-timeout',
    ],
    ['nothing, as its lane broke while it opened', [connecting('a'), lost('a')], 'receiver-left'],
  ])('have failed at once when one said %s', (_, events, reason) => {
    expect(run(...events).statuses).toEqual([{ type: 'failed', reason }]);
  });

  it('that are through stay so when their lane goes', () => {
    const { statuses } = run(...receiving('a', 'A'), stage('a', 'done'), lost('a'), 80_000, tick);
    expect(statuses).toEqual([{ type: 'done' }]);
  });

  it('[PS1] are paused by either side, or by both', () => {
    const begun = receiving('a', 'A');
    const by = (...events: ReceiverEvent[]) => run(...begun, ...events).statuses[0];
    expect(by(pause(1, true))).toEqual({ type: 'paused', by: 'you' });
    expect(by(paused('a', true))).toEqual({ type: 'paused', by: 'receiver' });
    expect(by(paused('a', true), pause(1, true))).toEqual({ type: 'paused', by: 'both' });
    expect(by(pause(1, true), pause(1, false))).toEqual({ type: 'receiving' });
  });

  it('[PS2] that were paused are paused again when they come back', () => {
    const { statuses, effects } = run(
      ...receiving('a', 'A'),
      pause(1, true),
      lost('a'),
      ...receiving('a2', 'A'),
    );
    expect(statuses).toEqual([{ type: 'paused', by: 'you' }]);
    expect(effects).toEqual([
      { type: 'pause-peers', peerIds: ['a'], paused: true },
      { type: 'pause-peers', peerIds: ['a2'], paused: true },
    ]);
  });

  it('[PS1] that come back say themselves whether they are paused, also before they say who they are', () => {
    const before = [...receiving('a', 'A'), paused('a', true), lost('a'), connecting('a')];
    expect(run(...before, stage('a', 'choosing'), selected('a', 'A')).statuses).toEqual([
      { type: 'receiving' },
    ]);
    const elsewhere = [...before, connecting('a2'), stage('a2', 'choosing'), paused('a2', true)];
    expect(run(...elsewhere, selected('a2', 'A')).statuses).toEqual([
      { type: 'paused', by: 'receiver' },
    ]);
  });

  it('that are cancelled have failed, and may come back of their own choice', () => {
    const cancelled = [
      ...receiving('a', 'A'),
      pause(1, true),
      { type: 'cancel-receiver', number: 1 } as const,
      lost('a', 'sender-cancelled'),
    ];
    const { statuses, effects } = run(...cancelled);
    expect(statuses).toEqual([{ type: 'failed', reason: 'sender-cancelled' }]);
    expect(effects.at(-1)).toEqual({ type: 'cancel-peers', peerIds: ['a'] });
    expect(run(...cancelled, ...receiving('a2', 'A')).statuses).toEqual([{ type: 'receiving' }]);
  });

  it('are a short list, with those in it who are not through', () => {
    const events: ReceiverEvent[] = [connecting('stays')];
    for (let count = 0; count < 3 * MAX_LISTED_RECEIVERS; count += 1) {
      events.push(connecting(`${count}`), lost(`${count}`, 'receiver-left'));
    }
    const { entries } = run(...events);
    expect(entries.length).toBe(MAX_LISTED_RECEIVERS);
    expect(entries[0]?.number).toBe(1);
    expect(entries.at(-1)?.number).toBe(3 * MAX_LISTED_RECEIVERS + 1);
  });

  it('whatever happens: each id is listed once, and nobody waits for a receiver for ever', () => {
    const peer = fc.constantFrom('a', 'b', 'c');
    const event = fc.oneof(
      peer.map(connecting),
      fc
        .tuple(peer, fc.constantFrom('choosing', 'receiving', 'done'))
        .map(([one, to]) => stage(one, to)),
      fc.tuple(peer, fc.constantFrom('A', 'B')).map(([one, id]) => selected(one, id)),
      fc.tuple(peer, fc.boolean()).map(([one, is]) => paused(one, is)),
      fc
        .tuple(peer, fc.constantFrom('connection-lost', 'lane-replaced', 'receiver-left'))
        .map(([one, reason]) => lost(one, reason)),
      fc.tuple(fc.nat(3), fc.boolean()).map(([number, is]) => pause(number, is)),
      fc.nat(3).map((number): ReceiverEvent => ({ type: 'cancel-receiver', number })),
      fc.constant(tick),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const ended = ['a', 'b', 'c'].map((one) => lost(one));
        const { entries, statuses } = run(...events, ...ended, RECEIVER_WAIT_MS, tick);
        const ids = entries.flatMap(({ receiver }) => (receiver === null ? [] : [receiver]));
        expect(new Set(ids).size).toBe(ids.length);
        for (const { type } of statuses) expect(['done', 'failed']).toContain(type);
      }),
      { numRuns: 1_000 },
    );
  });
});
