import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Signal } from '../../signaling/protocol/signal.ts';
import { type ShareKeys, deriveShareKeys } from '../share/share-keys.ts';
import { SessionWorld } from '../testing/session-world.ts';
import { OPEN_TIMEOUT_MS } from '../transfer/conversation.ts';
import { PeerLane } from '../transfer/peer-lane.ts';
import { MAX_LANES, MAX_LANES_PER_RECEIVER } from './open-share.ts';
import type { RoomHandle } from './session-tools.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Opens lanes by hand, with no page behind them. */
class BareReceiver {
  readonly #world: SessionWorld;
  readonly #room: RoomHandle;
  readonly #sender: string;
  readonly #lanes = new Map<number, PeerLane>();

  constructor(world: SessionWorld, keys: ShareKeys) {
    this.#world = world;
    this.#room = world.room.open('receiver', keys, {
      onEntered: () => {},
      onOnline: () => {},
      onPeer: () => {},
      onSignal: (_from, number, signal) => this.#lanes.get(number)?.signal(signal),
      onClosed: () => {},
    });
    this.#sender = world.room.sender.peerId;
  }

  /** Opens a lane and greets. */
  greet(number: number): void {
    const lane = new PeerLane(
      (listener) => this.#world.offerLane(listener),
      {
        onSignal: (signal) => this.send(number, signal),
        onOpened: () => {},
        onMessage: () => {},
        onRoom: () => {},
        onClosed: () => this.#lanes.delete(number),
      },
      () => performance.now(),
    );
    this.#lanes.set(number, lane);
  }

  send(number: number, signal: Signal): void {
    this.#room.sendSignal(this.#sender, number, signal);
  }
}

async function bareReceivers(world: SessionWorld, count: number): Promise<BareReceiver[]> {
  const keys = await deriveShareKeys(world.secret);
  const receivers = Array.from({ length: count }, () => new BareReceiver(world, keys));
  await world.settle();
  return receivers;
}

describe('an open share and its lanes', () => {
  it('answers no more lanes of one receiver than the limit', async () => {
    const world = new SessionWorld();
    await world.share();
    const [receiver] = await bareReceivers(world, 1);
    for (let lane = 0; lane < MAX_LANES_PER_RECEIVER + 3; lane += 1) {
      receiver?.greet(lane);
      await world.settle();
    }
    expect(world.answers).toBe(MAX_LANES_PER_RECEIVER);
    expect(world.leftOpen().lanes).toBe(MAX_LANES_PER_RECEIVER);
  });

  it('answers no more lanes of all receivers than the limit', async () => {
    const world = new SessionWorld();
    await world.share();
    const receivers = await bareReceivers(world, MAX_LANES / MAX_LANES_PER_RECEIVER + 2);
    for (let lane = 0; lane < MAX_LANES_PER_RECEIVER; lane += 1) {
      for (const receiver of receivers) receiver.greet(lane);
      await world.settle();
    }
    expect(world.answers).toBe(MAX_LANES);
    expect(world.leftOpen().lanes).toBe(MAX_LANES);
  });

  it('gives up a lane that never opens, and answers the next one', async () => {
    const world = new SessionWorld();
    await world.share();
    const [receiver] = await bareReceivers(world, 1);
    receiver?.send(0, { type: 'offer', sdp: '0' });
    await world.pass(OPEN_TIMEOUT_MS + 1_000);
    expect(world.leftOpen().lanes).toBe(0);
    expect(world.statuses).toEqual(['failed: connect-timeout']);
    receiver?.greet(1);
    await world.settle();
    expect(world.statuses).toEqual(['choosing']);
  });

  it('opens a lane for an offer only', async () => {
    const world = new SessionWorld();
    await world.share();
    const [receiver] = await bareReceivers(world, 1);
    receiver?.send(0, { type: 'answer', sdp: '0' });
    await world.settle();
    expect(world.answers).toBe(0);
  });

  it('answers nobody after it has ended', async () => {
    const world = new SessionWorld();
    await world.share();
    const [receiver] = await bareReceivers(world, 1);
    const { listener } = world.room.sender;
    world.sender.stopSharing();
    listener.onSignal('receiver-1', 0, { type: 'offer', sdp: '0' });
    receiver?.send(1, { type: 'offer', sdp: '1' });
    await world.settle();
    expect(world.answers).toBe(0);
  });
});
