import { once } from 'node:events';
import { NO_PAGE_HEADERS } from '../testing/no-page-headers.ts';
import { readdir } from 'node:fs/promises';
import { type Socket, connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PROBE_MOST_BYTES, PROBE_PATH, probeBytesPath } from '../protocol/uploads.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { failureOf, TestUpload } from '../testing/test-upload.ts';
import { MAX_PROBES, MAX_PROBES_PER_ADDRESS, PROBE_MS, PROBES_PER_MINUTE } from './probe.ts';

let server: TestServer;
let sockets: Socket[] = [];

beforeEach(async () => {
  server = await startTestServer();
});

afterEach(async () => {
  vi.useRealTimers();
  for (const socket of sockets) socket.destroy();
  sockets = [];
  await server.stop();
  expect(server.errors).toEqual([]);
});

const BINARY = { 'Content-Type': 'application/octet-stream' };

async function post(
  body: Uint8Array<ArrayBuffer> | string,
  headers: Readonly<Record<string, string>> = BINARY,
) {
  return await fetch(server.url + PROBE_PATH, { method: 'POST', headers, body });
}

const postFrom = async (address: string) =>
  await post('x', { ...BINARY, 'X-Forwarded-For': address });

const get = async (bytes: number) => await fetch(server.url + probeBytesPath(bytes));

/** Says this over a connection of its own, reads nothing of what comes, and says no more. */
async function say(...lines: readonly string[]): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1').on('error', () => {});
  sockets.push(socket);
  await once(socket, 'connect');
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  return socket;
}

/** A probe that says that bytes come, which do not. */
async function sayHalf(from = '127.0.0.1', bytes = 1): Promise<Socket> {
  return await say(
    `POST ${PROBE_PATH} HTTP/1.1`,
    'Host: localhost',
    'Content-Type: application/octet-stream',
    `X-Forwarded-For: ${from}`,
    `Content-Length: ${bytes}`,
  );
}

describe('a probe', () => {
  test.each([[0], [1], [PROBE_MOST_BYTES]])(
    '[UP21] takes %i bytes and drops them',
    async (bytes) => {
      const answer = await post(new Uint8Array(bytes));
      expect(answer.status).toBe(200);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(await answer.json()).toEqual({ ok: true, value: null });
      expect(await readdir(`${server.data}/uploads`)).toEqual([]);
    },
  );

  test.each([[1], [65_537], [PROBE_MOST_BYTES]])('[UP21] gives %i random bytes', async (bytes) => {
    const answer = await get(bytes);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-length')).toBe(String(bytes));
    const body = Buffer.from(await answer.arrayBuffer());
    expect(body.length).toBe(bytes);
    expect(gzipSync(body).length).toBeGreaterThan(bytes);
  });

  test('[UP21] gives bytes of which it says, as of stored ones, that they are no page', async () => {
    const { headers } = await get(10);
    expect(Object.fromEntries(headers)).toMatchObject(NO_PAGE_HEADERS);
  });

  test.each([
    [''],
    ['?bytes='],
    ['?bytes=0'],
    ['?bytes=-1'],
    ['?bytes=1e3'],
    ['?bytes=1.5'],
    [`?bytes=${PROBE_MOST_BYTES + 1}`],
    ['?bytes=1&bytes=2'],
    ['?bytes[]=1'],
    ['?bytes=1&more=2'],
  ])('[UP17] of %j is a bad request', async (query) => {
    const answer = await fetch(server.url + PROBE_PATH + query);
    expect(await failureOf(answer)).toBe('400 bad-request');
  });

  test('[UP17] of another type or method is refused', async () => {
    const plain = { 'Content-Type': 'text/plain' };
    expect(await failureOf(await post('x', plain))).toBe('415 wrong-type');
    const put = await fetch(server.url + PROBE_PATH, { method: 'PUT', body: 'x' });
    expect(await failureOf(put)).toBe('400 bad-request');
  });

  test("[UP14] from another site's page is refused", async () => {
    const headers = { ...BINARY, Origin: 'https://elsewhere.example' };
    expect(await failureOf(await post('x', headers))).toBe('403 not-same-origin');
    const asked = await fetch(server.url + probeBytesPath(1), { headers });
    expect(await failureOf(asked)).toBe('403 not-same-origin');
    expect((await post('x', { ...BINARY, Origin: server.url })).status).toBe(200);
  });

  test('[UP22] of more than 1 MiB is refused by what it says, before anything comes', async () => {
    const socket = await sayHalf('127.0.0.1', PROBE_MOST_BYTES + 1);
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 413 [^]*"upload-too-large"/);
  });

  test('[UP22] of more than 1 MiB is refused by what comes, without waiting for its end', async () => {
    const socket = await say(
      `POST ${PROBE_PATH} HTTP/1.1`,
      'Host: localhost',
      'Content-Type: application/octet-stream',
      'Transfer-Encoding: chunked',
    );
    const bytes = PROBE_MOST_BYTES + 1;
    socket.write(`${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`);
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 413 [^]*"upload-too-large"/);
  });
});

test('[UP16] with uploads off, nothing is probed', async () => {
  await server.stop();
  server = await startTestServer({ UPLOADS: 'off' });
  expect(await failureOf(await post('x'))).toBe('404 uploads-off');
  expect(await failureOf(await get(1))).toBe('404 uploads-off');
});

describe('[UP22] a probe that does not end is cut:', () => {
  /** Whether the connection is over by then, and not before; and what came over it. */
  async function cutAt(ms: number, socket: Socket): Promise<Buffer> {
    let isOver = false;
    socket.once('close', () => (isOver = true));
    await vi.advanceTimersByTimeAsync(ms - 1);
    await post('x');
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    return await buffer(socket).catch(() => Buffer.alloc(0));
  }

  test('one whose body does not come', async () => {
    const begun = once(server.app.server, 'request');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const socket = await sayHalf();
    await begun;
    expect((await cutAt(PROBE_MS, socket)).length).toBe(0);
  });

  test('one whose reader does not read', async () => {
    const begun = once(server.app.server, 'request');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    // More than a system holds for who does not read: the later ones wait for the first.
    const heads = Array.from({ length: MAX_PROBES_PER_ADDRESS - 1 }, () =>
      [`GET ${probeBytesPath(PROBE_MOST_BYTES)} HTTP/1.1`, 'Host: localhost'].join('\r\n'),
    );
    const socket = await say(heads.join('\r\n\r\n'));
    await begun;
    const came = await cutAt(PROBE_MS, socket);
    expect(came.length).toBeLessThan(heads.length * PROBE_MOST_BYTES);
  });
});

describe('[UP22] over the limit of', () => {
  test('probes a minute, an address is refused until the minute is over', async () => {
    for (let count = 0; count < PROBES_PER_MINUTE; count += 1) await (await get(1)).arrayBuffer();
    expect(await failureOf(await get(1))).toBe('429 too-many-requests');
    expect(await failureOf(await post('x'))).toBe('429 too-many-requests');
    expect((await new TestUpload(server.url).post()).status).toBe(201);
    server.clock.advance(60_000);
    expect((await post('x')).status).toBe(200);
  });

  test('probes at once, an address is refused while they run, and others are not', async () => {
    await server.stop();
    server = await startTestServer({ TRUST_PROXY: '1' });
    for (let count = 0; count < MAX_PROBES_PER_ADDRESS; count += 1) await sayHalf('192.0.2.1');
    await vi.waitFor(async () => {
      expect(await failureOf(await postFrom('192.0.2.1'))).toBe('429 too-many-requests');
    });
    expect((await postFrom('192.0.2.2')).status).toBe(200);
    for (const socket of sockets) socket.destroy();
    await vi.waitFor(async () => expect((await postFrom('192.0.2.1')).status).toBe(200));
  });

  test('probes at once of all together, everybody is refused, but who uploads', async () => {
    await server.stop();
    server = await startTestServer({ TRUST_PROXY: '1' });
    for (let count = 0; count < MAX_PROBES; count += 1) await sayHalf(`192.0.2.${count}`);
    await vi.waitFor(async () => {
      expect(await failureOf(await postFrom('198.51.100.1'))).toBe('429 too-many-requests');
    });
    const upload = await new TestUpload(server.url).create();
    expect((await upload.patch(0, 100)).status).toBe(204);
  });
});
