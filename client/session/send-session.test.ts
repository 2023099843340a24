import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BareReceiver } from '../testing/bare-receiver.ts';
import { bareReceiver, bareReceivers } from '../testing/bare-receiver.ts';
import { NOTHING_OPEN, SenderWorld } from '../testing/sender-world.ts';
import { SILENCE_MS } from '../transfer/conversation.ts';
import { RECEIVER_WAIT_MS } from './receiver-list.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A share with receivers that have begun, each with an id of its own. */
async function transferring(...ids: readonly string[]) {
  const world = new SenderWorld({ sizes: [3_000, 2_000] });
  await world.share();
  const receivers = await bareReceivers(world, ids.length);
  // One after the other, so that they are listed in this order.
  for (const [index, receiver] of receivers.entries()) {
    await receiver.begin(0, ids[index]);
    await world.settle();
  }
  expect(world.statuses).toEqual(ids.map(() => 'receiving'));
  return { world, receivers };
}

/** Has a receiver get everything and say so. */
async function finish(world: SenderWorld, receiver: BareReceiver, lane = 0): Promise<void> {
  receiver.say(lane, {
    type: 'request',
    ranges: [
      [0, 0, 0, 3_000],
      [1, 0, 0, 2_000],
    ],
  });
  await world.settle();
  receiver.say(lane, { type: 'progress', bytes: 5_000 });
  const root = receiver.heard.findLast((message) => message.type === 'root');
  if (root !== undefined) receiver.say(lane, { type: 'complete', root: root.root });
  await world.settle();
}

const failuresOf = ({ sendState }: SenderWorld) =>
  sendState.type === 'sharing' ? sendState.failures : null;

describe('a sending page and its receivers', () => {
  it('serves several at once and lists each one', async () => {
    const { world, receivers } = await transferring('a', 'b', 'c');
    for (const receiver of receivers) await finish(world, receiver);
    expect(world.statuses).toEqual(['done', 'done', 'done']);
    expect(receivers.map(({ frames }) => frames)).toEqual([2, 2, 2]);
    const late = await bareReceiver(world);
    await late.begin(0, 'd');
    await finish(world, late);
    expect(world.statuses.at(-1)).toBe('done');
  });

  it('[SL2] knows one that comes back, on another lane or at another place in the room', async () => {
    const { world, receivers } = await transferring('a');
    world.cutLanes();
    await world.settle();
    expect(world.statuses).toEqual(['reconnecting']);
    await receivers[0]?.begin(1, 'a');
    await world.settle();
    expect(world.statuses).toEqual(['receiving']);
    world.cutLanes();
    const reloaded = await bareReceiver(world);
    await reloaded.begin(0, 'a');
    await finish(world, reloaded);
    expect(world.statuses).toEqual(['done']);
  });

  it('waits for one that falls silent, and says that it left when it does not come back', async () => {
    const { world } = await transferring('a');
    world.silenceLanes();
    await world.pass(SILENCE_MS + 500);
    expect(world.statuses).toEqual(['reconnecting']);
    expect(world.sender.losesOnLeaving).toBe(true);
    await world.pass(RECEIVER_WAIT_MS + 500);
    expect(world.statuses).toEqual(['failed: receiver-left']);
    expect(world.sender.losesOnLeaving).toBe(false);
  });

  it('[PS2] pauses one receiver alone, tells it, and pauses it again when it comes back', async () => {
    const { world, receivers } = await transferring('a', 'b');
    const [first, second] = receivers;
    world.sender.pauseReceiver('1');
    first?.say(0, { type: 'request', ranges: [[0, 0, 0, 3_000]] });
    second?.say(0, { type: 'request', ranges: [[0, 0, 0, 3_000]] });
    await world.settle();
    expect(world.statuses).toEqual(['paused', 'receiving']);
    expect(first?.heard).toContainEqual({ type: 'pause', number: 1, paused: true });
    expect([first?.frames, second?.frames]).toEqual([0, 1]);
    world.sender.resumeReceiver('1');
    await world.settle();
    expect(first?.frames).toBe(1);
    world.sender.pauseReceiver('1');
    first?.leave(0, 'receiver-left');
    const reloaded = await bareReceiver(world);
    await reloaded.begin(0, 'a');
    await world.settle();
    expect(reloaded.heard).toContainEqual({ type: 'pause', number: 1, paused: true });
    expect(world.statuses).toEqual(['paused', 'receiving']);
  });

  it('[PS1] shows that a receiver has paused', async () => {
    const { world, receivers } = await transferring('a');
    receivers[0]?.say(0, { type: 'pause', number: 1, paused: true });
    await world.settle();
    expect(world.statuses).toEqual(['paused']);
    expect(world.sender.losesOnLeaving).toBe(true);
  });

  it('cancels one receiver alone, which may come back', async () => {
    const { world, receivers } = await transferring('a', 'b');
    world.sender.cancelReceiver('1');
    await world.settle();
    expect(world.statuses).toEqual(['failed: sender-cancelled', 'receiving']);
    expect(receivers.map(({ closed }) => closed)).toEqual([['sender-cancelled'], []]);
    await receivers[0]?.begin(1, 'a');
    await world.settle();
    expect(world.statuses).toEqual(['receiving', 'receiving']);
  });

  it('[RQ4] says to every receiver, and shows, which file cannot be had; the others arrive', async () => {
    const { world, receivers } = await transferring('a', 'b');
    world.readers[0]?.fail(0, 'source-changed');
    const failure = { file: 0, reason: 'source-changed' } as const;
    expect(failuresOf(world)).toEqual([failure]);
    for (const receiver of receivers) await finish(world, receiver);
    const late = await bareReceiver(world);
    await late.begin(0, 'c');
    await finish(world, late);
    for (const { heard, frames } of [...receivers, late]) {
      expect(heard).toContainEqual({ type: 'unavailable', ...failure });
      expect(frames).toBe(1);
    }
    expect(world.statuses).toEqual(['done', 'done', 'done']);
  });

  it('turns away a channel that takes no frame', async () => {
    const world = new SenderWorld({ maxMessageBytes: 40 });
    await world.share();
    const receiver = await bareReceiver(world);
    receiver.greet(0);
    await world.settle();
    expect(receiver.closed).toEqual(['channel-too-small']);
    expect(world.statuses).toEqual(['failed: channel-too-small']);
  });
});

describe('a sending page that ends', () => {
  it('tells its receivers that it stopped, and lets go of everything', async () => {
    const { world, receivers } = await transferring('a', 'b');
    world.sender.stopSharing();
    await world.settle();
    expect(world.sendState).toEqual({ type: 'cancelled' });
    expect(world.leftOpen()).toEqual(NOTHING_OPEN);
    expect(world.room.sender.place).toBe('left');
    expect(world.kept.map(({ state }) => state)).toEqual(['removed']);
    for (const { closed } of receivers) expect(closed).toEqual(['sender-stopped']);
  });

  it('keeps its place and its share when its page goes away, and lets go of all else', async () => {
    const { world, receivers } = await transferring('a', 'b');
    world.sender.close();
    await world.settle();
    expect(world.leftOpen()).toEqual(NOTHING_OPEN);
    expect(world.room.sender.place).toBe('disconnected');
    expect(world.kept.map(({ state }) => state)).toEqual(['released']);
    for (const { closed } of receivers) expect(closed).toEqual(['sender-left']);
  });

  it('opens nothing when it was stopped while the share was opening', async () => {
    const world = new SenderWorld();
    world.sender.share(world.chosen);
    expect(world.sendState.type).toBe('opening');
    world.sender.stopSharing();
    await world.settle();
    expect(world.sendState.type).toBe('cancelled');
    expect(world.room.members).toEqual([]);
    expect(world.readers).toEqual([]);
    expect(world.kept.map(({ state }) => state)).toEqual(['removed']);
  });

  it('opens the later share alone when it was stopped and started over at once', async () => {
    const world = new SenderWorld();
    world.sender.share(world.chosen);
    world.sender.stopSharing();
    await world.share();
    await world.settle();
    expect(world.room.members.length).toBe(1);
    expect(world.readers.length).toBe(1);
  });

  it('starts no second share while one is open', async () => {
    const world = new SenderWorld();
    await world.share();
    const { secret } = world;
    world.sender.share(world.chosen);
    await world.settle();
    expect(world.secret).toEqual(secret);
    expect(world.room.members.length).toBe(1);
  });

  it('says why the server refused, and can start over', async () => {
    const world = new SenderWorld();
    world.room.refusal = 'too-many-shares';
    world.sender.share(world.chosen);
    await world.until('failed', () => world.sendState.type === 'failed');
    expect(world.sendState).toMatchObject({ reason: 'too-many-shares', files: [{ size: 3_000 }] });
    expect(world.leftOpen()).toEqual(NOTHING_OPEN);
    world.sender.startOver();
    expect(world.sendState).toEqual({ type: 'idle' });
  });

  it('shares although nothing can be kept for a later page', async () => {
    const world = new SenderWorld();
    world.keeps = false;
    await world.share();
    await world.reload();
    expect(world.sendState.type).toBe('idle');
  });

  it.each(['stopSharing', 'close'] as const)('leaves no timer after %s and close', async (end) => {
    const { world } = await transferring('a');
    world.sender[end]();
    world.sender.close();
    await world.settle();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a sending page and its room', () => {
  it('shows that the server is out of reach, and goes on with what runs', async () => {
    const { world, receivers } = await transferring('a');
    world.room.setOnline(world.room.sender, false);
    expect(world.sendState).toMatchObject({ type: 'sharing', online: false });
    for (const receiver of receivers) await finish(world, receiver);
    expect(world.statuses).toEqual(['done']);
    world.room.setOnline(world.room.sender, true);
    expect(world.sendState).toMatchObject({ type: 'sharing', online: true });
  });

  it('keeps its link and its transfers when the room is opened anew', async () => {
    const { world, receivers } = await transferring('a');
    const { secret } = world;
    world.room.reopen(world.room.sender);
    for (const receiver of receivers) await finish(world, receiver);
    expect(world.secret).toEqual(secret);
    expect(world.statuses).toEqual(['done']);
  });

  it('fails at once when the room is gone and nothing runs', async () => {
    const world = new SenderWorld();
    await world.share();
    const receiver = await bareReceiver(world);
    receiver.greet(0);
    await world.settle();
    world.room.close(world.room.sender, 'share-expired');
    await world.settle();
    expect(world.sendState).toMatchObject({ type: 'failed', reason: 'share-expired' });
    expect(world.leftOpen()).toEqual(NOTHING_OPEN);
    expect(receiver.closed).toEqual(['share-expired']);
    expect(world.kept.map(({ state }) => state)).toEqual(['removed']);
  });

  it('brings running transfers to their end without a room, and fails after the last', async () => {
    const { world, receivers } = await transferring('a', 'b');
    const [first, second] = receivers;
    world.room.close(world.room.sender, 'share-expired');
    first?.leave(0, 'receiver-cancelled');
    await world.settle();
    expect(world.sendState).toMatchObject({ type: 'sharing', online: false });
    expect(world.statuses).toEqual(['failed: receiver-cancelled', 'receiving']);
    if (second !== undefined) await finish(world, second);
    expect(world.sendState).toMatchObject({ type: 'failed', reason: 'share-expired' });
    expect(world.leftOpen()).toEqual(NOTHING_OPEN);
  });
});
