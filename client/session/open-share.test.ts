import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bareReceiver, bareReceivers } from '../testing/bare-receiver.ts';
import { SenderWorld } from '../testing/sender-world.ts';
import { OPEN_TIMEOUT_MS, SILENCE_WHILE_OFFLINE_MS } from '../transfer/conversation.ts';
import { MAX_OPEN_LANES } from './open-share.ts';
import { MAX_LANES_PER_RECEIVER } from './receiver-lanes.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

async function sharing(): Promise<SenderWorld> {
  const world = new SenderWorld();
  await world.share();
  return world;
}

describe('an open share and its lanes', () => {
  it('answers no more lanes of one receiver than the limit', async () => {
    const world = await sharing();
    const receiver = await bareReceiver(world);
    for (let lane = 0; lane < MAX_LANES_PER_RECEIVER + 3; lane += 1) {
      receiver.greet(lane);
      await world.settle();
    }
    expect(world.answers).toBe(MAX_LANES_PER_RECEIVER);
    expect(world.leftOpen().lanes).toBe(MAX_LANES_PER_RECEIVER);
  });

  it('answers no more lanes of all receivers than the limit', async () => {
    const world = await sharing();
    const receivers = await bareReceivers(
      world,
      Math.ceil(MAX_OPEN_LANES / MAX_LANES_PER_RECEIVER) + 2,
    );
    for (let lane = 0; lane < MAX_LANES_PER_RECEIVER; lane += 1) {
      for (const receiver of receivers) receiver.greet(lane);
      await world.settle();
    }
    expect(world.answers).toBe(MAX_OPEN_LANES);
    expect(world.leftOpen().lanes).toBe(MAX_OPEN_LANES);
  });

  it('[LN1] answers a lane that is offered over another one, and over the same', async () => {
    const world = await sharing();
    const receiver = await bareReceiver(world);
    await receiver.begin(0);
    receiver.greet(1, 0);
    receiver.greet(2, 0);
    await world.settle();
    expect([world.leftOpen().lanes, world.statuses]).toEqual([3, ['receiving']]);
    receiver.leave(0, 'lane-replaced');
    await world.settle();
    receiver.greet(3, 2);
    await world.settle();
    expect([world.leftOpen().lanes, world.statuses]).toEqual([3, ['receiving']]);
  });

  it('[PS2] pauses and cancels a receiver on all its lanes, and on those that come later', async () => {
    const world = await sharing();
    const receiver = await bareReceiver(world);
    await receiver.begin(0);
    receiver.greet(1, 0);
    await world.settle();
    world.sender.pauseReceiver('1');
    receiver.greet(2, 1);
    await world.settle();
    const pauses = receiver.heard.filter(({ type }) => type === 'pause');
    expect(pauses).toEqual(
      Array.from({ length: 3 }, () => ({ type: 'pause', number: 1, paused: true })),
    );
    world.sender.cancelReceiver('1');
    await world.settle();
    expect(receiver.closed).toEqual(['sender-cancelled', 'sender-cancelled', 'sender-cancelled']);
    expect(world.leftOpen().lanes).toBe(0);
  });

  it('gives up a lane that never opens, and answers the next one', async () => {
    const world = await sharing();
    const receiver = await bareReceiver(world);
    receiver.send(0, { type: 'offer', sdp: '0' });
    await world.pass(OPEN_TIMEOUT_MS + 1_000);
    expect(world.leftOpen().lanes).toBe(0);
    expect(world.statuses).toEqual(['failed: connect-timeout']);
    receiver.greet(1);
    await world.settle();
    expect(world.statuses).toEqual(['choosing']);
  });

  it('opens a lane for an offer only', async () => {
    const world = await sharing();
    const receiver = await bareReceiver(world);
    receiver.send(0, { type: 'answer', sdp: '0' });
    await world.settle();
    expect(world.answers).toBe(0);
  });

  it('answers nobody after it has ended', async () => {
    const world = await sharing();
    const receiver = await bareReceiver(world);
    const { listener } = world.room.sender;
    world.sender.stopSharing();
    listener.onSignal('receiver-1', 0, { type: 'offer', sdp: '0' });
    receiver.send(1, { type: 'offer', sdp: '1' });
    await world.settle();
    expect(world.answers).toBe(0);
  });

  it('[SL2] closes the silent lanes of a receiver that has a new one, and only those', async () => {
    const world = await sharing();
    const [first, second] = await bareReceivers(world, 2);
    await first?.begin(0, 'a');
    await second?.begin(0, 'b');
    await world.settle();
    world.silenceLanes();
    await world.pass(SILENCE_WHILE_OFFLINE_MS + 500);
    await second?.begin(1, 'b');
    await world.settle();
    expect(world.leftOpen().lanes).toBe(2);
    second?.greet(2);
    const reloaded = await bareReceiver(world);
    await reloaded.begin(0, 'a');
    await world.settle();
    expect(world.leftOpen().lanes).toBe(3);
    expect(world.statuses).toEqual(['receiving', 'receiving']);
  });

  it('asks whether the server is there when a receiver is silent', async () => {
    const world = new SenderWorld();
    const open = world.room.open.bind(world.room);
    const checkConnection = vi.fn<() => void>();
    world.room.open = (...wanted) => ({ ...open(...wanted), checkConnection });
    await world.share();
    const receiver = await bareReceiver(world);
    receiver.greet(0);
    await world.pass(2 * SILENCE_WHILE_OFFLINE_MS);
    expect(checkConnection).not.toHaveBeenCalled();
    world.silenceLanes();
    await world.pass(SILENCE_WHILE_OFFLINE_MS + 1_000);
    expect(checkConnection).toHaveBeenCalled();
  });

  it('tells the reader how many receivers are there', async () => {
    const world = await sharing();
    const told = world.readers.map((reader) => vi.spyOn(reader, 'setReceivers'))[0];
    const [first, second] = await bareReceivers(world, 2);
    first?.greet(0);
    await world.settle();
    first?.greet(1, 0);
    second?.greet(0);
    await world.settle();
    expect(told?.mock.lastCall).toEqual([2]);
    second?.leave(0, 'receiver-left');
    await world.settle();
    expect(told?.mock.lastCall).toEqual([1]);
    first?.leave(0, 'receiver-left');
    await world.settle();
    expect(told?.mock.lastCall).toEqual([0]);
  });
});
