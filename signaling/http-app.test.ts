import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from './testing/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server.stop();
});

/** The whole answer to a request line as it is, without what a client would mend. */
async function raw(requestLine: string, host = 'localhost'): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`${requestLine}\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  return text(socket);
}

describe('the page', () => {
  test('is served at / and never from a stale cache', async () => {
    const response = await fetch(server.url);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<title>Onehop</title>');
    expect(response.headers.get('cache-control')).toBe('public, no-cache');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  });

  test('lets the browser keep what is named after its content', async () => {
    const response = await fetch(`${server.url}/assets/main-1a2b3c.js`);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-type')).toContain('javascript');
  });

  test('takes code from this site only, and asks for nothing that plain http cannot give', async () => {
    const { headers } = await fetch(server.url);
    expect(headers.get('content-security-policy')?.split(';').toSorted()).toEqual([
      "base-uri 'none'",
      "connect-src 'self'",
      "default-src 'none'",
      "font-src 'self'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "img-src 'self' data:",
      "manifest-src 'self'",
      "script-src 'self'",
      "style-src 'self'",
      "worker-src 'self'",
    ]);
    expect(headers.get('strict-transport-security')).toBeNull();
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('permissions-policy')).toContain('camera=()');
    expect(headers.get('x-powered-by')).toBeNull();
  });
});

describe('/compare', () => {
  test('is the page itself, with its headers and not to be cached', async () => {
    const [compare, home] = await Promise.all(
      ['/compare', '/'].map((path) => fetch(`${server.url}${path}`)),
    );
    expect(compare?.status).toBe(200);
    expect(compare?.headers.get('cache-control')).toBe('public, no-cache');
    expect(compare?.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await compare?.text()).toBe(await home?.text());
    expect((await fetch(`${server.url}/compare/more`)).status).toBe(404);
  });
});

describe('/healthz', () => {
  test('tells that the server is up, since when, and how many rooms there are', async () => {
    server.clock.advance(2_500);
    const response = await fetch(`${server.url}/healthz`);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({ ok: true, uptimeSeconds: 2, rooms: 0 });
  });
});

describe('anything else', () => {
  test.each([
    ['/nothing'],
    ['/assets'],
    ['/assets/'],
    ['/assets/nothing.js'],
    ['/.git/config'],
    ['/%2e%2e/%2e%2e/etc/passwd'],
    ['/..%2f..%2f..%2fetc%2fpasswd'],
    ['/%'],
    ['/%E0%A4%A'],
    ['/%00'],
    ['/socket.io'],
    [`/${'a/'.repeat(2_000)}`],
  ])('%s is 404, in plain text, with the same headers', async (path) => {
    const response = await fetch(`${server.url}${path}`, { redirect: 'manual' });
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('Not found\n');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test.each([
    ['GET /../../../../etc/passwd HTTP/1.1', '404'],
    ['GET //etc/passwd HTTP/1.1', '404'],
    ['GET /\\..\\..\\etc\\passwd HTTP/1.1', '404'],
    ['GET http://elsewhere.example/secret HTTP/1.1', '404'],
    ['OPTIONS * HTTP/1.1', '405'],
    ['GET /%%%?%%% HTTP/1.1', '404'],
    ['GET /socket.io/?EIO=%zz&transport=__proto__ HTTP/1.1', '400'],
    ['GET /socket.io/../../x HTTP/1.1', '400'],
    ['NONSENSE', '400'],
  ])('%s is %s and shows nothing of the server', async (line, status) => {
    const answer = await raw(line);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).not.toMatch(/node_modules|\.ts|root:/);
    expect((await fetch(`${server.url}/healthz`)).ok).toBe(true);
  });

  test.each([['POST'], ['PUT'], ['DELETE'], ['OPTIONS'], ['PATCH']])(
    '%s is 405',
    async (method) => {
      const response = await fetch(server.url, { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('GET, HEAD');
    },
  );

  test('HEAD is answered without a body', async () => {
    const response = await fetch(server.url, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });

  test('nothing of all that was an error of the server', () => {
    expect(server.errors).toEqual([]);
  });
});
