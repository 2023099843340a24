import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { randomRoomIds } from '../rooms/room-ids.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { UPLOAD_TERMS_PATH } from '../protocol/uploads.ts';
import { failureOf, TestUpload } from '../testing/test-upload.ts';
import { FolderStore } from './folder-store.ts';
import { UploadError } from './upload-error.ts';
import type { UploadWriter } from './upload-store.ts';

let server: TestServer | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function start(env: Readonly<Record<string, string>>): Promise<TestServer> {
  server = await startTestServer(env);
  return server;
}

describe('[UP15] over the limit of', () => {
  test('one upload, it is refused', async () => {
    const { url } = await start({ MAX_UPLOAD_BYTES: '99' });
    expect(await failureOf(await new TestUpload(url).post())).toBe('413 upload-too-large');
    expect((await new TestUpload(url, { length: 99 }).post()).status).toBe(201);
  });

  test('all uploads, by the bytes that are here', async () => {
    const { url } = await start({ MAX_STORED_BYTES: '150' });
    const one = await new TestUpload(url, { link: 1 }).create();
    const two = await new TestUpload(url, { link: 2 }).create();
    expect((await one.patch(0, 100)).status).toBe(204);
    expect(await failureOf(await new TestUpload(url, { link: 3, length: 51 }).post())).toBe(
      '507 server-storage-full',
    );
    expect(await failureOf(await two.patch(0, 60))).toBe('507 server-storage-full');
    expect((await two.patch(0, 50)).status).toBe(204);
    await one.delete();
    expect((await two.patch(50, 100)).status).toBe(204);
  });

  test('the disk, it is refused', async () => {
    const { url } = await start({ MIN_FREE_BYTES: String(2 ** 52) });
    expect(await failureOf(await new TestUpload(url).post())).toBe('507 server-storage-full');
  });

  test('uploads an hour, until the hour is over', async () => {
    const { url, clock } = await start({ MAX_UPLOADS_PER_HOUR: '2' });
    const post = (link: number, length = 100) => new TestUpload(url, { link, length }).post();
    expect((await post(1)).status).toBe(201);
    expect((await post(2, 0)).status).toBe(400);
    expect((await post(2)).status).toBe(201);
    expect(await failureOf(await post(3))).toBe('429 too-many-uploads');
    clock.advance(3_600_000);
    expect((await post(3)).status).toBe(201);
  });

  test.each([['MAX_TRANSFERS'], ['MAX_TRANSFERS_PER_ADDRESS']])(
    'concurrent transfers, by %s, and no longer',
    async (setting) => {
      const { url } = await start({ [setting]: '1' });
      const upload = await new TestUpload(url).create();
      const leave = new AbortController();
      const claim = await upload.claim();
      const headers = { Authorization: `Bearer ${claim}`, Range: 'bytes=0-99' };
      await upload.content(claim, '', { headers, signal: leave.signal });
      expect(await failureOf(await upload.content(claim, '0-9'))).toBe('429 too-many-requests');
      // Who waits for more keeps nobody from bringing it.
      expect((await upload.patch(0, 10)).status).toBe(204);
      leave.abort();
      await vi.waitFor(async () => expect((await upload.content(claim, '0-9')).status).toBe(206));
    },
  );
});

test('[UP16] with uploads off, no share has an upload, and everything else of theirs is 404', async () => {
  const { url, data } = await start({ UPLOADS: 'off' });
  const upload = new TestUpload(url);
  expect(await failureOf(await upload.post())).toBe('404 uploads-off');
  expect(await upload.status()).toBe('upload-not-found');
  expect(await termsOf(url)).toEqual({ ok: true, value: null });
  expect(await readdir(data)).toEqual([]);
});

test('[UP20] the longest lifetime is told to who asks, and who wants more gets that', async () => {
  const { url } = await start({ MAX_UPLOAD_LIFETIME_HOURS: '0.5' });
  expect(await termsOf(url)).toEqual({ ok: true, value: { maxLifetimeSeconds: 1_800 } });
  const upload = await new TestUpload(url, { lifetime: 604_800 }).create();
  expect(await upload.status()).toMatchObject({ expiresInMs: 1_800_000 });
});

async function termsOf(url: string): Promise<unknown> {
  return await (await fetch(url + UPLOAD_TERMS_PATH)).json();
}

/** A folder on a disk that has room for 55 bytes and no more. */
class FullStore extends FolderStore {
  override async writer(id: string, size: number): Promise<UploadWriter> {
    const writer = await super.writer(id, size);
    let left = 55 - size;
    const write = async (bytes: Uint8Array) => {
      await writer.write(bytes.subarray(0, Math.max(0, left)));
      left -= bytes.length;
      if (left < 0) throw new UploadError('server-storage-full');
    };
    return {
      write,
      flush: () => writer.flush(),
      truncate: (to) => writer.truncate(to),
      sync: () => writer.sync(),
      close: () => writer.close(),
    };
  }
}

test('[UP15][UP5] a disk that gets full in the middle keeps whole records, and the server works on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'onehop-full-'));
  const store = new FullStore(folder);
  server = await startTestServer({}, randomRoomIds, store);
  const upload = await new TestUpload(server.url).create();
  expect((await upload.patch(0, 40)).status).toBe(204);
  expect(await failureOf(await upload.patch(40, 100))).toBe('507 server-storage-full');
  expect(await upload.offset()).toBe(40);
  const [id = ''] = await store.list();
  expect(await store.size(id)).toBe(40);
  expect((await upload.patch(40, 50)).status).toBe(204);
  await upload.delete();
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true });
});
