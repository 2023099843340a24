import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { Clock } from './clock.ts';
import { openGateway } from './gateway/gateway.ts';
import { createHttpApp, type Pages } from './http-app.ts';
import { describeError, type Log } from './log.ts';
import { OpenSockets } from './open-sockets.ts';
import type { RoomIds } from './rooms/room-ids.ts';
import { RoomRegistry } from './rooms/room-registry.ts';
import type { Settings } from './settings.ts';

const HOUR_MS = 3_600_000;

/** How long sockets have to close by themselves when the server stops, in milliseconds. */
const CLOSE_GRACE_MS = 500;

/** A certificate and its key, both PEM. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}

export interface AppDeps {
  readonly settings: Settings;
  readonly pages: Pages;
  readonly clock: Clock;
  readonly ids: RoomIds;
  readonly log: Log;
  /** with it the server speaks https, without it http */
  readonly tls?: TlsIdentity;
}

export interface App {
  /** not listening yet */
  readonly server: Server | TlsServer;
  readonly registry: RoomRegistry;
  /** Ends every connection and every room, and frees the port. Takes less than a second. */
  close(): Promise<void>;
}

/** Puts the server together: pages, health, rooms and gateway on one HTTP server. */
export function createApp({ settings, pages, clock, ids, log, tls }: AppDeps): App {
  const startedAt = clock();
  const registry = new RoomRegistry({
    clock,
    ids,
    limits: {
      maxShares: settings.MAX_SHARES,
      maxSharesPerAddress: settings.MAX_SHARES_PER_ADDRESS,
      shareLifetimeMs: settings.SHARE_LIFETIME_HOURS * HOUR_MS,
    },
  });
  const httpApp = createHttpApp({
    pages,
    log,
    health: () => ({
      uptimeSeconds: Math.floor((clock() - startedAt) / 1000),
      rooms: registry.size,
    }),
  });
  const server = tls === undefined ? createServer(httpApp) : createTlsServer(tls, httpApp);
  // Listening failures are the caller's; later ones, as when file descriptors run out, must not end the process.
  server.once('listening', () => {
    server.on('error', (error) => log.error(`the server had an error: ${describeError(error)}`));
  });
  const sockets = new OpenSockets(server);
  const gateway = openGateway({
    server,
    registry,
    clock,
    log,
    path: { iceServers: settings.ICE_SERVERS, maxLanes: settings.LANES },
    maxEventsPerMinute: settings.MAX_EVENTS_PER_MINUTE,
    maxConnectionsPerAddress: settings.MAX_CONNECTIONS_PER_ADDRESS,
    proxies: settings.TRUST_PROXY,
  });
  return {
    server,
    registry,
    async close() {
      const cut = setTimeout(() => sockets.destroy(), CLOSE_GRACE_MS);
      await gateway.close();
      clearTimeout(cut);
      sockets.destroy();
      registry.clear();
    },
  };
}
