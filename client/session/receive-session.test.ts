import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OnehopError } from '../errors/onehop-error.ts';
import { PIECE_BYTES } from '../share/manifest.ts';
import { Store } from '../sink/store.ts';
import {
  NOTHING_OPEN,
  type OpenStore,
  SessionWorld,
  type WorldReceiver,
  WorldStore,
} from '../testing/session-world.ts';
import { FAREWELL_MS, LOSS_GRACE_MS, SENDER_WAIT_MS } from './receive-machine.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

type StateType = WorldReceiver['state']['type'];

/** Something that is let go, or fails, when the test says so. */
function gate() {
  let open: () => void = () => {};
  let fail: () => void = () => {};
  const passed = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = () => reject(new Error('as the test asked'));
  });
  return { passed, open, fail };
}

type Opened = Awaited<ReturnType<typeof openWorld>>;

async function openWorld(plan: { sizes?: number[]; openStore?: OpenStore } = {}) {
  const world = new SessionWorld(plan.sizes === undefined ? {} : { sizes: plan.sizes });
  await world.share();
  const page = world.receive(plan.openStore);
  const reach = (type: StateType) => world.until(type, () => page.state.type === type);
  return { world, page, reach };
}

async function savedBytes(page: WorldReceiver): Promise<Uint8Array[]> {
  return Promise.all(
    page.saved.map(async ({ content }) => new Uint8Array(await content.arrayBuffer())),
  );
}

/** A store worker that answers everything but this. */
function workerSilentOn(silent: string) {
  return class extends EventTarget {
    postMessage({ id, name }: { id: number; name: string }): void {
      if (name === silent) return;
      const reply = name === 'store' ? 'stored' : null;
      this.dispatchEvent(new MessageEvent('message', { data: { id, ok: true, reply } }));
    }

    terminate(): void {}
  };
}

describe('a receiving page and its sender', () => {
  it('brings files across unchanged and lets go of everything', async () => {
    const { world, page, reach } = await openWorld({ sizes: [3_000, 0, PIECE_BYTES + 5] });
    await reach('offered');
    expect(page.state).toMatchObject({ files: [{ name: 'file-0', size: 3_000 }, {}, {}] });
    page.session.receive();
    await reach('done');
    for (const file of [0, 1, 2]) page.session.save(file);
    await world.until('saved files', () => page.saved.length === 3);
    expect(page.saved.map(({ name }) => name)).toEqual(['file-0', 'file-1', 'file-2']);
    expect(await savedBytes(page)).toEqual(world.originals);
    expect(world.statuses).toEqual(['done']);

    await world.pass(FAREWELL_MS + 500);
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
    expect(world.answers).toBe(2);
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
    expect(page.state).toEqual({ type: 'failed', reason: 'share-full', files: [], kept: null });
    expect(page.leftOpen()).toEqual(NOTHING_OPEN);
  });

  it('and the sender hear by name that a file has changed', async () => {
    const { world, page, reach } = await openWorld();
    for (const reader of world.readers) {
      reader.read = () => Promise.reject(new OnehopError('source-changed'));
    }
    await reach('offered');
    page.session.receive();
    await reach('failed');
    await world.settle();
    expect(page.state).toMatchObject({ reason: 'source-changed' });
    expect(world.statuses).toEqual(['failed: source-changed']);
  });

  it('fetches only what it lacks when it tries again', async () => {
    const { world, page, reach } = await openWorld({ sizes: [PIECE_BYTES, PIECE_BYTES] });
    await reach('offered');
    page.session.receive();
    await world.until(
      'the first piece',
      () => page.state.type === 'receiving' && page.state.progress.bytes === PIECE_BYTES,
    );
    world.cutLanes();
    await world.pass(LOSS_GRACE_MS + 500);
    expect(page.state).toMatchObject({ reason: 'connection-lost', kept: { bytes: PIECE_BYTES } });
    expect(page.leftOpen()).toEqual({ places: 0, lanes: 0, storage: 1 });

    const reads = world.readers.map((reader) => vi.spyOn(reader, 'read'));
    page.session.tryAgain();
    await reach('done');
    expect(reads.map(({ mock }) => mock.calls.length)).toEqual([1]);
    expect(page.stores.map(({ files }) => files)).toEqual([world.originals]);
  });

  it('never takes content that changed between two attempts for whole', async () => {
    const { world, page, reach } = await openWorld();
    await reach('offered');
    const late = gate();
    const [store] = page.stores;
    if (store === undefined) throw new Error('no store was opened');
    store.store = async (place, piece) => {
      await late.passed;
      return WorldStore.prototype.store.call(store, place, piece);
    };
    const stored = vi.spyOn(store, 'store');
    page.session.receive();
    await world.until('a piece on its way to the store', () => stored.mock.calls.length === 1);
    world.cutLanes();
    await world.pass(LOSS_GRACE_MS + 500);
    world.originals[0]?.fill(7);
    page.session.tryAgain();
    await world.until('the piece again', () => stored.mock.calls.length === 2);
    late.open();
    await reach('failed');
    expect(page.state).toMatchObject({ reason: 'source-changed' });
  });
});

describe('a receiving page whose store opens late', () => {
  it('discards it when it was cancelled meanwhile', async () => {
    const late = gate();
    const openStore: OpenStore = (store) => late.passed.then(() => store);
    const { world, page, reach } = await openWorld({ openStore });
    await reach('offered');
    page.session.receive();
    await world.until('an opening store', () => page.stores.length === 1);
    page.session.cancel();
    expect(page.state.type).toBe('cancelled');
    late.open();
    await world.settle();
    expect(page.stores.map(({ discards }) => discards)).toEqual([1]);
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
    await world.until('an opening store', () => page.stores.length === 1);
    page.session.cancel();
    page.session.tryAgain();
    await reach('offered');
    page.session.receive();
    await reach('done');
    late.open();
    await world.settle();
    expect(page.stores.map(({ discards }) => discards)).toEqual([1, 0]);
    page.session.save(0);
    await world.until('a saved file', () => page.saved.length === 1);
    expect(await savedBytes(page)).toEqual(world.originals);
  });

  it('does not fail a later attempt when the store of an earlier one does not open', async () => {
    const late = gate();
    const openStore: OpenStore = async (store, opens) => {
      if (opens === 1) await late.passed;
      return store;
    };
    const { world, page, reach } = await openWorld({ openStore });
    await reach('offered');
    page.session.receive();
    await world.until('an opening store', () => page.stores.length === 1);
    page.session.cancel();
    page.session.tryAgain();
    await reach('offered');
    late.fail();
    await world.settle();
    expect(page.state.type).toBe('offered');
    page.session.receive();
    await reach('done');
  });

  it('fails after a while, and another try takes the store once it is open', async () => {
    const late = gate();
    const openStore: OpenStore = (store) => late.passed.then(() => store);
    const { world, page, reach } = await openWorld({ openStore });
    await reach('offered');
    page.session.receive();
    await world.pass(16_000);
    expect(page.state).toMatchObject({ type: 'failed', reason: 'storage-failed' });
    page.session.tryAgain();
    await reach('receiving');
    late.open();
    await reach('done');
    expect(page.stores.length).toBe(1);
    expect(page.stores[0]?.files).toEqual(world.originals);
  });

  it('fails, and discards it when it is cancelled on another try', async () => {
    const late = gate();
    const openStore: OpenStore = (store) => late.passed.then(() => store);
    const { world, page, reach } = await openWorld({ openStore });
    await reach('offered');
    page.session.receive();
    await world.pass(16_000);
    page.session.tryAgain();
    await reach('receiving');
    page.session.cancel();
    late.open();
    await world.settle();
    expect(page.stores.map(({ discards }) => discards)).toEqual([1]);
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

  it('fails when the store does, and tells the sender nothing of its disk', async () => {
    const { world, page, reach } = await openWorld({
      openStore: async (store) => {
        store.store = () => Promise.reject(new OnehopError('storage-full'));
        return store;
      },
    });
    await reach('offered');
    page.session.receive();
    await reach('failed');
    await world.settle();
    expect(page.state).toMatchObject({ reason: 'storage-full' });
    expect(page.leftOpen()).toMatchObject({ places: 0, lanes: 0 });
    expect(world.leftOpen()).toMatchObject({ lanes: 0 });
    page.session.close();
    await world.settle();
    expect(page.leftOpen()).toEqual(NOTHING_OPEN);
  });

  it.each(['store', 'flush'] as const)('fails when its worker never answers %s', async (silent) => {
    vi.stubGlobal('Worker', workerSilentOn(silent));
    vi.stubGlobal('navigator', { locks: { request: (_name: string, work: () => void) => work() } });
    const { world, page, reach } = await openWorld({ openStore: () => Store.open() });
    await reach('offered');
    page.session.receive();
    await world.pass(50_000);
    expect(page.state.type).toBe('receiving');
    await world.pass(silent === 'store' ? 15_000 : 560_000);
    expect(page.state).toMatchObject({ type: 'failed', reason: 'storage-failed' });
  });
});

describe('a receiving page that ends early', () => {
  const ends = {
    'is cancelled': ({ page }: Opened) => page.session.cancel(),
    'is closed': ({ page }: Opened) => page.session.close(),
    'loses its sender': ({ world }: Opened) => world.sender.close(),
    'is told that the share was stopped': ({ world }: Opened) => world.sender.stopSharing(),
    'loses the network': ({ world }: Opened) => world.cutLanes(),
  } satisfies Record<string, (opened: Opened) => void>;

  it.each(Object.entries(ends))('lets go of everything when it %s, whenever', async (_, end) => {
    for (let turns = 0; turns <= 40; turns += 1) {
      const opened = await openWorld();
      const { world, page } = opened;
      for (let turn = 0; turn < turns; turn += 1) {
        if (page.state.type === 'offered') page.session.receive();
        await world.step();
      }
      end(opened);
      await world.pass(FAREWELL_MS + 1_000);
      page.session.close();
      world.sender.close();
      await world.settle();
      expect({ turns, left: page.leftOpen() }).toEqual({ turns, left: NOTHING_OPEN });
      expect({ turns, left: world.leftOpen() }).toEqual({ turns, left: NOTHING_OPEN });
      expect(vi.getTimerCount()).toBe(0);
    }
  });
});
