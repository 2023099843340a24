import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROTOCOL_VERSION } from '../../signaling/protocol/limits.ts';
import type { ControlMessage } from './control-message.ts';
import {
  GREETING_TIMEOUT_MS,
  MAX_HELD_MESSAGES,
  OPEN_TIMEOUT_MS,
  PING_INTERVAL_MS,
  type ConversationEffect,
  type ConversationEvent,
  type ConversationState,
  SILENCE_MS,
  SILENCE_WHILE_OFFLINE_MS,
  createConversation,
  stepConversation,
} from './conversation.ts';

const received = (message: ControlMessage): ConversationEvent => ({
  type: 'received',
  message: { type: 'control', message },
});
const hello = received({ type: 'hello', protocol: PROTOCOL_VERSION, inflates: false });
/** As this side says it. */
const GREETING: ControlMessage = { type: 'hello', protocol: PROTOCOL_VERSION, inflates: true };
const progress = received({ type: 'progress', bytes: 0 });

function run(
  state: ConversationState,
  ...events: readonly (readonly [now: number, event: ConversationEvent])[]
) {
  const effects: ConversationEffect[] = [];
  let current = state;
  for (const [now, event] of events) {
    const step = stepConversation(current, event, now);
    current = step.state;
    effects.push(...step.effects);
  }
  return { state: current, effects };
}

const openAt = (now: number) =>
  run(createConversation(now, true), [now, { type: 'lane-opened' }], [now, hello]).state;
const tick = (peerOnline = true): ConversationEvent => ({ type: 'tick', peerOnline });

/** Ticks twice a second, as a session does, from the one time to the other. */
const ticks = (from: number, to: number, peerOnline = true) =>
  Array.from(
    { length: (to - from) / 500 },
    (_, index) => [from + (index + 1) * 500, tick(peerOnline)] as const,
  );

describe('conversation', () => {
  it('[CV1] greets when its lane opens, and is open when it was greeted', () => {
    const opened = run(createConversation(0, true), [5, { type: 'lane-opened' }]);
    expect(opened.effects).toEqual([{ type: 'send', message: GREETING }]);
    expect(run(opened.state, [6, hello]).effects).toEqual([{ type: 'opened' }]);
  });

  it('[CV1] that is greeted before it knows that its lane is open greets all the same, once', () => {
    const { effects } = run(createConversation(0, true), [5, hello], [6, { type: 'lane-opened' }]);
    expect(effects).toEqual([{ type: 'send', message: GREETING }, { type: 'opened' }]);
  });

  it('[CV1] closes on another version and on a second greeting', () => {
    const other = received({ type: 'hello', protocol: PROTOCOL_VERSION + 1, inflates: false });
    const closed = (reason: string) => [{ type: 'closed', reason, tell: true }];
    expect(run(createConversation(0, true), [1, other]).effects).toEqual(
      closed('protocol-mismatch'),
    );
    expect(run(openAt(0), [1, hello]).effects).toEqual(closed('message-unexpected'));
  });

  it('[CV1] tells whether the peer takes deflated pieces', () => {
    const inflates = received({ type: 'hello', protocol: PROTOCOL_VERSION, inflates: true });
    const opened = run(createConversation(0, false), [1, { type: 'lane-opened' }], [2, inflates]);
    expect(opened.state).toMatchObject({ type: 'open', peerInflates: true });
    expect(opened.effects[0]).toEqual({ type: 'send', message: { ...GREETING, inflates: false } });
  });

  it('[CV3] measures the round trip by the answer to the last ping, and by no other', () => {
    const pong = (id: number) => received({ type: 'pong', id });
    const pinged = run(openAt(0), [1_000, tick()]);
    expect(pinged.effects).toEqual([{ type: 'send', message: { type: 'ping', id: 1 } }]);
    expect(run(pinged.state, [1_010, pong(7)]).state).toMatchObject({ roundTripMs: null });
    expect(run(pinged.state, [1_030, pong(1)]).state).toMatchObject({ roundTripMs: 30 });
    const late = run(pinged.state, [2_000, tick()], [2_010, pong(1)], [2_050, pong(2)]);
    expect(late.state).toMatchObject({ roundTripMs: 50 });
  });

  const data: ConversationEvent = {
    type: 'received',
    message: {
      type: 'data',
      frame: {
        file: 0,
        piece: 0,
        form: 'plain',
        total: 1,
        offset: 0,
        hash: new Uint8Array(32),
        payload: new Uint8Array(1),
      },
    },
  };

  it('[CV2] keeps what overtakes the greeting and delivers it after, in its order', () => {
    const request = received({ type: 'manifest-request', part: 0 });
    const { effects } = run(
      createConversation(0, true),
      [1, progress],
      [2, request],
      [3, hello],
      [4, data],
    );
    expect(effects.map((effect) => effect.type)).toEqual([
      'send',
      'opened',
      'deliver',
      'deliver',
      'deliver',
    ]);
    expect(effects[3]).toMatchObject({ message: { message: { type: 'manifest-request' } } });
  });

  it('[CV2] closes on data before the greeting, which nobody can have asked for', () => {
    expect(run(createConversation(0, true), [1, data]).state).toMatchObject({
      reason: 'message-unexpected',
    });
  });

  it('[CV2] closes when more overtakes the greeting than may', () => {
    const flood = Array.from({ length: MAX_HELD_MESSAGES + 1 }, () => [1, progress] as const);
    expect(run(createConversation(0, true), ...flood.slice(1)).effects).toEqual([]);
    expect(run(createConversation(0, true), ...flood).state).toMatchObject({
      reason: 'message-unexpected',
    });
  });

  it('[CV3] pings every second and answers pings', () => {
    const pinged = run(openAt(0), [500, tick()], [PING_INTERVAL_MS, tick()]);
    expect(pinged.effects).toEqual([{ type: 'send', message: { type: 'ping', id: 1 } }]);
    expect(run(pinged.state, [1_040, received({ type: 'pong', id: 1 })]).effects).toEqual([]);
    const asked = run(openAt(0), [1, received({ type: 'ping', id: 9 })]);
    expect(asked.effects).toEqual([{ type: 'send', message: { type: 'pong', id: 9 } }]);
  });

  it('[CV4] is given up when nothing was heard for too long', () => {
    const quiet = run(openAt(0), ...ticks(0, SILENCE_MS - 500));
    expect(quiet.state.type).toBe('open');
    expect(run(quiet.state, [SILENCE_MS, tick()]).state).toEqual({
      type: 'closed',
      reason: 'peer-silent',
    });
  });

  it('[CV4] is given up sooner when the server has lost the peer as well', () => {
    const { state } = run(openAt(0), ...ticks(0, SILENCE_WHILE_OFFLINE_MS, false));
    expect(state).toEqual({ type: 'closed', reason: 'peer-silent' });
  });

  it('[CV4] lives as long as anything is heard, with or without the server', () => {
    const events = ticks(0, 60_000, false).flatMap((one) => [one, [one[0], progress] as const]);
    expect(run(openAt(0), ...events).state.type).toBe('open');
  });

  it('[CV4] does not take the sleep of its own page for silence', () => {
    expect(run(openAt(0), [3_600_000, tick()]).state.type).toBe('open');
  });

  it('[CV5] says why it closes, once, and nothing after', () => {
    const { state, effects } = run(openAt(0), [1, { type: 'close', reason: 'sender-stopped' }]);
    expect(effects).toEqual([{ type: 'closed', reason: 'sender-stopped', tell: true }]);
    expect(
      run(state, [2, progress], [3, tick()], [4, { type: 'close', reason: 'unexpected' }]).effects,
    ).toEqual([]);
  });

  it('[CV5] closes with the reason that the peer gives, without an answer', () => {
    const bye = received({ type: 'bye', reason: 'receiver-cancelled' });
    const closed = [{ type: 'closed', reason: 'receiver-cancelled', tell: false }];
    expect(run(openAt(0), [1, bye]).effects).toEqual(closed);
    expect(run(createConversation(0, true), [1, bye]).effects).toEqual(closed);
  });

  it('[CV6] waits only so long for its lane and for the greeting', () => {
    expect(run(createConversation(0, true), [OPEN_TIMEOUT_MS - 1, tick()]).effects).toEqual([]);
    expect(run(createConversation(0, true), [OPEN_TIMEOUT_MS, tick()]).state).toEqual({
      type: 'closed',
      reason: 'connect-timeout',
    });
    const greeting = run(createConversation(0, true), [0, { type: 'lane-opened' }]).state;
    expect(run(greeting, [GREETING_TIMEOUT_MS, tick()]).state).toEqual({
      type: 'closed',
      reason: 'peer-silent',
    });
  });

  it('[PM1] closes by name on what cannot be decoded', () => {
    const { effects } = run(openAt(0), [1, { type: 'undecodable', reason: 'frame-malformed' }]);
    expect(effects).toEqual([{ type: 'closed', reason: 'frame-malformed', tell: true }]);
  });

  it('whatever happens: opens at most once, closes at most once, and is silent after', () => {
    const events = fc.constantFrom<ConversationEvent>(
      { type: 'lane-opened' },
      { type: 'lane-closed', reason: 'connection-lost' },
      hello,
      progress,
      received({ type: 'ping', id: 1 }),
      received({ type: 'pong', id: 1 }),
      received({ type: 'bye', reason: 'unexpected' }),
      { type: 'undecodable', reason: 'frame-malformed' },
      tick(true),
      tick(false),
      { type: 'close', reason: 'unexpected' },
    );
    const schedules = fc.array(fc.tuple(fc.nat(5_000), events), { maxLength: 60 });
    fc.assert(
      fc.property(schedules, (schedule) => {
        let now = 0;
        const timed = schedule.map(([gap, event]) => {
          now += gap;
          return [now, event] as const;
        });
        const { effects } = run(createConversation(0, true), ...timed);
        const types = effects.map((effect) => effect.type);
        expect(types.filter((type) => type === 'opened').length).toBeLessThanOrEqual(1);
        const closed = types.indexOf('closed');
        expect(closed === -1 || closed === types.length - 1).toBe(true);
        const firstDelivery = types.indexOf('deliver');
        expect(firstDelivery === -1 || firstDelivery > types.indexOf('opened')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
