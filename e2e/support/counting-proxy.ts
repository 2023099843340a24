import { once } from 'node:events';
import { type Socket, connect, createServer } from 'node:net';
import { LOOPBACK, listenOnLoopback } from './listen-on-loopback.ts';
import { Traffic } from './traffic.ts';

/** A TCP proxy that counts and records what passes through it. */
export interface CountingProxy {
  readonly port: number;
  readonly traffic: Traffic;
  /** Closes the proxy and every connection through it. */
  close(): Promise<void>;
}

/** Starts a proxy on a free loopback port in front of `targetPort`. A connection that the server refuses is dropped. */
export async function startCountingProxy(targetPort: number): Promise<CountingProxy> {
  const traffic = new Traffic();
  const sockets = new Set<Socket>();
  const server = createServer((browser) => {
    const record = traffic.addConnection();
    const target = connect(targetPort, LOOPBACK);
    join(browser, target, (chunk) => record('up', chunk));
    join(target, browser, (chunk) => record('down', chunk));
    for (const socket of [browser, target]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
  });
  const port = await listenOnLoopback(server);
  return {
    port,
    traffic,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Hands on what `from` receives to `to`, and its end. */
function join(from: Socket, to: Socket, record: (chunk: Buffer) => void): void {
  from.on('data', record);
  from.pipe(to);
  // `close` follows, and ends the other side too.
  from.on('error', () => undefined);
  from.once('close', () => to.end());
}
