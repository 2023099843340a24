import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import { connect } from 'node:net';
import { expect, test, vi } from 'vitest';
import { listen } from './listen.ts';
import { StartupError } from './startup-error.ts';
import { testLink } from './testing/test-link.ts';
import { TestPage } from './testing/test-page.ts';
import { startTestServer } from './testing/test-server.ts';

function connectionsOf(server: Server | TlsServer): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => {
      if (error === null) resolve(count);
      else reject(error);
    });
  });
}

test('close leaves no socket and no room, even with ends that do not answer', async () => {
  const { app, url, port, stop } = await startTestServer();
  const sender = await new TestPage(url).connected();
  await sender.create(testLink(1));
  const polling = await new TestPage(url, { transports: ['polling'] }).connected();
  await polling.join(testLink(1));
  await fetch(`${url}/healthz`);
  const silent = connect(port, '127.0.0.1');
  silent.on('error', () => {});
  await once(silent, 'connect');
  expect(await connectionsOf(app.server)).toBeGreaterThanOrEqual(3);
  const from = performance.now();
  await stop();
  expect(performance.now() - from).toBeLessThan(1_500);
  expect(await connectionsOf(app.server)).toBe(0);
  expect(app.registry.size).toBe(0);
  expect(app.server.listening).toBe(false);
  await Promise.all([sender.disconnected(), polling.disconnected()]);
  silent.destroy();
});

test('close ends the timers of rooms and uploads', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const { stop } = await startTestServer();
    expect(vi.getTimerCount()).toBe(2);
    await stop();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test('close works on a server that never listened to anyone', async () => {
  const { app, stop } = await startTestServer();
  await stop();
  await app.close();
  expect(app.server.listening).toBe(false);
});

test('a port in use and a host that is not here are StartupErrors', async () => {
  const first = await startTestServer();
  const second = await startTestServer();
  await second.app.close();
  const taken = listen(second.app.server, { port: first.port, host: '127.0.0.1' });
  await expect(taken).rejects.toThrow(
    new StartupError(`Port ${first.port} is in use. Choose another one with PORT.`),
  );
  const elsewhere = listen(second.app.server, { port: 0, host: '203.0.113.1' });
  await expect(elsewhere).rejects.toThrow('HOST is not an address of this machine.');
  await Promise.all([first.stop(), second.stop()]);
});
