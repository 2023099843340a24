import { once } from 'node:events';
import { type Server, connect, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startCountingProxy } from './counting-proxy.ts';
import { freePort } from './free-port.ts';
import { listenOnLoopback } from './listen-on-loopback.ts';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function closeAfterwards(server: Server): void {
  closers.push(async () => {
    server.close();
    await once(server, 'close');
  });
}

/** A server that answers each connection's first chunk with `answer` and ends it. Resolves to its port. */
async function answeringServer(answer: string, port = 0): Promise<number> {
  const server = createServer((socket) => socket.once('data', () => socket.end(answer)));
  closeAfterwards(server);
  return listenOnLoopback(server, port);
}

/** Sends `question` to a port and resolves to everything that comes back before the end. */
async function ask(port: number, question: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString('utf8')));
  socket.write(question);
  await once(socket, 'close');
  return answer;
}

describe('startCountingProxy', () => {
  it('hands on both directions and counts each', async () => {
    const proxy = await startCountingProxy(await answeringServer('four'));
    closers.unshift(() => proxy.close());
    expect(await ask(proxy.port, 'seven…')).toBe('four');
    expect(proxy.traffic.connections()).toEqual([{ up: 8, down: 4 }]);
  });

  it('drops a connection while the server is away, and works again when it is back', async () => {
    const port = await freePort();
    const proxy = await startCountingProxy(port);
    closers.unshift(() => proxy.close());
    const socket = connect(proxy.port, '127.0.0.1');
    await once(socket, 'close');
    await answeringServer('back', port);
    expect(await ask(proxy.port, '?')).toBe('back');
  });

  it('ends every connection when it is closed', async () => {
    const silent = createServer(() => undefined);
    closeAfterwards(silent);
    const proxy = await startCountingProxy(await listenOnLoopback(silent));
    const socket = connect(proxy.port, '127.0.0.1');
    const closed = once(socket, 'close');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    await proxy.close();
    await closed;
    expect(socket.destroyed).toBe(true);
  });
});
