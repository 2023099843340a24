import { readdir } from 'node:fs/promises';
import { type Socket, connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { testLink } from '../testing/test-link.ts';
import { TestPage } from '../testing/test-page.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { TestUpload } from '../testing/test-upload.ts';

const CLIENTS = 2_000;
const AT_ONCE = 50;

let server: TestServer;
const sockets: Socket[] = [];

beforeEach(async () => {
  server = await startTestServer({ MAX_TRANSFERS: '1000', MAX_TRANSFERS_PER_ADDRESS: '1000' });
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.stop();
});

/** Opens a connection, says this, and then nothing more. */
async function say(words: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => {
      socket.write(words);
      resolve();
    });
    socket.once('error', reject);
    sockets.push(socket);
  });
}

test('[UP15] thousands who begin requests and do not go on harm neither signaling nor who uploads', async () => {
  const upload = await new TestUpload(server.url, { length: 1_000 }).create();
  const head = (what: string) => `${what} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n`;
  const patch =
    `${head(`PATCH ${upload.path}`)}Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Length: 900\r\n` +
    `Content-Type: application/offset+octet-stream\r\nAuthorization: Bearer ${upload.ownerKey}\r\n\r\nx`;
  const slow = [head('GET /api/shares/x'), patch, `${head('POST /api/uploads')}Content-Le`];
  for (let client = 0; client < CLIENTS; client += AT_ONCE) {
    const batch = Array.from({ length: AT_ONCE }, (_, index) =>
      say(slow[(client + index) % slow.length] ?? ''),
    );
    await Promise.all(batch);
  }

  const page = await new TestPage(server.url).connected();
  await page.create(testLink(9));
  page.close();
  const other = await new TestUpload(server.url, { link: 2, length: 1_000 }).create();
  expect((await other.patch(0, 1_000)).status).toBe(204);
  const claim = await other.claim();
  expect((await other.content(claim, '0-999')).status).toBe(206);

  for (const socket of sockets.splice(0)) socket.destroy();
  await vi.waitFor(async () => expect(await upload.offset()).toBe(0), { timeout: 20_000 });
  expect((await readdir(join(server.data, 'uploads'))).length).toBe(4);
  expect(server.errors).toEqual([]);
});
