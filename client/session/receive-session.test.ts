import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  NOTHING_OPEN,
  type OpenedWorld,
  SessionWorld,
  openWorld,
  savedBytes,
} from '../testing/session-world.ts';
import { SENDER_WAIT_MS } from './link-machine.ts';
import { FAREWELL_MS } from './receive-running.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a receiving page and its sender', () => {
  it('brings files across unchanged and lets go of everything', async () => {
    const { world, page, reach } = await openWorld({ sizes: [3_000, 0, 70_000] });
    await reach('offered');
    expect(page.state).toMatchObject({ files: [{ name: 'file-0', size: 3_000 }, {}, {}] });
    page.session.receive();
    await reach('done');
    for (const file of [0, 1, 2]) page.session.save(file);
    await world.until('saved files', () => page.saved.length === 3);
    expect(page.saved.map(({ name }) => name)).toEqual(['file-0', 'file-1', 'file-2']);
    expect(await savedBytes(page)).toEqual(world.originals);
    await world.settle();
    expect(world.statuses).toEqual(['done']);

    await world.pass(FAREWELL_MS + 500);
    expect(page.session.losesOnLeaving).toBe(false);
    expect(page.leftOpen()).toEqual({ places: 0, lanes: 0, storage: 1 });
    page.session.close();
    world.sender.close();
    await world.settle();
    expect(page.leftOpen()).toEqual(NOTHING_OPEN);
    expect(world.leftOpen()).toEqual(NOTHING_OPEN);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits for a sender that is offline, and connects when it comes back', async () => {
    const world = new SessionWorld();
    await world.share();
    world.room.setOnline(world.room.sender, false);
    const page = world.receive();
    await world.pass(SENDER_WAIT_MS - 1_000);
    expect(page.state.type).toBe('connecting');
    expect(world.answers).toBe(0);
    world.room.setOnline(world.room.sender, true);
    await world.until('offered', () => page.state.type === 'offered');
  });

  it('takes a new lane when the sender drops before the first one is open', async () => {
    const { world, page, reach } = await openWorld();
    world.connects = false;
    await world.until('an answer', () => world.answers === 1);
    world.room.setOnline(world.room.sender, false);
    await world.settle();
    expect(page.leftOpen()).toMatchObject({ places: 1, lanes: 0 });
    world.connects = true;
    world.room.setOnline(world.room.sender, true);
    await reach('offered');
    expect(world.answers).toBeGreaterThan(1);
  });

  it('gives up a sender that does not come back', async () => {
    const { world, page } = await openWorld();
    world.room.setOnline(world.room.sender, false);
    await world.pass(SENDER_WAIT_MS + 500);
    expect(page.state).toMatchObject({ type: 'failed', reason: 'sender-left' });
    expect(page.leftOpen()).toEqual(NOTHING_OPEN);
  });

  it('says why the server turned it away', async () => {
    const world = new SessionWorld();
    await world.share();
    world.room.refusal = 'share-full';
    const page = world.receive();
    await world.until('failed', () => page.state.type === 'failed');
    expect(page.state).toMatchObject({ type: 'failed', reason: 'share-full', files: [] });
    expect(page.leftOpen()).toEqual(NOTHING_OPEN);
  });
});

/** A page that has gone this many turns on from its place in the room; Receive is pressed as soon as it can be. */
async function openTurnsIn(turns: number): Promise<OpenedWorld> {
  const opened = await openWorld();
  const { world, page } = opened;
  await world.until('a place', () => page.leftOpen().places === 1);
  for (let turn = 0; turn < turns; turn += 1) {
    if (page.state.type === 'offered') page.session.receive();
    await world.step();
  }
  return opened;
}

describe('a receiving page that ends early', () => {
  it('opens nothing when it is cancelled before it has a place', async () => {
    const { world, page } = await openWorld();
    page.session.cancel(false);
    await world.settle();
    expect(page.state.type).toBe('cancelled');
    expect(world.room.members.map(({ role }) => role)).toEqual(['sender']);
  });

  it('takes one place when it is cancelled and tries again before it has one', async () => {
    const { world, page, reach } = await openWorld();
    page.session.cancel(false);
    page.session.tryAgain();
    await reach('offered');
    expect(world.room.members.map(({ role }) => role)).toEqual(['sender', 'receiver']);
  });

  it.each(['cancel', 'close'] as const)('lets go of everything with %s, whenever', async (end) => {
    for (let turns = 0; turns <= 40; turns += 1) {
      const { world, page } = await openTurnsIn(turns);
      const before = page.state.type;
      if (end === 'cancel') page.session.cancel(false);
      else page.session.close();
      await world.settle();
      // What is done is not cancelled any more.
      if (end === 'close' || before !== 'done') {
        expect({ turns, left: page.leftOpen() }).toEqual({ turns, left: NOTHING_OPEN });
      }
      page.session.close();
      world.sender.close();
      await world.settle();
      expect({ turns, left: world.leftOpen() }).toEqual({ turns, left: NOTHING_OPEN });
      expect(vi.getTimerCount()).toBe(0);
    }
  });

  const ends = {
    'its sender goes': ({ world }: OpenedWorld) => world.sender.close(),
    'the share is stopped': ({ world }: OpenedWorld) => world.sender.stopSharing(),
    'the network is lost': ({ world }: OpenedWorld) => world.cutLanes(),
  } satisfies Record<string, (opened: OpenedWorld) => void>;

  it.each(Object.entries(ends))('lets go of everything when %s, whenever', async (_, end) => {
    for (let turns = 0; turns <= 40; turns += 1) {
      const opened = await openTurnsIn(turns);
      const { world, page } = opened;
      end(opened);
      await world.settle();
      await vi.advanceTimersByTimeAsync(FAREWELL_MS + 1_000);
      page.session.close();
      world.sender.close();
      await world.settle();
      expect({ turns, left: page.leftOpen() }).toEqual({ turns, left: NOTHING_OPEN });
      expect({ turns, left: world.leftOpen() }).toEqual({ turns, left: NOTHING_OPEN });
      expect(vi.getTimerCount()).toBe(0);
    }
  });
});
