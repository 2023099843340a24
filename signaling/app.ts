import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { limitBodies, REQUEST_TIMEOUTS } from './body-deadline.ts';
import type { Clock, WallClock } from './clock.ts';
import { openGateway, type Gateway } from './gateway/gateway.ts';
import { createHttpApp, type Pages } from './http-app.ts';
import { describeError, type Log } from './log.ts';
import { OpenSockets } from './open-sockets.ts';
import type { RoomIds } from './rooms/room-ids.ts';
import { RoomRegistry } from './rooms/room-registry.ts';
import type { Settings } from './settings.ts';
import type { UploadStore } from './uploads/upload-store.ts';
import { createUploads } from './uploads/uploads.ts';
import { uploadsOff } from './uploads/uploads-api.ts';

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
  readonly wallClock: WallClock;
  readonly ids: RoomIds;
  readonly log: Log;
  /** with it the server speaks https, without it http */
  readonly tls?: TlsIdentity;
  /** where uploads are kept, in place of `DATA_DIR` */
  readonly store?: UploadStore;
}

export interface App {
  /** not listening yet */
  readonly server: Server | TlsServer;
  readonly registry: RoomRegistry;
  /** Takes up the uploads of earlier runs; to be done before listening. @throws StartupError */
  open(): Promise<void>;
  /** Ends every connection, transfer and room, and frees the port. Takes less than a second. */
  close(): Promise<void>;
}

/** Puts the server together: pages, health, uploads, rooms and gateway on one HTTP server. */
export function createApp(deps: AppDeps): App {
  const { settings, pages, clock, ids, log, tls } = deps;
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
  const takesUploads = settings.UPLOADS === 'on';
  const uploads = createUploads({
    ...deps,
    roomVerifier: (share) => registry.verifierOf(share),
    changed: (share, verifier, summary) => {
      if (registry.verifierOf(share) === verifier) gateway.tellUpload(share, summary);
    },
  });
  const httpApp = createHttpApp({
    pages,
    log,
    api: takesUploads ? uploads.api : uploadsOff(),
    health: () => ({
      uptimeSeconds: Math.floor((clock() - startedAt) / 1000),
      rooms: registry.size,
    }),
  });
  const server =
    tls === undefined
      ? createServer(REQUEST_TIMEOUTS, httpApp)
      : createTlsServer({ ...REQUEST_TIMEOUTS, ...tls }, httpApp);
  // Listening failures are the caller's; later ones, as when file descriptors run out, must not end the process.
  server.once('listening', () => {
    server.on('error', (error) => log.error(`the server had an error: ${describeError(error)}`));
  });
  const sockets = new OpenSockets(server);
  const gateway: Gateway = openGateway({
    server,
    registry,
    clock,
    log,
    path: { iceServers: settings.ICE_SERVERS, maxLanes: settings.LANES },
    news: {
      uploads: takesUploads,
      uploadOf: (roomId) => {
        const verifier = registry.verifierOf(roomId);
        return verifier === undefined ? null : uploads.registry.summaryOf(roomId, verifier);
      },
    },
    maxEventsPerMinute: settings.MAX_EVENTS_PER_MINUTE,
    maxConnectionsPerAddress: settings.MAX_CONNECTIONS_PER_ADDRESS,
    proxies: settings.TRUST_PROXY,
  });
  limitBodies(server);
  return {
    server,
    registry,
    async open() {
      if (takesUploads) await uploads.open();
    },
    async close() {
      const cut = setTimeout(() => sockets.destroy(), CLOSE_GRACE_MS);
      await Promise.all([gateway.close(), uploads.close()]);
      clearTimeout(cut);
      sockets.destroy();
      registry.clear();
    },
  };
}
