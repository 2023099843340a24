import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PIECE_BYTES } from '../share/manifest.ts';
import { gate } from '../testing/gate.ts';
import { STORING_GRACE_MS } from './receive-view.ts';
import { NOTHING_OPEN, openWorld, savedBytes } from '../testing/session-world.ts';
import { RETRY_MS } from './link-machine.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a receiving page that loses what it needs', () => {
  it('and the sender hear which file has changed, and the others arrive', async () => {
    const { world, page, reach } = await openWorld({ sizes: [3_000, 5_000, 7_000] });
    await reach('offered');
    for (const reader of world.readers) reader.fail(1, 'source-changed');
    page.session.receive();
    await reach('done');
    await world.settle();
    const failures = [{ file: 1, reason: 'source-changed' }];
    expect(page.state).toMatchObject({ type: 'done', failures, totalBytes: 10_000 });
    expect(world.sendState).toMatchObject({ failures });
    expect(world.statuses).toEqual(['done']);
    expect(page.stores[0]?.files[2]).toEqual(world.originals[2]);
  });

  it('comes to its end without a file that could not be had, also where the sender’s next page has it again', async () => {
    const sizes = [3_000, 5_000, 12 * PIECE_BYTES];
    const { world, page, reach } = await openWorld({ sizes });
    await reach('offered');
    page.session.receive();
    await world.until('the first piece', () => (page.stores[0]?.kept.size ?? 0) > 0);
    page.session.pause();
    for (const reader of world.readers) reader.fail(1, 'source-unreadable');
    await world.settle();
    await world.reload();
    world.sender.share(world.chosen);
    await world.pass(2_000);
    page.session.resume();
    await world.pass(2_000);
    const failures = [{ file: 1, reason: 'source-unreadable' }];
    expect(page.state).toMatchObject({ type: 'done', failures });
    expect(world.statuses).toEqual(['done']);
  });

  it('takes only the files that were selected', async () => {
    const { world, page, reach } = await openWorld({ sizes: [3_000, 5_000, 7_000] });
    await reach('offered');
    page.session.select([1], false);
    page.session.receive();
    await reach('done');
    await world.settle();
    expect(new Set(page.stores[0]?.kept.keys())).toEqual(new Set([0, 2]));
    page.session.save(1);
    page.session.save(2);
    await world.until('a saved file', () => page.saved.length > 0);
    await world.settle();
    expect(await savedBytes(page)).toEqual([world.originals[2]]);
    expect(world.statuses).toEqual(['done']);
  });

  it('goes on by itself over another lane, with nothing fetched twice', async () => {
    const { world, page, reach } = await openWorld({ sizes: [3_000, 70_000, 70_000] });
    await reach('offered');
    page.session.receive();
    await world.until('the first piece', () => (page.stores[0]?.kept.size ?? 0) > 0);
    world.cutLanes();
    expect(page.state).toMatchObject({ type: 'receiving', phase: 'reconnecting' });
    await reach('done');
    expect(page.stores.map(({ files }) => files)).toEqual([world.originals]);
    expect(page.stores[0]?.storedTwice).toBe(0);
    await world.settle();
    expect(world.statuses).toEqual(['done']);
  });

  it('says that the sender left, keeps what it has, and goes on when the sender is back', async () => {
    const { world, page, reach } = await openWorld({ sizes: [3_000, 700_000] });
    await reach('offered');
    page.session.receive();
    await world.until('the first piece', () => (page.stores[0]?.kept.size ?? 0) > 0);
    await world.reload();
    // The sender had read all of so small a share, and what it sent might have been being written.
    await world.pass(STORING_GRACE_MS);
    expect(page.state).toMatchObject({ type: 'failed', reason: 'sender-left', retrying: true });
    world.sender.share(world.chosen);
    await world.pass(15_000);
    expect(page.state.type).toBe('done');
    expect(page.stores[0]?.files).toEqual(world.originals);
    expect(page.stores[0]?.storedTwice).toBe(0);
  });

  it('gives a sender up that does not come back, and keeps what it has', async () => {
    const { world, page, reach } = await openWorld({ sizes: [3_000, 70_000] });
    await reach('offered');
    page.session.receive();
    await world.until('the first piece', () => (page.stores[0]?.kept.size ?? 0) > 0);
    world.sender.close();
    await world.settle();
    await vi.advanceTimersByTimeAsync(RETRY_MS + 1_000);
    expect(page.state).toMatchObject({ type: 'failed', reason: 'sender-left', retrying: false });
    expect(page.leftOpen()).toEqual({ places: 0, lanes: 0, storage: 1 });
    page.session.close();
    await world.settle();
    expect(page.stores.map(({ state }) => state)).toEqual(['closed']);
  });

  it('goes on in another page with what the first one left, paused as it was', async () => {
    const { world, page, reach } = await openWorld({ sizes: [3_000, 12 * PIECE_BYTES] });
    await reach('offered');
    page.session.receive();
    await world.until('the first piece', () => (page.stores[0]?.kept.size ?? 0) > 0);
    page.session.pause();
    await world.settle();
    page.session.close();
    await world.settle();
    const next = world.receive();
    await world.until('paused', () => next.state.type === 'paused');
    next.session.resume();
    await world.until('done', () => next.state.type === 'done');
    expect(world.stores).toHaveLength(1);
    expect(next.stores[0]?.kept.size).toBe(13);
    expect(next.stores[0]?.storedTwice).toBe(0);
    await world.settle();
    // To its sender it is the same receiver.
    expect(world.statuses).toEqual(['done']);
    next.session.close();
    world.sender.close();
    await world.settle();
    expect(next.leftOpen()).toEqual(NOTHING_OPEN);
  });

  it('shows in another page what the first one completed', async () => {
    const { world, page, reach } = await openWorld();
    await reach('offered');
    page.session.receive();
    await reach('done');
    page.session.close();
    await world.settle();
    const next = world.receive();
    await world.until('done', () => next.state.type === 'done');
    next.session.save(0);
    await world.until('a saved file', () => next.saved.length === 1);
    expect(await savedBytes(next)).toEqual(world.originals);
    expect(next.leftOpen()).toMatchObject({ places: 0, lanes: 0 });
  });

  it('pauses and goes on, and its sender sees it', async () => {
    const { world, page, reach } = await openWorld({ sizes: [3_000, 70_000] });
    await reach('offered');
    page.session.receive();
    page.session.pause();
    await world.settle();
    expect(page.state).toMatchObject({ type: 'paused', by: 'you' });
    expect(world.sendState).toMatchObject({
      receivers: [{ status: { type: 'paused', by: 'receiver' } }],
    });
    page.session.resume();
    await reach('done');
  });

  it('waits while its sender has paused, however long, and goes on with it', async () => {
    const { world, page, reach } = await openWorld({ sizes: [3_000, 12 * PIECE_BYTES] });
    const idOfReceiver = () => {
      const { sendState } = world;
      return sendState.type === 'sharing' ? (sendState.receivers[0]?.id ?? '') : '';
    };
    await reach('offered');
    page.session.receive();
    await world.until('the first piece', () => (page.stores[0]?.kept.size ?? 0) > 0);
    world.sender.pauseReceiver(idOfReceiver());
    await world.pass(60_000);
    expect(page.state).toMatchObject({ type: 'paused', by: 'sender' });
    world.sender.resumeReceiver(idOfReceiver());
    await reach('done');
  });

  it('keeps what arrived where it is cancelled so, and another try goes on with it', async () => {
    const { world, page, reach } = await openWorld({ sizes: [3_000, 70_000] });
    await reach('offered');
    page.session.receive();
    await world.until('the first piece', () => (page.stores[0]?.kept.size ?? 0) > 0);
    page.session.cancel(true);
    await world.settle();
    const kept = [3_000, 70_000].filter((_, piece) => page.stores[0]?.kept.has(piece));
    expect(kept).toHaveLength(1);
    expect(page.state).toMatchObject({ type: 'cancelled', kept: { bytes: kept[0] } });
    expect(world.statuses).toEqual(['failed: receiver-cancelled']);
    expect(page.leftOpen()).toEqual(NOTHING_OPEN);
    page.session.tryAgain();
    await reach('done');
    expect(page.stores[0]?.storedTwice).toBe(0);
  });

  it('waits on another try until what it keeps is let go, and fetches none of it twice', async () => {
    const { world, page, reach } = await openWorld({ sizes: [3_000, 70_000] });
    await reach('offered');
    page.session.receive();
    await world.until('the first piece', () => (page.stores[0]?.kept.size ?? 0) > 0);
    const { passed, open } = gate();
    for (const store of page.stores) store.busy = passed;
    page.session.cancel(true);
    await world.settle();
    page.session.tryAgain();
    await world.settle();
    expect(page.state).toMatchObject({ type: 'connecting', step: 'kept' });
    open();
    await reach('done');
    expect(world.stores).toHaveLength(1);
    expect(page.stores[0]?.storedTwice).toBe(0);
  });

  it('pauses when its disk is full, and goes on when there is room', async () => {
    const { world, page, reach } = await openWorld({ sizes: [3_000, 70_000] });
    await reach('offered');
    for (const store of page.stores) store.full = true;
    page.session.receive();
    await reach('paused');
    expect(page.state).toMatchObject({ by: 'trouble', reason: 'storage-full' });
    await world.pass(40_000);
    expect(page.state.type).toBe('paused');
    for (const store of page.stores) store.full = false;
    page.session.resume();
    await reach('done');
    expect(page.stores.map(({ files }) => files)).toEqual([world.originals]);
  });

  it('has the user allow a folder again that an earlier page wrote into', async () => {
    const { world, page, reach } = await openWorld({ sizes: [3_000, 70_000] });
    await reach('offered');
    page.session.receive();
    await world.until('the first piece', () => (page.stores[0]?.kept.size ?? 0) > 0);
    page.session.close();
    await world.settle();
    for (const store of world.stores) store.locked = true;
    const next = world.receive();
    await world.until('paused', () => next.state.type === 'paused');
    expect(next.state).toMatchObject({ by: 'trouble', reason: 'folder-refused' });
    for (const store of world.stores) store.place = { type: 'folder', name: 'Pictures' };
    next.session.close();
    await world.settle();
    const last = world.receive();
    await world.until('paused', () => last.state.type === 'paused');
    last.session.resume();
    await world.until('done', () => last.state.type === 'done');
    expect(last.state).toMatchObject({ place: { type: 'folder', name: 'Pictures' } });
  });

  it('saves everything as one archive', async () => {
    const { world, page, reach } = await openWorld({ sizes: [3, 4] });
    await reach('offered');
    page.session.receive();
    await reach('done');
    page.session.saveAll();
    await world.until('an archive', () => page.saved.length === 1);
    expect(page.saved[0]?.name).toBe('onehop.zip');
    expect(page.saved[0]?.content.size).toBe(7);
    await world.settle();
    expect(page.session.losesOnLeaving).toBe(false);
    expect(page.stores[0]?.noted).toMatchObject({ complete: true, savedAt: Date.now() });
  });
});
