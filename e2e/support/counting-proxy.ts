import { once } from 'node:events';
import { type Socket, connect, createServer } from 'node:net';
import { Transform } from 'node:stream';
import { LOOPBACK, listenOnLoopback } from './listen-on-loopback.ts';
import { Traffic } from './traffic.ts';

/** From browser to server, or back. */
export type Way = 'up' | 'down';

/** A TCP proxy that counts and records what passes through it. */
export interface CountingProxy {
  readonly port: number;
  readonly traffic: Traffic;
  /** Lets so many bytes more pass this way, over all connections together, and then none of those that carry files until `release`. */
  hold(way: Way, bytes: number): void;
  /** Lets everything pass again. */
  release(): void;
  /** Closes the proxy and every connection through it. */
  close(): Promise<void>;
}

/** Starts a proxy on a free loopback port in front of `targetPort`. A connection that the server refuses is dropped. */
export async function startCountingProxy(targetPort: number): Promise<CountingProxy> {
  const traffic = new Traffic();
  const sockets = new Set<Socket>();
  const gate = new Gate();
  const server = createServer((browser) => {
    const record = traffic.addConnection();
    const target = connect(targetPort, LOOPBACK);
    join(browser, target, gate.stream('up'), (chunk) => record('up', chunk));
    join(target, browser, gate.stream('down'), (chunk) => record('down', chunk));
    for (const socket of [browser, target]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
  });
  const port = await listenOnLoopback(server);
  return {
    port,
    traffic,
    hold: (way, bytes) => gate.hold(way, bytes),
    release: () => gate.release(),
    async close() {
      gate.release();
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A connection that has carried more than this carries files: pages and their scripts are smaller. */
const FILE_BYTES = 1024 * 1024;

/** What holds up connections in the middle of what they carry. */
class Gate {
  #held: { readonly way: Way; bytesLeft: number } | null = null;
  #waiting: (() => void)[] = [];

  /** Passes on what it is given, unless that is held. */
  stream(way: Way): Transform {
    let carried = 0;
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        carried += chunk.length;
        const pass = () => done(null, chunk);
        const held = this.#held?.way === way ? this.#held : null;
        if (held !== null) held.bytesLeft -= chunk.length;
        if (held !== null && held.bytesLeft < 0 && carried > FILE_BYTES) this.#waiting.push(pass);
        else pass();
      },
    });
  }

  hold(way: Way, bytes: number): void {
    this.#held = { way, bytesLeft: bytes };
  }

  release(): void {
    this.#held = null;
    for (const pass of this.#waiting.splice(0)) pass();
  }
}

/** Hands on what `from` receives to `to` through a gate, and its end. */
function join(from: Socket, to: Socket, gate: Transform, record: (chunk: Buffer) => void): void {
  from.on('data', record);
  from.pipe(gate).pipe(to);
  // `close` follows, and closes the other side too: one that was only ended would go on sending to nobody.
  from.on('error', () => undefined);
  from.once('close', () => to.destroySoon());
}
