import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { UPLOAD_IDLE_MS, UPLOAD_LEAST_BYTES } from '../protocol/uploads.ts';
import { openUpload } from '../testing/open-upload.ts';
import { append } from './append.ts';
import { FolderStore } from './folder-store.ts';
import { LiveUpload } from './live-upload.ts';
import { StorageLimits } from './storage-limits.ts';

let folder: string;
let store: FolderStore;
let limits: StorageLimits;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onehop-append-'));
  store = new FolderStore(folder);
  const most = Number.MAX_SAFE_INTEGER;
  const settings = { maxUploadBytes: most, maxStoredBytes: most, maxUploads: 9, minFreeBytes: 0 };
  limits = new StorageLimits(settings, async () => most);
});

afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

async function makeLive(fields: Parameters<typeof openUpload>[0] = {}): Promise<LiveUpload> {
  const upload = openUpload(fields);
  await store.create(upload.id, 'record');
  return new LiveUpload({ upload, claimKey: '', metadata: {} });
}

test('[UP15] a body that brings too little in a minute is ended; its whole records stay', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const enough = UPLOAD_LEAST_BYTES;
  const live = await makeLive({ unit: 10_000, length: 10 * enough });
  const body = new PassThrough();
  const done = append(body, live, { store, limits, clock: () => 0 });
  const refused = done.catch((thrown: unknown) => thrown);
  for (let chunk = 1; chunk <= 5; chunk += 1) {
    body.write(Buffer.alloc(enough));
    await vi.waitUntil(() => live.bytes === chunk * enough, { interval: 1 });
    await vi.advanceTimersByTimeAsync(UPLOAD_IDLE_MS - 100);
    expect(body.destroyed).toBe(false);
  }
  // A byte now and then does not keep it.
  body.write(Buffer.alloc(1));
  await vi.advanceTimersByTimeAsync(100);
  expect(await refused).toMatchObject({ code: 'bad-request' });
  expect(live.upload.offset).toBe(80_000);
  expect(await store.size(live.upload.id)).toBe(80_000);
  expect(limits.storedBytes).toBe(80_000);
});

test('[UP15] the time that the disk takes is not held against a body', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const live = await makeLive();
  const writer = await store.writer(live.upload.id, 0);
  let go = () => {};
  const slow = vi.spyOn(store, 'writer').mockResolvedValue({
    write: async (bytes) => {
      await new Promise<void>((resolve) => (go = resolve));
      await writer.write(bytes);
    },
    flush: () => {},
    truncate: (size) => writer.truncate(size),
    sync: () => writer.sync(),
    close: () => writer.close(),
  });
  const body = new PassThrough();
  body.write(Buffer.alloc(50));
  const done = append(body, live, { store, limits, clock: () => 0 });
  await vi.waitUntil(() => limits.storedBytes === 50, { interval: 1 });
  await vi.advanceTimersByTimeAsync(3 * UPLOAD_IDLE_MS);
  body.end();
  go();
  expect(await done).toBe(50);
  slow.mockRestore();
});

test('[UP7] a body is ended with its upload', async () => {
  const live = await makeLive();
  const body = new PassThrough();
  const done = append(body, live, { store, limits, clock: () => 0 });
  body.write(Buffer.alloc(25));
  await vi.waitUntil(() => live.bytes === 25);
  live.end();
  await expect(done).rejects.toMatchObject({ code: 'upload-not-found' });
  expect(limits.storedBytes).toBe(20);
});

test('[UP6] what could not be brought to the disk does not count', async () => {
  const live = await makeLive();
  const writer = await store.writer(live.upload.id, 0);
  const failing = vi.spyOn(store, 'writer').mockResolvedValue({
    write: (bytes) => writer.write(bytes),
    flush: () => {},
    truncate: (size) => writer.truncate(size),
    sync: () => Promise.reject(new Error('the disk is broken')),
    close: () => writer.close(),
  });
  const body = new PassThrough();
  body.end(Buffer.alloc(30));
  const done = append(body, live, { store, limits, clock: () => 0 });
  await expect(done).rejects.toThrow('the disk is broken');
  expect(live.upload.offset).toBe(0);
  expect(limits.storedBytes).toBe(0);
  failing.mockRestore();
});
