import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OnehopError } from '../errors/onehop-error.ts';
import { gate } from '../testing/gate.ts';
import { NOTHING_OPEN, type OpenStore, openWorld, savedBytes } from '../testing/session-world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a receiving page whose store opens late', () => {
  it('discards it when it was cancelled meanwhile', async () => {
    const late = gate();
    const openStore: OpenStore = (store) => late.passed.then(() => store);
    const { world, page, reach } = await openWorld({ openStore });
    await reach('offered');
    page.session.receive();
    await world.settle();
    page.session.cancel(false);
    expect(page.state.type).toBe('cancelled');
    late.open();
    await world.settle();
    expect(page.stores.map(({ state }) => state)).toEqual(['discarded']);
    expect(page.leftOpen()).toEqual(NOTHING_OPEN);
  });

  it('opens none any more when it is cancelled as soon as Receive is pressed', async () => {
    const { world, page, reach } = await openWorld();
    await reach('offered');
    await world.settle();
    page.session.receive();
    page.session.cancel(false);
    await world.settle();
    expect(page.leftOpen()).toEqual(NOTHING_OPEN);
  });

  it('saves the right bytes when a later attempt has its own store by then', async () => {
    const late = gate();
    const openStore: OpenStore = async (store, opens) => {
      if (opens === 1) await late.passed;
      return store;
    };
    const { world, page, reach } = await openWorld({ openStore });
    await reach('offered');
    page.session.receive();
    await world.settle();
    page.session.cancel(false);
    page.session.tryAgain();
    await reach('offered');
    page.session.receive();
    await reach('done');
    late.open();
    await world.settle();
    expect(page.stores.map(({ state }) => state)).toEqual(['discarded', 'open']);
    page.session.save(0);
    await world.until('a saved file', () => page.saved.length === 1);
    expect(await savedBytes(page)).toEqual(world.originals);
  });

  it.each(['open', 'fail'] as const)(
    'leaves a later attempt alone when the store of an earlier one comes to %s',
    async (end) => {
      const late = gate();
      const openStore: OpenStore = async (store, opens) => {
        if (opens === 1) await late.passed;
        return store;
      };
      const { world, page, reach } = await openWorld({ openStore });
      await reach('offered');
      page.session.receive();
      await world.settle();
      page.session.cancel(false);
      page.session.tryAgain();
      await reach('offered');
      late[end]();
      await world.settle();
      expect(page.state.type).toBe('offered');
      expect(world.statuses).toEqual(['failed: receiver-cancelled', 'choosing']);
      page.session.receive();
      await reach('done');
      page.session.save(0);
      await world.until('a saved file', () => page.saved.length === 1);
      expect(await savedBytes(page)).toEqual(world.originals);
    },
  );

  it('fails after a while, and discards it; another try has its own', async () => {
    const late = gate();
    const openStore: OpenStore = async (store, opens) => {
      if (opens === 1) await late.passed;
      return store;
    };
    const { world, page, reach } = await openWorld({ openStore });
    await reach('offered');
    page.session.receive();
    await world.pass(16_000);
    expect(page.state).toMatchObject({ type: 'failed', reason: 'storage-failed' });
    page.session.tryAgain();
    await reach('offered');
    page.session.receive();
    await reach('done');
    late.open();
    await world.settle();
    expect(page.stores.map(({ state }) => state)).toEqual(['discarded', 'open']);
    expect(page.stores[1]?.files).toEqual(world.originals);
  });

  it('discards every one when it is cancelled on another try', async () => {
    const late = gate();
    const openStore: OpenStore = (store) => late.passed.then(() => store);
    const { world, page, reach } = await openWorld({ openStore });
    await reach('offered');
    page.session.receive();
    await world.pass(16_000);
    page.session.tryAgain();
    await reach('offered');
    page.session.receive();
    await world.settle();
    page.session.cancel(false);
    late.open();
    await world.settle();
    expect(page.leftOpen()).toEqual(NOTHING_OPEN);
  });

  it('opens another one on another try where it could not be opened', async () => {
    let working = false;
    const openStore: OpenStore = (store) =>
      working ? Promise.resolve(store) : Promise.reject(new OnehopError('storage-full'));
    const { page, reach } = await openWorld({ openStore });
    await reach('offered');
    page.session.receive();
    await reach('failed');
    expect(page.state).toMatchObject({ reason: 'storage-full', kept: { bytes: 0 } });
    working = true;
    page.session.tryAgain();
    await reach('offered');
    page.session.receive();
    await reach('done');
  });
});

describe('a receiving page and its storage', () => {
  it('stays done where a file cannot be saved, and saves it later', async () => {
    const { world, page, reach } = await openWorld();
    await reach('offered');
    page.session.receive();
    await reach('done');
    const reads = page.stores.map((store) => vi.spyOn(store, 'read'));
    for (const read of reads) read.mockRejectedValueOnce(new Error('gone'));
    page.session.save(0);
    await world.settle();
    expect(page.state).toMatchObject({ type: 'done', saveFailure: 'storage-failed' });
    expect(page.saved).toEqual([]);
    page.session.save(0);
    await world.until('a saved file', () => page.saved.length === 1);
    expect(page.state).toMatchObject({ type: 'done', saveFailure: null });
    expect(await savedBytes(page)).toEqual(world.originals);
  });

  it('does not save a file that has lost some of its bytes', async () => {
    const { world, page, reach } = await openWorld();
    await reach('offered');
    page.session.receive();
    await reach('done');
    for (const store of page.stores) store.read = async () => new Blob(['short']);
    page.session.save(0);
    await world.settle();
    expect(page.state).toMatchObject({ type: 'done', saveFailure: 'storage-failed' });
    expect(page.saved).toEqual([]);
  });

  it('fails when the store breaks, and another try goes on with what it kept', async () => {
    const { world, page, reach } = await openWorld({ sizes: [3_000, 70_000] });
    await reach('offered');
    const [store] = page.stores;
    if (store === undefined) throw new Error('no store was opened');
    page.session.receive();
    await world.until('the first piece', () => store.kept.size > 0);
    const broken = vi.spyOn(store, 'store').mockRejectedValue(new OnehopError('storage-failed'));
    await reach('failed');
    await world.settle();
    const kept = [3_000, 70_000].filter((_, piece) => store.kept.has(piece));
    expect(kept).toHaveLength(1);
    expect(page.state).toMatchObject({ reason: 'storage-failed', kept: { bytes: kept[0] } });
    expect(page.leftOpen()).toEqual(NOTHING_OPEN);
    expect(world.leftOpen()).toMatchObject({ lanes: 0 });
    broken.mockRestore();
    page.session.tryAgain();
    await reach('done');
    expect(store.files).toEqual(world.originals);
    expect(store.storedTwice).toBe(0);
  });
});
