import { readdir } from 'node:fs/promises';
import { NO_PAGE_HEADERS } from '../testing/no-page-headers.ts';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CLAIM_LAPSE_MS, shareStatusPath } from '../protocol/uploads.ts';
import { testLink } from '../testing/test-link.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { failureOf, isCut, TestUpload, type TestUploadFields } from '../testing/test-upload.ts';

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});

afterEach(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

const files = () => readdir(join(server.data, 'uploads'));
const make = (fields: TestUploadFields = {}) => new TestUpload(server.url, fields).create();

async function makeWhole(fields: TestUploadFields = {}): Promise<TestUpload> {
  const upload = await make(fields);
  expect((await upload.patch(0, upload.length)).status).toBe(204);
  return upload;
}

describe('an upload', () => {
  test('[UP1] is made, continued, looked at and deleted by tus', async () => {
    const upload = new TestUpload(server.url);
    const made = await upload.post();
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toMatch(/^\/api\/uploads\/[\w-]{22}$/);
    expect(made.headers.get('access-control-allow-origin')).toBeNull();
    expect(Date.parse(made.headers.get('upload-expires') ?? '')).toBeGreaterThan(0);
    upload.path = made.headers.get('location') ?? '';
    expect((await upload.patch(0, 40)).headers.get('upload-offset')).toBe('40');
    const head = await upload.head();
    expect(head.headers.get('upload-offset')).toBe('40');
    expect(head.headers.get('upload-length')).toBe('100');
    expect((await upload.patch(40, 100)).status).toBe(204);
    expect((await upload.delete()).status).toBe(204);
    expect(await files()).toEqual([]);
    expect((await upload.head()).status).toBe(404);
  });

  test("[UP2] is only its owner's: a wrong key and an unknown id are one answer", async () => {
    const upload = await make();
    const stranger = new TestUpload(server.url, { owner: 2 });
    stranger.path = upload.path;
    expect((await stranger.head()).status).toBe(404);
    expect(await failureOf(await stranger.patch(0, 10))).toBe('404 upload-not-found');
    expect(await failureOf(await stranger.delete())).toBe('404 upload-not-found');
    stranger.path = `/api/uploads/${'x'.repeat(22)}`;
    expect(await failureOf(await stranger.patch(0, 10))).toBe('404 upload-not-found');
    expect(await upload.offset()).toBe(0);
  });

  test('[UP3] is one for each share: the same owner replaces it, another is refused', async () => {
    const first = await make();
    expect(await failureOf(await new TestUpload(server.url, { owner: 2 }).post())).toBe(
      '409 share-taken',
    );
    const second = await make({ length: 50 });
    expect((await first.head()).status).toBe(404);
    expect((await second.head()).status).toBe(200);
    expect(await second.status()).toMatchObject({ length: 50 });
    expect((await files()).length).toBe(2);
  });

  test('[UP2] is deleted by its share as well, where its id was never heard of', async () => {
    const upload = await make();
    const remove = (key: string) =>
      fetch(server.url + shareStatusPath(upload.link.roomId), {
        method: 'DELETE',
        headers: { Authorization: `Bearer ${key}` },
      });
    const stranger = new TestUpload(server.url, { owner: 2 });
    expect(await failureOf(await remove(stranger.ownerKey))).toBe('404 upload-not-found');
    expect((await upload.head()).status).toBe(200);
    expect((await remove(upload.ownerKey)).status).toBe(200);
    expect(await files()).toEqual([]);
    expect(await failureOf(await remove(upload.ownerKey))).toBe('404 upload-not-found');
  });

  test('[UP5] keeps whole records of what breaks off', async () => {
    const upload = await make();
    const half = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(upload.bytes(0, 37));
        await vi.waitFor(async () => expect(await upload.status()).toMatchObject({ offset: 30 }));
        controller.error(new Error('gone'));
      },
    });
    await expect(upload.stream(0, half)).rejects.toThrow('fetch failed');
    await vi.waitFor(async () => expect(await upload.offset()).toBe(30));
    expect((await upload.patch(30, 100)).status).toBe(204);
    const claim = await upload.claim();
    const answer = await upload.content(claim, '0-99');
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(upload.bytes());
  });

  test('[UP7] expires, with nothing left', async () => {
    const upload = await makeWhole({ lifetime: 60 });
    server.clock.advance(59_999);
    expect(await upload.status()).toMatchObject({ expiresInMs: 1 });
    server.clock.advance(1);
    expect(await upload.status()).toBe('upload-not-found');
    await vi.waitFor(async () => expect(await files()).toEqual([]));
  });

  test('expires without anyone asking', async () => {
    await makeWhole({ lifetime: 60 });
    server.clock.advance(60_000);
    await vi.waitFor(async () => expect(await files()).toEqual([]), { timeout: 5_000 });
  });
});

describe('a share', () => {
  test('[UP4] tells who has its link what it has, and nobody else', async () => {
    const upload = await makeWhole({ downloads: 2 });
    expect(await upload.status()).toEqual({
      id: upload.path.split('/').at(-1),
      length: 100,
      offset: 100,
      complete: true,
      salt: upload.metadata['salt'],
      unit: 10,
      preface: 10,
      expiresInMs: 3_600_000,
      downloadLimit: 2,
      downloads: 0,
      claimable: 2,
    });
    expect(await upload.status(testLink(2).joinProof)).toBe('upload-not-found');
    expect(await upload.status('')).toBe('upload-not-found');
    expect(await new TestUpload(server.url, { link: 3 }).status()).toBe('upload-not-found');
  });

  test('[UP11] gives its preface for the link, and all else for a claim', async () => {
    const upload = await makeWhole();
    const { joinProof } = upload.link;
    expect((await upload.content(joinProof, '0-9')).status).toBe(206);
    expect(await failureOf(await upload.content(joinProof, '0-10'))).toBe('404 upload-not-found');
    expect(await failureOf(await upload.content('x'.repeat(43), '0-9'))).toBe(
      '404 upload-not-found',
    );
    const claim = await upload.claim();
    const answer = await upload.content(claim, '5-94');
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-range')).toBe('bytes 5-94/100');
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(upload.bytes(5, 95));
  });

  test('[UP12] says of every stored byte that it is no page', async () => {
    const upload = await makeWhole();
    const { headers } = await upload.content(upload.link.joinProof, '0-9');
    expect(Object.fromEntries(headers)).toMatchObject(NO_PAGE_HEADERS);
  });

  test.each([
    ['', '400 bad-request'],
    ['0-', '400 bad-request'],
    ['-5', '400 bad-request'],
    ['0-1,3-4', '400 bad-request'],
    ['0-100', '416 range-invalid'],
    ['9-8', '416 range-invalid'],
    ['9999999999999999-9999999999999999', '416 range-invalid'],
  ])('the range %j is %s', async (range, failure) => {
    const upload = await makeWhole();
    expect(await failureOf(await upload.content(await upload.claim(), range))).toBe(failure);
  });

  test('[UP9] gives no more claims than downloads, to 200 at once, and each its own again', async () => {
    const upload = await makeWhole({ downloads: 3 });
    const receivers = Array.from({ length: 200 }, (_, number) => number);
    const claims = await Promise.all(receivers.map((number) => upload.claim(number)));
    const given = claims.filter((claim) => claim !== 'download-limit-reached');
    expect(new Set(given).size).toBe(3);
    expect(given.length).toBe(3);
    const lucky = receivers.filter((number) => given.includes(claims[number] ?? ''));
    expect(await Promise.all(lucky.map((number) => upload.claim(number)))).toEqual(given);
    expect(await upload.status()).toMatchObject({ downloads: 0, claimable: 0 });
    server.clock.advance(CLAIM_LAPSE_MS);
    expect(await upload.status()).toMatchObject({ claimable: 3 });
    expect(await upload.receipt(given[0] ?? '')).toBe('upload-not-found');
  });

  test('[UP9] takes a claim back, which is another receiver’s at once', async () => {
    const upload = await makeWhole({ downloads: 1 });
    const first = await upload.claim(1);
    expect(await upload.claim(2)).toBe('download-limit-reached');
    expect((await upload.giveBack(first)).status).toBe(200);
    expect(await failureOf(await upload.giveBack(first))).toBe('404 upload-not-found');
    expect(await failureOf(await upload.content(first, '0-99'))).toBe('404 upload-not-found');
    expect((await upload.content(await upload.claim(2), '0-99')).status).toBe(206);
  });

  test('[UP10] counts a download when its receiver says so, once; the last one removes it', async () => {
    const upload = await makeWhole({ downloads: 2 });
    const [one, two] = [await upload.claim(1), await upload.claim(2)];
    expect(await Promise.all([1, 2, 3].map(() => upload.receipt(one)))).toEqual([1, 1, 1]);
    expect(await upload.status()).toMatchObject({ downloads: 1, claimable: 0 });
    expect((await upload.content(one, '0-99')).status).toBe(206);
    expect(await upload.receipt(two)).toBe(2);
    expect(await upload.status()).toBe('upload-not-found');
    expect(await files()).toEqual([]);
  });

  test('[UP10] HEAD, previews and half downloads burn nothing', async () => {
    const upload = await makeWhole({ downloads: 1 });
    await upload.content(upload.link.joinProof, '0-9');
    const head = await upload.content(upload.link.joinProof, '0-9', {
      method: 'HEAD',
      headers: { Authorization: `Bearer ${upload.link.joinProof}`, Range: 'bytes=0-9' },
    });
    expect(head.status).toBe(206);
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      await fetch(server.url + shareStatusPath(upload.link.roomId), { method });
    }
    const claim = await upload.claim();
    await (await upload.content(claim, '0-49')).arrayBuffer();
    expect(await upload.status()).toMatchObject({ downloads: 0, downloadLimit: 1 });
  });
});

describe('a range that is not here yet', () => {
  test('[UP13] is sent as it comes, in whole records', async () => {
    const upload = await make();
    const answer = await upload.content(await upload.claim(), '0-99');
    expect(answer.status).toBe(206);
    const reader = (answer.body ?? new ReadableStream()).getReader();
    let got: number[] = [];
    const readTo = async (length: number) => {
      while (got.length < length) got = [...got, ...((await reader.read()).value ?? [])];
    };
    const part = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(upload.bytes(0, 35));
        await readTo(30);
        expect(got.length).toBe(30);
        controller.enqueue(upload.bytes(35, 60));
        await readTo(60);
        controller.close();
      },
    });
    expect((await upload.stream(0, part)).status).toBe(204);
    await upload.patch(60, 100);
    await readTo(100);
    expect(Uint8Array.from(got)).toEqual(upload.bytes());
  });

  test('[UP13] is cut when the upload ends', async () => {
    const upload = await make();
    const answer = await upload.content(await upload.claim(), '0-99');
    const cut = isCut(answer.arrayBuffer());
    await upload.delete();
    expect(await cut).toBe(true);
  });

  test('[UP13] is cut when no byte has come for two minutes', async () => {
    const upload = await make();
    const answer = await upload.content(await upload.claim(), '0-99');
    const cut = isCut(answer.arrayBuffer());
    server.clock.advance(120_000);
    expect(await cut).toBe(true);
  });

  test('does not outlive who asked for it', async () => {
    const upload = await make({ downloads: 1 });
    const claim = await upload.claim();
    const leave = new AbortController();
    await upload.content(claim, '0-99', {
      headers: { Authorization: `Bearer ${claim}`, Range: 'bytes=0-99' },
      signal: leave.signal,
    });
    leave.abort();
    // The claim lapses only once its request is over.
    await vi.waitFor(async () => {
      server.clock.advance(CLAIM_LAPSE_MS / 4);
      expect(await upload.status()).toMatchObject({ claimable: 1 });
    });
  });
});

test("[UP14] what comes from another site's page is refused", async () => {
  const upload = await makeWhole();
  const origin = { Origin: 'https://elsewhere.example' };
  expect(await failureOf(await upload.post(origin))).toBe('403 not-same-origin');
  expect(await failureOf(await upload.patch(0, 10, origin))).toBe('403 not-same-origin');
  const own = await upload.post({ Origin: server.url });
  expect(own.status).toBe(201);
});
