import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { UPLOADS_PATH, shareStatusPath } from '../protocol/uploads.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { failureOf, TestUpload, TUS } from '../testing/test-upload.ts';

let server: TestServer;
let upload: TestUpload;

beforeAll(async () => {
  server = await startTestServer({ MAX_UPLOADS_PER_HOUR: '100000' });
  upload = await new TestUpload(server.url).create();
  await upload.patch(0, 40);
});

afterAll(async () => {
  expect(await upload.offset()).toBe(40);
  expect((await readdir(join(server.data, 'uploads'))).length).toBe(2);
  expect(server.errors).toEqual([]);
  await server.stop();
});

/** The whole answer to a request as it is, without what a client would mend. */
async function raw(head: readonly string[], body = ''): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`${[...head, 'Host: localhost', 'Connection: close'].join('\r\n')}\r\n\r\n${body}`);
  return text(socket);
}

describe('[UP17] a bad request gets a typed error:', () => {
  test.each([[0], [30], [39], [41], [100]])('the offset %i', async (offset) => {
    const headers = { 'Upload-Offset': `${offset}` };
    expect(await failureOf(await upload.patch(40, 50, headers))).toBe('409 wrong-offset');
  });

  test.each([['-1'], ['4e1'], ['0x28'], ['']])('the offset %j', async (offset) => {
    const headers = { 'Upload-Offset': offset };
    expect(await failureOf(await upload.patch(40, 50, headers))).toBe('400 bad-request');
  });

  test('a body longer than the upload', async () => {
    expect(await failureOf(await upload.patch(40, 101))).toBe('413 upload-too-large');
  });

  test('another type, another version', async () => {
    const plain = { 'Content-Type': 'text/plain' };
    expect(await failureOf(await upload.patch(40, 50, plain))).toBe('415 wrong-type');
    const old = { 'Tus-Resumable': '0.2.2' };
    expect(await failureOf(await upload.patch(40, 50, old))).toBe('412 wrong-version');
  });

  test.each([
    [{ 'Upload-Metadata': '' }],
    [{ 'Upload-Metadata': 'share !!!' }],
    [{ 'Upload-Metadata': `${'x'.repeat(9_000)} YQ==` }],
    [{ 'Upload-Length': '0' }],
    [{ 'Upload-Length': '5' }],
    [{ 'Upload-Length': '1e2' }],
    [{ 'Upload-Length': '-1' }],
    [{ 'Upload-Defer-Length': '1' }],
    [{ 'Upload-Concat': 'final;/a /b' }],
  ])('%j', async (headers) => {
    expect(await failureOf(await new TestUpload(server.url, { link: 2 }).post(headers))).toBe(
      '400 bad-request',
    );
  });

  test.each([['share'], ['verifier'], ['owner'], ['salt'], ['unit'], ['preface'], ['downloads']])(
    'metadata with %s missing or wrong',
    async (key) => {
      const pairs = Object.entries({ ...upload.metadata, [key]: '\0' });
      const wrong = pairs.map(([name, value]) => `${name} ${btoa(value)}`).join(',');
      const missing = pairs.filter(([name]) => name !== key);
      const without = missing.map(([name, value]) => `${name} ${btoa(value)}`).join(',');
      for (const metadata of [wrong, without]) {
        const answer = await upload.post({ 'Upload-Metadata': metadata });
        expect(await failureOf(answer)).toBe('400 bad-request');
      }
    },
  );

  test.each([
    ['/api'],
    ['/api/'],
    ['/api/uploads/'],
    ['/api/uploads/x'],
    ['/api/uploads/..%2f..%2fetc%2fpasswd'],
    ['/api/uploads/%00'],
    ['/api/uploads/%'],
    ['/api/shares/../../etc/passwd'],
    ['/api/shares/%2e%2e/content'],
    ['/API/uploads'],
    ['/api/constructor'],
  ])('%s', async (path) => {
    const answer = await raw([`PATCH ${path} HTTP/1.1`, 'Content-Length: 0']);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).toContain('{"ok":false,"error":{"code":"upload-not-found"}}');
  });

  test('headers without end are refused', async () => {
    const answer = await raw([`POST ${UPLOADS_PATH} HTTP/1.1`, `X: ${'x'.repeat(20_000)}`]);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });

  test('a body shorter than announced keeps whole records', async () => {
    const short = await new TestUpload(server.url, { link: 4 }).create();
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      [
        `PATCH ${short.path} HTTP/1.1`,
        'Host: localhost',
        'Tus-Resumable: 1.0.0',
        'Content-Type: application/offset+octet-stream',
        `Authorization: Bearer ${short.ownerKey}`,
        'Upload-Offset: 0',
        'Content-Length: 100',
        '',
        'x'.repeat(25),
      ].join('\r\n'),
    );
    await vi.waitFor(async () => expect(await short.status()).toMatchObject({ offset: 20 }));
    socket.end();
    await text(socket);
    expect(await short.offset()).toBe(20);
    await short.delete();
  });

  test('whatever comes, the server answers in its own words and takes nothing', async () => {
    const paths = fc.constantFrom(
      UPLOADS_PATH,
      upload.path,
      `/api/shares/${upload.link.roomId}`,
      `/api/shares/${upload.link.roomId}/claims`,
      `/api/shares/${upload.link.roomId}/content`,
      `/api/shares/${upload.link.roomId}/receipts`,
    );
    const methods = fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT');
    const value = fc.oneof(fc.stringMatching(/^[!-~]{0,40}$/), fc.nat().map(String));
    const names = fc.constantFrom(
      'upload-offset',
      'upload-length',
      'upload-metadata',
      'range',
      'content-type',
      'x-http-method-override',
      'x-forwarded-host',
      'upload-defer-length',
      'origin',
    );
    await fc.assert(
      fc.asyncProperty(
        ...([paths, methods, fc.dictionary(names, value), value] as const),
        async (path, method, headers, body) => {
          const answer = await fetch(server.url + path, {
            method,
            headers: { ...TUS, Authorization: 'Bearer x', ...headers },
            ...(method !== 'GET' && { body }),
          });
          if (answer.status === 200) {
            // What a share has is asked by everybody who opens a link, and is nothing without its proof.
            expect([method, path]).toEqual(['GET', shareStatusPath(upload.link.roomId)]);
            expect(await answer.json()).toEqual({ ok: true, value: null });
            return;
          }
          expect(answer.status).toBeGreaterThanOrEqual(400);
          expect(answer.status).not.toBe(500);
          expect(await failureOf(answer)).toMatch(/^4/);
        },
      ),
      { seed: 20_260_106, numRuns: 300 },
    );
  });
});
