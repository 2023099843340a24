import { afterEach, describe, expect, it, vi } from 'vitest';
import { PIECE_BYTES } from '../share/manifest.ts';
import { emptyNumberSet, withNumbers } from '../share/number-set.ts';
import { SEALED_RECORD_BYTES } from '../sealing/record.ts';
import { pieceSpan, recordsOf } from '../sealing/upload-layout.ts';
import { seededRandom } from '../testing/random.ts';
import { openThreads } from '../testing/upload-threads.ts';
import { ServerReceiver, type UploadWorld, createUploadWorld } from '../testing/upload-world.ts';

const UNIT = SEALED_RECORD_BYTES;
const receivers: ServerReceiver[] = [];

afterEach(async () => {
  for (const receiver of receivers.splice(0)) receiver.source.close('receiver-left');
  expect(openThreads.count).toBe(0);
});

function receive(...args: ConstructorParameters<typeof ServerReceiver>): ServerReceiver {
  const receiver = new ServerReceiver(...args);
  receivers.push(receiver);
  return receiver;
}

const until = (check: () => boolean) =>
  vi.waitFor(() => expect(check()).toBe(true), { timeout: 20_000, interval: 5 });

/** Whether what is stored of these files is what was sent. */
const same = (world: UploadWorld, receiver: ServerReceiver) =>
  world.originals.every((original, file) => {
    const stored = receiver.store.files[file] ?? new Uint8Array();
    return original.every((byte, index) => byte === stored[index]);
  });

/** How many bytes were asked for more than once. */
function askedTwice({ server }: UploadWorld): number {
  const asked = new Map<number, number>();
  for (const { start, end } of server.ranges) {
    for (let at = start; at < end; at += UNIT) asked.set(at, (asked.get(at) ?? 0) + 1);
  }
  return [...asked.values()].filter((times) => times > 1).length * UNIT;
}

describe('server source', () => {
  it.each([
    ['one file', [3 * PIECE_BYTES + 17]],
    ['files of all kinds', [0, 5, 2 * PIECE_BYTES, 0, 1, PIECE_BYTES - 1, 300_000]],
    ['many small files', Array.from({ length: 1_500 }, (_, index) => index % 40)],
    ['no file', []],
    ['an empty file', [0]],
  ])('[SS1] receives an upload that is complete: %s', async (_, sizes) => {
    const world = await createUploadWorld(sizes);
    await world.upload();
    const receiver = receive(world);
    await until(() => receiver.done);
    expect(receiver.manifest).toEqual(world.manifest);
    expect(same(world, receiver)).toBe(true);
    expect(askedTwice(world)).toBe(0);
    await receiver.source.claim?.counted;
    expect(world.server.summary?.downloads).toBe(1);
    expect(world.server.open).toBe(0);
  });

  it('[SS2] waits for what is not there yet, and asks for it once', async () => {
    const world = await createUploadWorld([5 * PIECE_BYTES, 1_000]);
    await world.upload(0);
    const receiver = receive(world, { limits: { giveUpMs: 600_000 } });
    const { length } = world.server.bytes;
    for (let offset = 0; offset < length; offset += 3 * UNIT) {
      world.server.grow(Math.min(offset, length));
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    }
    expect(receiver.done).toBe(false);
    world.server.grow(length);
    await until(() => receiver.done);
    expect(same(world, receiver)).toBe(true);
    expect(askedTwice(world)).toBe(0);
    expect(receiver.closed).toBeNull();
  });

  it('[SS2] reads neighbours together, and a record that two pieces share once', async () => {
    const world = await createUploadWorld([20 * PIECE_BYTES]);
    await world.upload();
    const receiver = receive(world);
    await until(() => receiver.done);
    const longest = Math.max(...world.server.ranges.map(({ start, end }) => end - start));
    expect(longest).toBeLessThanOrEqual(16 * UNIT);
    expect(world.server.ranges.length).toBeLessThan(25);
    expect(askedTwice(world)).toBe(0);
  });

  it('[SS3] asks again for what broke, and for nothing else', async () => {
    const world = await createUploadWorld([12 * PIECE_BYTES]);
    await world.upload();
    const receiver = receive(world);
    for (const pieces of [1, 4, 8]) {
      await until(() => receiver.arrived.length >= pieces);
      world.server.breakAnswers();
    }
    await until(() => receiver.done);
    expect(same(world, receiver)).toBe(true);
    expect(receiver.store.storedTwice).toBe(0);
    expect(new Set(receiver.arrived).size).toBe(receiver.arrived.length);
  });

  it('[SS3] gives up by name where the network stays away', async () => {
    const world = await createUploadWorld([9 * PIECE_BYTES]);
    await world.upload(4 * UNIT);
    const receiver = receive(world, { limits: { giveUpMs: 150 } });
    await until(() => world.server.open > 0);
    world.server.offline = true;
    await until(() => receiver.closed !== null);
    expect(receiver.closed).toBe('upload-unreachable');
  });

  it('[SS3] notices a connection that died without a word, and that a growing upload is none', async () => {
    const world = await createUploadWorld([3 * PIECE_BYTES]);
    await world.upload(2 * UNIT);
    const receiver = receive(world, { limits: { giveUpMs: 600_000, silentMs: 60 } });
    const status = () => world.server.requests.filter((text) => /shares\/[^/]+$/.test(text)).length;
    await until(() => status() > 2);
    await until(() => status() > 4);
    // The list of files, and all the rest in one range.
    expect(world.server.ranges.length).toBe(2);
    const asked = 2;
    // It has come, but those who wait for it hear nothing.
    const { length } = world.server.bytes;
    vi.spyOn(world.server, 'summary', 'get').mockReturnValue({
      ...(world.server.summary ?? fail()),
      offset: length,
      complete: true,
    });
    await until(() => world.server.ranges.length > asked);
    world.server.grow(length);
    await until(() => receiver.done);
  });

  it('[SS4] says that the upload is gone, before and in the middle', async () => {
    const world = await createUploadWorld([9 * PIECE_BYTES]);
    const none = receive(world);
    await until(() => none.closed !== null);
    await world.upload(8 * UNIT);
    const receiver = receive(world);
    await until(() => receiver.arrived.length > 0);
    world.server.remove();
    await until(() => receiver.closed !== null);
    expect([none.closed, receiver.closed]).toEqual(['upload-not-found', 'upload-not-found']);
  });

  it('[SS4] takes a claim that has lapsed anew, and gives up where there is none left', async () => {
    const world = await createUploadWorld([20 * PIECE_BYTES]);
    await world.upload(undefined, 1);
    const receiver = receive(world);
    await until(() => receiver.arrived.length > 0);
    world.server.lapse();
    await until(() => receiver.done);
    const claiming = world.api.claim(world.keys, 'B'.repeat(16), new AbortController().signal);
    await expect(claiming).rejects.toThrow('download-limit-reached');
  });

  it('[ST4] keeps nothing of a damaged record, and says so, by seed', async () => {
    const world = await createUploadWorld([2 * PIECE_BYTES, 70_000]);
    for (let seed = 1; seed <= 25; seed += 1) {
      await world.upload();
      const { bytes } = world.server;
      const random = seededRandom(seed);
      const record = random.below(world.layout.recordCount);
      damage(bytes, record, random);
      const receiver = receive(world);
      await until(() => receiver.closed !== null || receiver.done);
      expect(receiver.closed, `seed ${seed}`).toBe('upload-damaged');
      const touched = receiver.arrived.filter((piece) => {
        const { first, end } = recordsOf(pieceSpan(world.layout, piece));
        return record >= first && record < end;
      });
      expect(touched).toEqual([]);
    }
  });

  it('[SS5] fetches only what is missing of a download that began elsewhere', async () => {
    const world = await createUploadWorld([6 * PIECE_BYTES, 10]);
    await world.upload();
    const kept = await Promise.all(
      [0, 1, 4].map(async (piece) => ({
        piece,
        hash: (await world.reader.read(piece, false)).hash,
      })),
    );
    const receiver = receive(world, { kept });
    await until(() => receiver.done);
    expect(receiver.arrived.toSorted((a, b) => a - b)).toEqual([2, 3, 5, 6]);
  });

  it('[SS5] finds the root hash of some of the files, and of no others', async () => {
    const world = await createUploadWorld([PIECE_BYTES, 2_000, 3 * PIECE_BYTES, 500]);
    await world.upload();
    const files = withNumbers(emptyNumberSet(4), [0, 3]);
    const some = receive(world, { files });
    await until(() => some.done);
    expect(some.arrived.toSorted((a, b) => a - b)).toEqual([0, 5]);
  });

  it('[SS6] reads nothing while it is paused', async () => {
    const world = await createUploadWorld([30 * PIECE_BYTES]);
    await world.upload();
    const receiver = receive(world);
    await until(() => receiver.arrived.length > 2);
    receiver.fetch.pause();
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
    const [arrived, asked] = [receiver.arrived.length, world.server.ranges.length];
    await new Promise((resolve) => {
      setTimeout(resolve, 300);
    });
    expect([receiver.arrived.length, world.server.ranges.length]).toEqual([arrived, asked]);
    receiver.fetch.resume();
    await until(() => receiver.done);
    expect(askedTwice(world)).toBe(0);
  });

  it('[SS8] says that another upload is there, instead of reading that under the key of the one before', async () => {
    const world = await createUploadWorld([30 * PIECE_BYTES]);
    await world.upload();
    const receiver = receive(world);
    await until(() => receiver.arrived.length > 2);
    receiver.fetch.pause();
    world.server.remove();
    await world.upload();
    receiver.fetch.resume();
    await until(() => receiver.closed !== null);
    expect(receiver.closed).toBe('lane-replaced');
  });

  it('[SS7] leaves its place among the downloads to another receiver', async () => {
    const world = await createUploadWorld([30 * PIECE_BYTES]);
    await world.upload(undefined, 1);
    const first = receive(world);
    await until(() => first.arrived.length > 0);
    first.source.close('receiver-cancelled');
    expect(world.server.summary?.claimable).toBe(0);
    first.source.claim?.giveBack();
    await until(() => world.server.summary?.claimable === 1);
  });

  it('[SS7] sends the receipt until the server takes it', async () => {
    const world = await createUploadWorld([10]);
    await world.upload();
    world.server.refuse(/receipts/, 'server-error', 2);
    const receiver = receive(world);
    await until(() => receiver.done);
    receiver.source.close('receiver-left');
    await receiver.source.claim?.counted;
    expect(world.server.summary?.downloads).toBe(1);
  });
});

function damage(bytes: Uint8Array, record: number, random: ReturnType<typeof seededRandom>): void {
  const start = record * UNIT;
  const end = Math.min(start + UNIT, bytes.length);
  const other = record === 0 ? UNIT : 0;
  if (random.chance(0.5)) {
    const at = start + random.below(end - start);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  } else bytes.copyWithin(start, other, other + (end - start));
}

function fail(): never {
  throw new Error('there is an upload');
}
