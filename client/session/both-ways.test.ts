import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PIECE_BYTES, buildManifest, describeChosen } from '../share/manifest.ts';
import { FakeServerSource, sampleUpload } from '../testing/fake-server-source.ts';
import {
  NOTHING_OPEN,
  type OpenedWorld,
  SessionWorld,
  type WorldReceiver,
  openWorld,
} from '../testing/session-world.ts';
import { DIRECT_PATIENCE_MS } from './carrier-machine.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Has the server have the share of this world. @returns every source that was opened since */
function uploadShare(world: SessionWorld, complete = true): FakeServerSource[] {
  const manifest = buildManifest(world.chosen.map((one) => describeChosen(one)));
  if (manifest === null) throw new Error('within the limits');
  const sources: FakeServerSource[] = [];
  world.openServerSource = (_keys, listener) => {
    const summary = sampleUpload({ complete });
    const source = new FakeServerSource(manifest, world.originals, listener, summary);
    sources.push(source);
    return source;
  };
  return sources;
}

/** A share whose sender has gone, and a page that opens its link. */
async function openLeftShare(
  complete = true,
): Promise<OpenedWorld & { sources: FakeServerSource[] }> {
  const world = new SessionWorld({ sizes: [3_000, 2 * PIECE_BYTES + 5] });
  await world.share();
  const sources = uploadShare(world, complete);
  const { secret } = world;
  vi.spyOn(world, 'secret', 'get').mockReturnValue(secret);
  world.sender.stopSharing();
  await world.settle();
  const page = world.receive();
  return {
    world,
    page,
    sources,
    reach: (type) => world.until(type, () => page.state.type === type),
  };
}

/** Whether all bytes are in the page's store. Comparing millions of them as lists would take a minute. */
function isWhole({ stores }: WorldReceiver, { originals }: SessionWorld): boolean {
  return originals.every((original, file) => {
    const stored = stores[0]?.files[file];
    return stored?.length === original.length && stored.every((byte, at) => byte === original[at]);
  });
}

describe('a receiving page with two ways to the files', () => {
  it('receives from the server what a sender left there, and confirms it', async () => {
    const { world, page, sources, reach } = await openLeftShare();
    await reach('offered');
    expect(page.delivery).toMatchObject({ method: 'stored', upload: { complete: true } });
    page.session.receive();
    await reach('done');
    await world.settle();
    expect(isWhole(page, world)).toBe(true);
    expect(sources.some(({ completed }) => completed)).toBe(true);
    await world.pass(6_000);
    expect(page.leftOpen()).toEqual({ ...NOTHING_OPEN, storage: 1 });
    expect(sources.every(({ closed }) => closed !== null)).toBe(true);
  });

  it('says that it receives while the sender uploads', async () => {
    const { page, reach } = await openLeftShare(false);
    await reach('offered');
    expect(page.delivery.method).toBe('streamed');
  });

  it('goes directly where it can, although the server has the files', async () => {
    const world = new SessionWorld({ sizes: [3_000] });
    await world.share();
    const sources = uploadShare(world);
    const page = world.receive();
    await world.until('offered', () => page.state.type === 'offered');
    await world.until('a direct way', () => page.delivery.method === 'direct');
    page.session.receive();
    await world.until('done', () => page.state.type === 'done');
    await world.settle();
    expect(sources.flatMap(({ asked }) => asked)).toEqual([]);
    expect(world.statuses).toEqual(['done']);
  });

  it('ends from the server what it began directly, and fetches nothing twice', async () => {
    const { world, page, reach } = await openWorld({ sizes: [12 * PIECE_BYTES] });
    await reach('offered');
    page.session.receive();
    await world.until('some pieces', () => (page.stores[0]?.kept.size ?? 0) > 2);
    const had = new Set(page.stores[0]?.kept.keys());
    const sources = uploadShare(world);
    world.connects = false;
    world.cutLanes();
    await world.pass(DIRECT_PATIENCE_MS + 1_000);
    expect(page.delivery.method).toBe('stored');
    await reach('done');
    expect(isWhole(page, world)).toBe(true);
    const asked = sources.flatMap((source) => source.asked);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((piece) => had.has(piece))).toEqual([]);
    expect(page.stores[0]?.storedTwice).toBe(0);
  });

  it('goes on from the server where the room ends in the middle', async () => {
    const { world, page, reach } = await openWorld({ sizes: [12 * PIECE_BYTES] });
    const sources = uploadShare(world);
    await reach('offered');
    page.session.receive();
    await world.until('some pieces', () => (page.stores[0]?.kept.size ?? 0) > 2);
    world.connects = false;
    for (const member of world.room.members) world.room.close(member, 'share-expired');
    world.cutLanes();
    await world.pass(1_000);
    await reach('done');
    expect(isWhole(page, world)).toBe(true);
    expect(sources.flatMap(({ asked }) => asked).length).toBeGreaterThan(0);
  });

  it('says that the server has the files no more, where it was receiving from there', async () => {
    const { world, page, sources, reach } = await openLeftShare();
    await reach('offered');
    world.openServerSource = (_keys, listener) => {
      const source = sources[0];
      queueMicrotask(() => listener.onClosed('upload-not-found'));
      if (source === undefined) throw new Error('there was one');
      return source;
    };
    sources.at(-1)?.end('upload-not-found');
    await world.pass(2_000);
    expect(page.state).toMatchObject({ type: 'failed', reason: 'upload-not-found' });
    expect(page.delivery.upload).toBeNull();
  });

  it('says what is wrong with an upload that does not open, and keeps nothing of it', async () => {
    const { world, page, sources, reach } = await openLeftShare();
    await reach('offered');
    page.session.receive();
    sources.at(-1)?.end('upload-damaged');
    await world.pass(2_000);
    expect(page.state).toMatchObject({ type: 'failed', reason: 'upload-damaged' });
  });
});
