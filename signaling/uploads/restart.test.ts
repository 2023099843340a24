import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { randomRoomIds } from '../rooms/room-ids.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { startServerProcess } from '../testing/server-process.ts';
import { makeSiteFolder, startTestServer } from '../testing/test-server.ts';
import { isCut, TestUpload } from '../testing/test-upload.ts';
import { FolderStore } from './folder-store.ts';

let data: string;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'onehop-data-'));
});

afterEach(async () => {
  await rm(data, { recursive: true });
});

const files = () => readdir(join(data, 'uploads'));

describe('after a restart', () => {
  test('[UP8] uploads, downloads and claims are there, and what expired meanwhile is not', async () => {
    const first = await startTestServer({ DATA_DIR: data });
    const upload = await new TestUpload(first.url, { downloads: 3 }).create();
    await upload.patch(0, 100);
    const [one, two] = [await upload.claim(1), await upload.claim(2)];
    await upload.receipt(one);
    const short = await new TestUpload(first.url, { link: 2, lifetime: 60 }).create();
    await short.patch(0, 10);
    await first.stop();
    expect((await files()).length).toBe(4);

    const second = await startTestServer({ DATA_DIR: data });
    const again = new TestUpload(second.url);
    expect(await again.status()).toMatchObject({ offset: 100, downloads: 1, claimable: 1 });
    expect(await again.receipt(one)).toBe(1);
    expect(await again.claim(2)).toBe(two);
    expect(await again.receipt(two)).toBe(2);
    second.clock.advance(60_000);
    await vi.waitFor(async () => expect((await files()).length).toBe(2), { timeout: 5_000 });
    await second.stop();
  });

  test('[UP8] what expired while there was no server is removed before there is one again', async () => {
    const first = await startTestServer({ DATA_DIR: data });
    const upload = await new TestUpload(first.url, { lifetime: 60 }).create();
    await upload.patch(0, 100);
    await first.stop();
    const later = new FakeClock();
    later.advance(60_000);
    const second = await startTestServer({ DATA_DIR: data }, randomRoomIds, undefined, later);
    expect(await files()).toEqual([]);
    expect(await new TestUpload(second.url).status()).toBe('upload-not-found');
    await second.stop();
  });

  test('[UP8] a record that is none is removed with its bytes', async () => {
    const first = await startTestServer({ DATA_DIR: data });
    const upload = await new TestUpload(first.url).create();
    await first.stop();
    const id = upload.path.split('/').at(-1) ?? '';
    await writeFile(join(data, 'uploads', `${id}.json`), '{"version":1}');
    const second = await startTestServer({ DATA_DIR: data });
    expect(await files()).toEqual([]);
    expect(second.errors).toEqual([]);
    await second.stop();
  });
});

test(
  '[UP5][UP8] a server that is killed in the middle of a part has its whole records, and no more',
  { timeout: 60_000 },
  async () => {
    const site = await makeSiteFolder();
    const unit = 65_536;
    const length = unit * 100;
    const first = await startServerProcess(site, data);
    const upload = await new TestUpload(first.url, { length, unit }).create();
    const cut = unit * 7 + 1_234;
    const part = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(upload.bytes(0, cut)),
    });
    const lost = isCut(upload.stream(0, part));
    await vi.waitFor(
      async () => expect(await upload.status()).toMatchObject({ offset: unit * 7 }),
      {
        timeout: 10_000,
      },
    );
    await first.kill();
    expect(await lost).toBe(true);

    const second = await startServerProcess(site, data);
    const again = new TestUpload(second.url, { length, unit });
    again.path = upload.path;
    expect(await again.offset()).toBe(unit * 7);
    expect((await again.patch(unit * 7, length)).status).toBe(204);
    const content = await again.content(await again.claim(), `0-${length - 1}`);
    expect(Buffer.compare(Buffer.from(await content.arrayBuffer()), again.bytes())).toBe(0);
    expect((await again.delete()).status).toBe(204);
    expect(await files()).toEqual([]);
    await second.kill();
    await rm(site, { recursive: true });
  },
);

/** A folder on a disk that cannot read the bytes of one upload. */
class WornStore extends FolderStore {
  worn = '';

  override async size(id: string): Promise<number> {
    if (id === this.worn) throw new Error('a bad block');
    return await super.size(id);
  }
}

test('[UP8] an upload that cannot be read is left as it is, and the others are there', async () => {
  const first = await startTestServer({ DATA_DIR: data });
  const [worn, other] = [
    await new TestUpload(first.url, { link: 1 }).create(),
    await new TestUpload(first.url, { link: 2 }).create(),
  ];
  await other.patch(0, 100);
  await first.stop();
  const store = new WornStore(join(data, 'uploads'));
  store.worn = worn.path.split('/').at(-1) ?? '';
  const second = await startTestServer({ DATA_DIR: data }, randomRoomIds, store);
  expect(await new TestUpload(second.url, { link: 1 }).status()).toBe('upload-not-found');
  expect(await new TestUpload(second.url, { link: 2 }).status()).toMatchObject({ offset: 100 });
  expect(second.errors).toEqual([expect.stringContaining('could not be read')]);
  expect((await files()).length).toBe(4);
  await second.stop();
});
