import { describe, expect, it } from 'vitest';
import { PROTOCOL_VERSION } from '../../signaling/protocol/limits.ts';
import type { Signal } from '../../signaling/protocol/signal.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import { OnehopError } from '../errors/onehop-error.ts';
import type { LaneListener } from '../peer/lane.ts';
import { type ControlMessage, encodeControlMessage } from './control-message.ts';
import { OPEN_TIMEOUT_MS, SILENCE_MS } from './conversation.ts';
import { FIRST_LANE, LaneGroup } from './lane-group.ts';
import { decodePeerMessage } from './peer-message.ts';

const OFFER: Signal = { type: 'offer', sdp: 'v=0' };
const ANSWER: Signal = { type: 'answer', sdp: 'v=0' };

interface FakeLane {
  readonly listener: LaneListener;
  readonly sent: ControlMessage[];
  readonly signals: Signal[];
  closed: boolean;
}

/** A group whose lanes do what the test makes them do. */
function openGroup() {
  const lanes: FakeLane[] = [];
  const told: unknown[] = [];
  const time = { now: 0 };
  const group = new LaneGroup(
    {
      clock: () => time.now,
      nextLane: () => lanes.length,
      openLane: (listener) => {
        const lane: FakeLane = { listener, sent: [], signals: [], closed: false };
        lanes.push(lane);
        return {
          maxMessageBytes: 65_536,
          full: false,
          readPath: async () => null,
          signal: (signal) => lane.signals.push(signal),
          send: (bytes) => {
            const message = decodePeerMessage(bytes.slice().buffer);
            if (message.type === 'control') lane.sent.push(message.message);
          },
          close: () => (lane.closed = true),
        };
      },
    },
    {
      onSignal: (signal) => told.push(['signal', signal.type]),
      onLaneOpened: (lane) => told.push(['opened', lane]),
      onMessage: (lane, { type }) => told.push(['message', lane, type]),
      onLaneClosed: (lane) => told.push(['closed', lane]),
      onMainChanged: () => told.push('main-changed'),
      onClosed: (reason) => told.push(['ended', reason]),
    },
  );
  const say = (lane: number, message: ControlMessage) =>
    lanes[lane]?.listener.onMessage(encodeControlMessage(message).buffer);
  const greet = (lane: number) => {
    lanes[lane]?.listener.onOpen();
    say(lane, { type: 'hello', protocol: PROTOCOL_VERSION, inflates: true });
  };
  const lose = (lane: number, reason: ErrorReason = 'connection-lost') =>
    lanes[lane]?.listener.onClose(new OnehopError(reason));
  const pass = (ms: number, ...alive: readonly number[]) => {
    for (const end = time.now + ms; time.now < end;) {
      time.now += 500;
      for (const lane of alive) say(lane, { type: 'ping', id: time.now });
      group.tick(true);
    }
  };
  return { group, lanes, told, say, greet, lose, pass, time };
}

/** One with so many lanes open. */
function openedGroup(count: number) {
  const opened = openGroup();
  opened.greet(0);
  opened.group.want(count);
  for (let lane = 1; lane < count; lane += 1) opened.greet(lane);
  opened.told.length = 0;
  return opened;
}

describe('a group of lanes', () => {
  it('[LN1] opens further lanes over the first one, and only once that is open', () => {
    const { group, lanes, told, say, greet } = openGroup();
    lanes[0]?.listener.onSignal(OFFER);
    group.want(3);
    expect(lanes).toHaveLength(1);
    greet(0);
    expect(lanes).toHaveLength(3);
    lanes[2]?.listener.onSignal(OFFER);
    expect(lanes[0]?.sent).toContainEqual({ type: 'signal', lane: 2, signal: OFFER });
    say(0, { type: 'signal', lane: 2, signal: ANSWER });
    expect(lanes[2]?.signals).toEqual([ANSWER]);
    expect(lanes[1]?.signals).toEqual([]);
    greet(2);
    expect(told).toEqual([
      ['signal', 'offer'],
      ['opened', FIRST_LANE],
      ['opened', 2],
    ]);
    expect(group.open).toEqual([FIRST_LANE, 2]);
  });

  it('closes lanes that are to spare, and never the main one', () => {
    const { group, lanes, told } = openedGroup(4);
    group.want(1, [FIRST_LANE, 3, 1]);
    expect(lanes.map(({ closed }) => closed)).toEqual([false, true, false, true]);
    expect(told).toEqual([
      ['closed', 3],
      ['closed', 1],
    ]);
    expect(lanes[1]?.sent).toContainEqual({ type: 'bye', reason: 'lane-replaced' });
  });

  it('[LN3] goes on without a lane that is lost, and opens another one a little later', () => {
    const { lanes, told, lose, pass } = openedGroup(3);
    lose(2);
    expect(told).toEqual([['closed', 2]]);
    pass(500, 0, 1);
    expect(lanes).toHaveLength(3);
    pass(1_000, 0, 1);
    expect(lanes).toHaveLength(4);
  });

  it('[LN3] makes another lane the main one where that is lost', () => {
    const { group, told, lanes, lose } = openedGroup(3);
    lose(0);
    expect(told).toEqual([['closed', FIRST_LANE], 'main-changed']);
    expect(group.main).toBe(1);
    group.send({ type: 'progress', bytes: 7 });
    expect(lanes[1]?.sent).toContainEqual({ type: 'progress', bytes: 7 });
  });

  it('[LN3] ends with its last open lane, whatever others were being opened', () => {
    const { group, lanes, told, lose, greet } = openGroup();
    greet(0);
    group.want(3);
    lose(0);
    expect(told.at(-1)).toEqual(['ended', 'connection-lost']);
    expect(lanes.slice(1).every(({ closed }) => closed)).toBe(true);
    greet(1);
    expect(told.at(-1)).toEqual(['ended', 'connection-lost']);
  });

  it('[LN3] ends with all its lanes when the peer says good-bye on one of them', () => {
    const { lanes, told, say } = openedGroup(3);
    say(1, { type: 'bye', reason: 'sender-stopped' });
    expect(told).toEqual([['ended', 'sender-stopped']]);
    expect(lanes.map(({ closed }) => closed)).toEqual([true, true, true]);
  });

  it('gives up a further lane that is silent, or does not open, and waits longer before each new try', () => {
    const { group, lanes, told, pass } = openedGroup(2);
    pass(SILENCE_MS, 0);
    expect(told).toEqual([['closed', 1]]);
    pass(1_000, 0);
    expect(lanes).toHaveLength(3);
    pass(OPEN_TIMEOUT_MS, 0);
    expect(lanes[2]?.closed).toBe(true);
    expect(group.open).toEqual([FIRST_LANE]);
    pass(1_500, 0);
    expect(lanes).toHaveLength(3);
    pass(1_000, 0);
    expect(lanes).toHaveLength(4);
  });

  it('is silent only where all its lanes are', () => {
    const { group, pass } = openedGroup(2);
    pass(3_000, 1);
    expect(group.silentMs).toBe(0);
    pass(3_000);
    expect(group.silentMs).toBe(3_000);
  });
});
