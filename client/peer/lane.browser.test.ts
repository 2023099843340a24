import { describe, expect, it } from 'vitest';
import type { Signal } from '../../signaling/protocol/signal.ts';
import type { OnehopError } from '../errors/onehop-error.ts';
import { HIGH_WATER_BYTES, type Lane, type LaneListener, openLane } from './lane.ts';

/** What a lane tells when it opens. */
const OPEN = ['open', 'room'];

interface End {
  readonly lane: Lane;
  readonly events: string[];
  readonly messages: Uint8Array[];
  readonly errors: OnehopError[];
}

/** Two lanes of this page, each other's peers. */
function openPair(): readonly [End, End] {
  const wait: { to: 0 | 1; signal: Signal }[] = [];
  const ends: End[] = [];
  const relay = (to: 0 | 1, signal: Signal) => {
    const end = ends[to];
    if (end === undefined) wait.push({ to, signal });
    else end.lane.signal(signal);
  };
  const open = (side: 0 | 1): End => {
    const events: string[] = [];
    const messages: Uint8Array[] = [];
    const errors: OnehopError[] = [];
    const listener: LaneListener = {
      onSignal: (signal) => relay(side === 0 ? 1 : 0, signal),
      onOpen: () => events.push('open'),
      onMessage: (bytes) => messages.push(new Uint8Array(bytes)),
      onRoom: () => events.push('room'),
      onClose: (error) => {
        events.push('close');
        errors.push(error);
      },
    };
    const lane = openLane({ initiator: side === 0, iceServers: [] }, listener);
    return { lane, events, messages, errors };
  };
  const pair = [open(0), open(1)] as const;
  ends.push(...pair);
  for (const { to, signal } of wait) relay(to, signal);
  return pair;
}

describe('lane', () => {
  it('carries messages whole, both ways', async () => {
    const [one, other] = openPair();
    await expect.poll(() => [one.events, other.events]).toEqual([OPEN, OPEN]);
    one.lane.send(Uint8Array.of(1, 2, 3));
    other.lane.send(new Uint8Array(other.lane.maxMessageBytes));
    await expect.poll(() => other.messages).toEqual([Uint8Array.of(1, 2, 3)]);
    await expect.poll(() => one.messages.map((message) => message.length)).toEqual([262_144]);
    one.lane.close();
    other.lane.close();
  });

  it('is full at its high-water mark and says when there is room again', async () => {
    const [one, other] = openPair();
    await expect.poll(() => one.events).toEqual(OPEN);
    const frame = new Uint8Array(262_144);
    let sent = 0;
    while (!one.lane.full) {
      one.lane.send(frame);
      sent += frame.length;
      expect(sent).toBeLessThanOrEqual(16 * HIGH_WATER_BYTES);
    }
    await expect.poll(() => one.events).toEqual([...OPEN, 'room']);
    expect(one.lane.full).toBe(false);
    one.lane.close();
    other.lane.close();
  });

  it('closed with flush sends first what waits; the other side is told once that it is gone', async () => {
    const [one, other] = openPair();
    await expect.poll(() => [one.events, other.events]).toEqual([OPEN, OPEN]);
    one.lane.send(new Uint8Array(262_144));
    one.lane.send(Uint8Array.of(9));
    one.lane.close({ flush: true });
    await expect.poll(() => other.events).toEqual([...OPEN, 'close']);
    expect(other.messages.map((message) => message.length).toSorted((a, b) => a - b)).toEqual([
      1, 262_144,
    ]);
    expect(other.errors.map((error) => error.reason)).toEqual(['connection-lost']);
    expect(one.events).toEqual(OPEN);
    expect(() => one.lane.send(Uint8Array.of(1))).toThrow('connection-lost');
  });

  it('tells which way it goes while it is open', async () => {
    const [one, other] = openPair();
    await expect.poll(() => [one.events, other.events]).toEqual([OPEN, OPEN]);
    await expect.poll(() => one.lane.readPath()).toBe('local-network');
    await expect.poll(() => other.lane.readPath()).toBe('local-network');
    one.lane.close();
    other.lane.close();
    expect(await one.lane.readPath()).toBeNull();
  });

  it('knows of no way while nobody answers', async () => {
    const listener = { onSignal() {}, onOpen() {}, onMessage() {}, onRoom() {}, onClose() {} };
    const lane = openLane({ initiator: true, iceServers: [] }, listener);
    expect(await lane.readPath()).toBeNull();
    lane.close();
  });

  it('takes nonsense in the handshake as its own end, not the page’s', async () => {
    const [one, other] = openPair();
    other.lane.close();
    one.lane.signal({ type: 'answer', sdp: 'nonsense' });
    await expect.poll(() => one.events).toEqual(['close']);
    one.lane.signal({ type: 'answer', sdp: 'more' });
    one.lane.close();
  });

  it('takes a candidate that is none as its own end, not the page’s', async () => {
    const [one, other] = openPair();
    await expect.poll(() => one.events).toEqual(OPEN);
    const candidate = { candidate: 'nonsense', sdpMid: null, sdpMLineIndex: null };
    one.lane.signal({ type: 'candidate', candidate });
    await expect.poll(() => one.events).toEqual([...OPEN, 'close']);
    other.lane.close();
  });
});
