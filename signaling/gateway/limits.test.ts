import { afterEach, describe, expect, test } from 'vitest';
import { testLink } from '../testing/test-link.ts';
import { TestPage } from '../testing/test-page.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const servers: TestServer[] = [];
const pages: TestPage[] = [];

afterEach(async () => {
  for (const page of pages.splice(0)) page.close();
  for (const server of servers.splice(0)) await server.stop();
});

async function start(env: Readonly<Record<string, string>>): Promise<TestServer> {
  const server = await startTestServer(env);
  servers.push(server);
  return server;
}

function page(
  { url }: TestServer,
  options: ConstructorParameters<typeof TestPage>[1] = {},
): TestPage {
  const opened = new TestPage(url, options);
  pages.push(opened);
  return opened;
}

describe('events', () => {
  test('[SG9] a flood gets too-many-requests and is dropped, others go on', async () => {
    const server = await start({ MAX_EVENTS_PER_MINUTE: '20' });
    const [flooding, quiet] = [page(server), page(server)];
    await Promise.all([flooding.connected(), quiet.connected()]);
    const answers = Promise.allSettled(
      Array.from({ length: 21 }, async (): Promise<unknown> =>
        flooding.socket.emitWithAck('room:leave', {}),
      ),
    );
    const limited = { ok: false, error: { code: 'too-many-requests' } };
    await flooding.disconnected();
    const given = (await answers).flatMap((answer) =>
      answer.status === 'fulfilled' ? [answer.value] : [],
    );
    expect(given.at(-1)).toEqual(limited);
    expect(await quiet.request('room:leave', {})).not.toEqual(limited);
  });

  test('[SG9] packets that are no events count as well', async () => {
    const server = await start({ MAX_EVENTS_PER_MINUTE: '20' });
    const flooding = await page(server).connected();
    for (let number = 0; number < 30; number += 1) flooding.socket.io.engine.write('31[]');
    expect(await flooding.next('error:raised')).toEqual({ code: 'too-many-requests' });
    await flooding.disconnected();
  });

  test('[SG9] a new minute starts a new count', async () => {
    const server = await start({ MAX_EVENTS_PER_MINUTE: '20' });
    const busy = await page(server).connected();
    for (let number = 0; number < 40; number += 1) {
      if (number === 20) server.clock.advance(60_000);
      const answer = await busy.request('room:leave', {});
      expect(answer).toEqual({ ok: false, error: { code: 'not-in-room' } });
    }
  });
});

describe('shares and connections', () => {
  test('[SG9] too many shares of one address get too-many-shares', async () => {
    const server = await start({ MAX_SHARES_PER_ADDRESS: '1' });
    await (await page(server).connected()).create(testLink(1));
    const second = (await page(server).connected()).create(testLink(2));
    await expect(second).rejects.toThrow('too-many-shares');
  });

  test('[SG9] too many shares in all get server-full', async () => {
    const server = await start({ MAX_SHARES: '1' });
    await (await page(server).connected()).create(testLink(1));
    const second = (await page(server).connected()).create(testLink(2));
    await expect(second).rejects.toThrow('server-full');
  });

  test('[SG9] too many connections of one address are refused, and one that closes makes room', async () => {
    const server = await start({ MAX_CONNECTIONS_PER_ADDRESS: '2' });
    const first = await page(server).connected();
    await page(server).connected();
    await expect(page(server).connected()).rejects.toMatchObject({
      message: 'too-many-requests',
      data: { code: 'too-many-requests' },
    });
    first.close();
    await expect
      .poll(() =>
        page(server)
          .connected()
          .then(() => 'connected')
          .catch(() => 'refused'),
      )
      .toBe('connected');
  });

  test('[SG9] behind a proxy, addresses are told apart', async () => {
    const server = await start({ MAX_CONNECTIONS_PER_ADDRESS: '1', TRUST_PROXY: '1' });
    const from = (address: string) => ({ extraHeaders: { 'X-Forwarded-For': address } });
    await page(server, from('203.0.113.1')).connected();
    await page(server, from('203.0.113.2')).connected();
    const third = page(server, from('203.0.113.1')).connected();
    await expect(third).rejects.toThrow('too-many-requests');
  });
});

describe('origins', () => {
  const from = (origin: string) => ({ extraHeaders: { Origin: origin } });

  test.each([['websocket'], ['polling']] as const)(
    'a page of this site connects by %s, one of another site does not',
    async (transport) => {
      const server = await start({});
      const options = { transports: [transport] };
      await page(server, { ...options, ...from(server.url) }).connected();
      await page(server, options).connected();
      for (const origin of ['https://elsewhere.example', 'null', `${server.url}1`]) {
        const other = page(server, { ...options, ...from(origin) });
        await expect(other.connected()).rejects.toThrow(/error/);
      }
    },
  );

  test('a script element of another site gets nothing', async () => {
    const { url } = await start({});
    const response = await fetch(`${url}/socket.io/?EIO=4&transport=polling&j=0`);
    expect(response.status).toBe(403);
  });

  test('no client bundle is served', async () => {
    const { url } = await start({});
    expect((await fetch(`${url}/socket.io/socket.io.js`)).status).toBe(400);
  });
});
