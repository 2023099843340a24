import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PIECE_BYTES, buildManifest, describeChosen } from '../share/manifest.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import { FakeServerSource, sampleUpload } from '../testing/fake-server-source.ts';
import { SessionWorld, type WorldReceiver } from '../testing/session-world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const FAST = { startMs: 1, bytesPerSecond: 1e9, noise: 0 };
const SLOW = { startMs: 1, bytesPerSecond: 1e4, noise: 0 };
/** So many are not here yet when the server has them. */
const PIECES = 20;
/** Enough to be weighed, and over soon. */
const FEW_PIECES = 9;
/** How long a message takes over a lane of this world, in milliseconds: it is a slow one. */
const MESSAGE_MS = 100;

/** A share whose lanes are slow, and a page that receives it; the server has the share as soon as its sender uploads. */
async function openSlow(
  legs: Partial<Pick<SessionWorld, 'uploadLeg' | 'downloadLeg'>> = {},
  pieces = PIECES,
) {
  const world = new SessionWorld({ sizes: [pieces * PIECE_BYTES] });
  const sources: FakeServerSource[] = [];
  let uploads = 0;
  Object.assign(world, { uploadLeg: FAST, downloadLeg: FAST, ...legs });
  world.uploads = {
    ...world.uploads,
    openUploader: (_task, _tools, listener) => {
      uploads += 1;
      queueMicrotask(() => listener.onCreated('i'.repeat(22)));
      haveOnServer(world, sources);
      return { close: () => {} };
    },
  };
  await world.reload();
  await world.share();
  return { world, sources, uploads: () => uploads };
}

/** The server has the share, and says so to everybody in the room. */
function haveOnServer(world: SessionWorld, sources: FakeServerSource[]): void {
  const manifest = buildManifest(world.chosen.map((one) => describeChosen(one)));
  if (manifest === null) throw new Error('within the limits');
  const length = manifest.totalBytes;
  const summary = sampleUpload({ length, offset: length });
  world.openServerSource = (_keys, listener) => {
    const source = new FakeServerSource(manifest, world.originals, listener, summary);
    sources.push(source);
    return source;
  };
  for (const { role, listener } of world.room.members) {
    if (role === 'receiver') queueMicrotask(() => listener.onUpload(summary, true));
  }
}

/** Opens the link, receives, and moves messages, each of which takes its time, until everything is here. */
async function receive(world: SessionWorld): Promise<WorldReceiver> {
  const page = world.receive();
  await world.until('offered', () => page.state.type === 'offered');
  page.session.receive();
  for (let turn = 0; page.state.type !== 'done' && turn < 5_000; turn += 1) {
    await world.step();
    await vi.advanceTimersByTimeAsync(MESSAGE_MS);
  }
  expect(page.state.type).toBe('done');
  return page;
}

const asked = (sources: readonly FakeServerSource[]) => sources.flatMap((source) => source.asked);

describe('a share that goes the fastest way', () => {
  it('[NT6] is uploaded where that is expected to be faster, and fetched from there, nothing twice', async () => {
    const { world, sources, uploads } = await openSlow();
    const page = await receive(world);
    expect(uploads()).toBe(1);
    expect(page.delivery).toMatchObject({ method: 'stored', weighed: { faster: 'server' } });
    expect(asked(sources).length).toBeGreaterThan(PIECES / 2);
    expect(asked(sources).length).toBeLessThan(PIECES);
    expect(page.stores[0]?.storedTwice).toBe(0);
    // Its sender hears of it all the same.
    await world.settle();
    expect(world.statuses).toEqual(['done']);
  });

  it('[NT6] goes directly where the server is not expected to be faster', async () => {
    const { world, sources, uploads } = await openSlow({ downloadLeg: SLOW }, FEW_PIECES);
    const page = await receive(world);
    expect(uploads()).toBe(0);
    expect(page.delivery.weighed?.faster).toBe('direct');
    expect(asked(sources)).toEqual([]);
  });

  it('[NT6] goes directly where its sender wants that, also if that is said later', async () => {
    const { world, uploads } = await openSlow({}, FEW_PIECES);
    world.sender.sendBy('direct');
    const page = await receive(world);
    expect(uploads()).toBe(0);
    expect(page.delivery.weighed).toBeNull();
  });

  it('is not uploaded again by itself once its sender has deleted it from the server', async () => {
    const { world, uploads } = await openSlow({}, FEW_PIECES);
    world.sender.uploadNow();
    await world.settle();
    world.sender.deleteUpload();
    await world.until('deleted', () => world.sendDelivery.upload.type === 'gone');
    world.openServerSource = (_keys, listener) => {
      queueMicrotask(() => listener.onClosed('upload-not-found'));
      return new FakeServerSource(makeManifest(1), [], listener);
    };
    await receive(world);
    expect(uploads()).toBe(1);
  });

  it('goes on directly where the server fails in the middle', async () => {
    const { world, sources } = await openSlow();
    const page = world.receive();
    await world.until('offered', () => page.state.type === 'offered');
    page.session.receive();
    for (let turn = 0; asked(sources).length === 0 && turn < 500; turn += 1) {
      await world.step();
      await vi.advanceTimersByTimeAsync(MESSAGE_MS);
    }
    sources.at(-1)?.end('upload-not-found');
    await world.until('done', () => page.state.type === 'done');
    expect(page.delivery.method).toBe('direct');
    expect(page.stores[0]?.storedTwice).toBe(0);
  });
});
