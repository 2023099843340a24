import { once } from 'node:events';
import type { Server } from 'node:net';

/** The address that the tests' own servers listen on. */
export const LOOPBACK = '127.0.0.1';

/** Makes `server` listen on a port of the loopback address, a free one unless it is given. Resolves to the port. */
export async function listenOnLoopback(server: Server, port = 0): Promise<number> {
  server.listen(port, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}
