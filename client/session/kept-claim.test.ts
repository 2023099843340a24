import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PIECE_BYTES, buildManifest, describeChosen } from '../share/manifest.ts';
import { FAKE_CLAIM, FakeServerSource, sampleUpload } from '../testing/fake-server-source.ts';
import { SessionWorld } from '../testing/session-world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A share that its sender left with the server, whose receipts the server does not count at first. */
async function leftShare() {
  const world = new SessionWorld({ sizes: [3 * PIECE_BYTES] });
  await world.share();
  const manifest = buildManifest(world.chosen.map((one) => describeChosen(one)));
  if (manifest === null) throw new Error('within the limits');
  const sources: FakeServerSource[] = [];
  world.openServerSource = (_keys, listener) => {
    const source = new FakeServerSource(manifest, world.originals, listener, sampleUpload());
    source.counts = world.counts;
    sources.push(source);
    return source;
  };
  const { secret } = world;
  vi.spyOn(world, 'secret', 'get').mockReturnValue(secret);
  world.sender.stopSharing();
  await world.settle();
  const open = async (type: string) => {
    const page = world.receive();
    await world.until(type, () => page.state.type === type);
    return page;
  };
  return { world, sources, open };
}

describe('[SS9] a place among the server’s downloads', () => {
  it('is kept with the download until it is confirmed', async () => {
    const { world, open } = await leftShare();
    const page = await open('offered');
    page.session.receive();
    await world.until('done', () => page.state.type === 'done');
    await world.settle();
    expect(page.stores[0]?.noted.claim).toBeNull();
    page.session.close();
    await world.settle();
    await open('done');
    await world.settle();
    expect(world.confirmed).toEqual([]);
  });

  it('is confirmed by the next page where the server had no receipt of what is whole', async () => {
    const { world, open } = await leftShare();
    world.counts = false;
    const page = await open('offered');
    page.session.receive();
    await world.until('done', () => page.state.type === 'done');
    await world.settle();
    expect(page.stores[0]?.noted.claim).toBe(FAKE_CLAIM);
    page.session.close();
    await world.settle();
    world.counts = true;
    const next = await open('done');
    await world.settle();
    expect(world.confirmed).toEqual([FAKE_CLAIM]);
    expect(next.stores[0]?.noted.claim).toBeNull();
  });
});
