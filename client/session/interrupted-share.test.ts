import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bareReceiver } from '../testing/bare-receiver.ts';
import { SenderWorld } from '../testing/sender-world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A share of two files whose page was reloaded. */
async function interruptedShare() {
  const world = new SenderWorld({ sizes: [3_000, 2_000] });
  await world.share();
  const { secret } = world;
  await world.reload();
  const [first, second] = world.chosen;
  if (first === undefined || second === undefined) throw new Error('there are two files');
  const reached = (type: string) => world.until(type, () => world.sendState.type === type);
  return { world, secret, first, second, reached };
}

const other = { path: 'file-1', file: new File(['x'], 'file-1', { lastModified: 0 }) };

describe('a share whose page was reloaded', () => {
  it('asks for its files, and goes on with the same link at the same place when it has them', async () => {
    const { world, secret, reached } = await interruptedShare();
    const place = world.room.sender.peerId;
    expect(world.sendState).toMatchObject({
      type: 'interrupted',
      files: [{ name: 'file-0' }, { name: 'file-1' }],
      unrecognized: [],
      canContinue: false,
    });
    world.sender.share(world.chosen);
    await reached('sharing');
    expect(world.secret).toEqual(secret);
    expect(world.room.sender.peerId).toBe(place);
    expect(world.room.members.length).toBe(1);
  });

  it('takes its files a few at a time, and names those that it does not recognise', async () => {
    const { world, first, second, reached } = await interruptedShare();
    world.sender.share([first, other]);
    expect(world.sendState).toMatchObject({
      unrecognized: [{ name: 'file-1', problem: 'changed' }],
      canContinue: true,
    });
    world.sender.share([second]);
    await reached('sharing');
    expect(world.sendState).toMatchObject({ failures: [] });
  });

  it('goes on without what it does not recognise when it is told to, and its receivers hear of it', async () => {
    const { world, first, reached } = await interruptedShare();
    world.sender.continueWithout();
    expect(world.sendState.type).toBe('interrupted');
    world.sender.share([first]);
    world.sender.continueWithout();
    await reached('sharing');
    const failure = { file: 1, reason: 'source-unreadable' };
    expect(world.sendState).toMatchObject({ failures: [failure] });
    const receiver = await bareReceiver(world);
    await receiver.begin(0);
    await world.settle();
    expect(receiver.heard).toContainEqual({ type: 'unavailable', ...failure });
  });

  it('[EN3] reads what its receiver has already, so that the root hashes can be compared', async () => {
    const { world, reached } = await interruptedShare();
    world.sender.share(world.chosen);
    await reached('sharing');
    const receiver = await bareReceiver(world);
    await receiver.begin(0);
    await world.settle();
    expect(receiver.heard.some(({ type }) => type === 'root')).toBe(false);
    receiver.say(0, { type: 'progress', bytes: 5_000 });
    await world.settle();
    expect(receiver.heard.some(({ type }) => type === 'root')).toBe(true);
    expect(receiver.frames).toBe(0);
  });

  it('is forgotten when it is given up', async () => {
    const { world } = await interruptedShare();
    world.sender.giveUp();
    expect(world.sendState).toEqual({ type: 'idle' });
    expect(world.kept.at(-1)?.state).toBe('removed');
  });

  it('stays for a later page when this one is closed, or cannot reach the server', async () => {
    const { world, reached } = await interruptedShare();
    world.sender.close();
    expect(world.kept.at(-1)?.state).toBe('released');
    await world.reload();
    world.room.refusal = 'signaling-unreachable';
    world.sender.share(world.chosen);
    await reached('failed');
    expect(world.kept.at(-1)?.state).toBe('released');
    world.room.refusal = null;
    world.sender.startOver();
    world.sender.continueShare('id');
    await reached('interrupted');
  });

  it('is left alone by a page on which something else has begun meanwhile', async () => {
    const world = new SenderWorld();
    await world.share();
    world.sender.close();
    const reloading = world.reload();
    await reloading;
    world.sender.giveUp();
    world.sender.share(world.chosen);
    world.sender.continueShare('id');
    await world.until('sharing', () => world.sendState.type === 'sharing');
    expect(world.kept.filter(({ state }) => state === 'held').length).toBe(1);
  });
});
