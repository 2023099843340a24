import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import * as v from 'valibot';
import { StartupError } from './startup-error.ts';

const systemErrorSchema = v.looseObject({ code: v.string() });

/**
 * Starts listening.
 *
 * @param host an address or name of this machine; undefined for all of its addresses
 * @returns the port, which matters where `port` is 0
 * @throws StartupError when the port or host cannot be had
 */
export async function listen(
  server: Server | TlsServer,
  { port, host }: { readonly port: number; readonly host: string | undefined },
): Promise<number> {
  try {
    server.listen(host === undefined ? { port } : { port, host });
    await once(server, 'listening');
  } catch (thrown) {
    throw startupError(thrown, port);
  }
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : port;
}

function startupError(thrown: unknown, port: number): unknown {
  if (!v.is(systemErrorSchema, thrown)) return thrown;
  switch (thrown.code) {
    case 'EADDRINUSE':
      return new StartupError(`Port ${port} is in use. Choose another one with PORT.`);
    case 'EACCES':
      return new StartupError(`Port ${port} may not be used here. Choose another one with PORT.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartupError('HOST is not an address of this machine.');
    default:
      return thrown;
  }
}
