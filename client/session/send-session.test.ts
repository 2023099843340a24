import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gate } from '../testing/gate.ts';
import { NOTHING_OPEN, SessionWorld, type WorldReceiver } from '../testing/session-world.ts';
import { FAREWELL_MS } from './receive-machine.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const reach = (world: SessionWorld, page: WorldReceiver, type: WorldReceiver['state']['type']) =>
  world.until(type, () => page.state.type === type);

/** A share with this many receivers whose transfers have begun; they go on once the reading is let go. */
async function transferring(count: number) {
  const world = new SessionWorld();
  await world.share();
  const reading = gate();
  for (const reader of world.readers) {
    const read = reader.read.bind(reader);
    reader.read = (...wanted) => reading.passed.then(() => read(...wanted));
  }
  const pages: WorldReceiver[] = [];
  // One after the other, so that they are listed in this order.
  while (pages.length < count) {
    const page = world.receive();
    await reach(world, page, 'offered');
    page.session.receive();
    pages.push(page);
  }
  await world.settle();
  expect(world.statuses).toEqual(pages.map(() => 'receiving'));
  return { world, pages, reading };
}

describe('a sending page and its receivers', () => {
  it('serves several at once and lists each one', async () => {
    const { world, pages, reading } = await transferring(3);
    reading.open();
    for (const page of pages) await reach(world, page, 'done');
    await world.settle();
    expect(world.statuses).toEqual(['done', 'done', 'done']);
    for (const page of pages) expect(page.stores[0]?.files).toEqual(world.originals);
    await world.pass(FAREWELL_MS + 500);
    expect(world.leftOpen()).toEqual({ places: 1, lanes: 0, storage: 1 });
    expect(world.statuses).toEqual(['done', 'done', 'done']);
  });

  it('gives one that comes late what it gave the first', async () => {
    const { world, pages, reading } = await transferring(1);
    reading.open();
    for (const page of pages) await reach(world, page, 'done');
    const late = world.receive();
    await reach(world, late, 'offered');
    late.session.receive();
    await reach(world, late, 'done');
    await world.settle();
    expect(world.statuses).toEqual(['done', 'done']);
  });

  it('says which one left, and goes on with the others', async () => {
    const { world, pages, reading } = await transferring(2);
    const [first, second] = pages;
    first?.session.cancel();
    reading.open();
    await world.until('done', () => second?.state.type === 'done');
    await world.settle();
    expect(world.statuses).toEqual(['failed: receiver-cancelled', 'done']);
    expect(world.leftOpen()).toEqual({ places: 1, lanes: 1, storage: 1 });
  });

  it('turns away a channel that takes no frame', async () => {
    const world = new SessionWorld({ maxMessageBytes: 40 });
    await world.share();
    const page = world.receive();
    await reach(world, page, 'failed');
    await world.settle();
    expect(page.state).toMatchObject({ reason: 'channel-too-small' });
    expect(world.statuses).toEqual(['failed: channel-too-small']);
  });
});

describe('a sending page that ends', () => {
  it('tells its receivers that it stopped, and lets go of everything', async () => {
    const { world, pages } = await transferring(2);
    world.sender.stopSharing();
    await world.settle();
    expect(world.sendState).toEqual({ type: 'cancelled' });
    expect(world.leftOpen()).toEqual(NOTHING_OPEN);
    expect(world.room.sender.place).toBe('left');
    for (const page of pages) {
      expect(page.state).toMatchObject({ type: 'failed', reason: 'sender-stopped' });
    }
  });

  it('keeps its place in the room when its page goes away, and lets go of all else', async () => {
    const { world, pages } = await transferring(2);
    world.sender.close();
    await world.settle();
    expect(world.leftOpen()).toEqual(NOTHING_OPEN);
    expect(world.room.sender.place).toBe('disconnected');
    for (const page of pages) {
      expect(page.state).toMatchObject({ type: 'failed', reason: 'sender-left' });
    }
  });

  it('opens nothing when it was stopped while the share was opening', async () => {
    const world = new SessionWorld();
    world.sender.share(world.files);
    expect(world.sendState.type).toBe('opening');
    world.sender.stopSharing();
    await world.settle();
    expect(world.sendState.type).toBe('cancelled');
    expect(world.room.members).toEqual([]);
    expect(world.readers).toEqual([]);
  });

  it('opens the later share alone when it was stopped and started over at once', async () => {
    const world = new SessionWorld();
    world.sender.share(world.files);
    world.sender.stopSharing();
    await world.share();
    await world.settle();
    expect(world.room.members.length).toBe(1);
    expect(world.readers.length).toBe(1);
    const page = world.receive();
    await reach(world, page, 'offered');
  });

  it('starts no second share while one is open', async () => {
    const world = new SessionWorld();
    await world.share();
    const { secret } = world;
    world.sender.share(world.files);
    await world.settle();
    expect(world.secret).toEqual(secret);
    expect(world.room.members.length).toBe(1);
  });

  it('says why the server refused, and can start over', async () => {
    const world = new SessionWorld();
    world.room.refusal = 'too-many-shares';
    world.sender.share(world.files);
    await world.until('failed', () => world.sendState.type === 'failed');
    expect(world.sendState).toMatchObject({ reason: 'too-many-shares', files: [{ size: 3_000 }] });
    expect(world.leftOpen()).toEqual(NOTHING_OPEN);
    world.sender.startOver();
    expect(world.sendState).toEqual({ type: 'idle' });
  });

  it.each(['stopSharing', 'close'] as const)('leaves no timer after %s and close', async (end) => {
    const { world, pages } = await transferring(1);
    world.sender[end]();
    world.sender.close();
    for (const page of pages) page.session.close();
    await world.settle();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a sending page and its room', () => {
  it('shows that the server is out of reach, and goes on with what runs', async () => {
    const { world, pages, reading } = await transferring(1);
    world.room.setOnline(world.room.sender, false);
    expect(world.sendState).toMatchObject({ type: 'sharing', online: false });
    reading.open();
    for (const page of pages) await reach(world, page, 'done');
    world.room.setOnline(world.room.sender, true);
    expect(world.sendState).toMatchObject({ type: 'sharing', online: true });
  });

  it('keeps its link and its transfers when the room is opened anew', async () => {
    const { world, pages, reading } = await transferring(1);
    const { secret } = world;
    world.room.reopen(world.room.sender);
    reading.open();
    expect(world.secret).toEqual(secret);
    for (const page of pages) await reach(world, page, 'done');
    const late = world.receive();
    await reach(world, late, 'offered');
  });

  it('fails at once when the room is gone and nothing runs', async () => {
    const world = new SessionWorld();
    await world.share();
    const page = world.receive();
    await reach(world, page, 'offered');
    world.room.close(world.room.sender, 'share-expired');
    await world.settle();
    expect(world.sendState).toMatchObject({ type: 'failed', reason: 'share-expired' });
    expect(world.leftOpen()).toEqual(NOTHING_OPEN);
    expect(page.state).toMatchObject({ type: 'failed' });
  });

  it('brings running transfers to their end without a room, and fails after the last', async () => {
    const { world, pages, reading } = await transferring(2);
    const [first, second] = pages;
    world.room.close(world.room.sender, 'share-expired');
    first?.session.cancel();
    await world.settle();
    expect(world.sendState).toMatchObject({ type: 'sharing', online: false });
    expect(world.statuses).toEqual(['failed: receiver-cancelled', 'receiving']);
    expect(world.leftOpen()).toMatchObject({ lanes: 1, storage: 1 });
    reading.open();
    await world.settle();
    expect(second?.state.type).toBe('done');
    expect(world.sendState).toMatchObject({ type: 'failed', reason: 'share-expired' });
    expect(world.leftOpen()).toEqual(NOTHING_OPEN);
  });

  it('fails when the last of its running transfers is cancelled', async () => {
    const { world, pages } = await transferring(2);
    world.room.close(world.room.sender, 'share-expired');
    for (const page of pages) page.session.cancel();
    await world.settle();
    expect(world.sendState).toMatchObject({ type: 'failed', reason: 'share-expired' });
    expect(world.leftOpen()).toEqual(NOTHING_OPEN);
  });
});
