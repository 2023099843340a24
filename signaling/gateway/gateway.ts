import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { Server } from 'socket.io';
import type { Clock } from '../clock.ts';
import { describeError, type Log } from '../log.ts';
import type { ClientEvents, ServerEvents } from '../protocol/events.ts';
import { MAX_SIGNALING_MESSAGE_BYTES } from '../protocol/limits.ts';
import type { Notice } from '../rooms/notice.ts';
import type { UploadSummary } from '../protocol/uploads.ts';
import type { RoomRegistry } from '../rooms/room-registry.ts';
import { ConnectionAddresses } from './connection-addresses.ts';
import { ConnectionRefusal } from './connection-refusal.ts';
import type { GatewaySocket } from './gateway-socket.ts';
import { type PathSettings, requestHandlers, type UploadNews } from './requests.ts';
import { isSameOrigin } from './same-origin.ts';
import { sendEvent } from './send-event.ts';
import { limitSendQueue } from './send-queue.ts';
import { SocketInbox } from './socket-inbox.ts';

/** A socket whose other end is dead is noticed after at most the sum of both, in milliseconds. */
const PING_INTERVAL_MS = 10_000;
const PING_TIMEOUT_MS = 10_000;

/** How long a connection may stay without a socket on it, in milliseconds. */
const CONNECT_TIMEOUT_MS = 10_000;

/** How late a deadline may be told to those in the room, in milliseconds. */
const EXPIRY_INTERVAL_MS = 1_000;

export interface GatewayDeps {
  readonly server: HttpServer | HttpsServer;
  readonly registry: RoomRegistry;
  readonly clock: Clock;
  readonly log: Log;
  /** told to everyone who takes a place */
  readonly path: PathSettings;
  readonly news: UploadNews;
  readonly maxEventsPerMinute: number;
  readonly maxConnectionsPerAddress: number;
  /** how many proxies stand in front of this server */
  readonly proxies: number;
}

/** Where pages meet the rooms: Socket.IO on the HTTP server, under its usual path `/socket.io/`. */
export interface Gateway {
  /** Tells everyone online in a room what its share has on the server now. */
  tellUpload(roomId: string, upload: UploadSummary | null): void;
  /** Disconnects every socket and closes the HTTP server. */
  close(): Promise<void>;
}

/** Puts the gateway on an HTTP server. */
export function openGateway(deps: GatewayDeps): Gateway {
  const { server, registry, clock, log, proxies } = deps;
  const io = new Server<ClientEvents, ServerEvents>(server, {
    serveClient: false,
    maxHttpBufferSize: MAX_SIGNALING_MESSAGE_BYTES,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    allowRequest: (request, allow) => {
      const allowed = isSameOrigin(request, proxies > 0) && !asksForScript(request.url);
      allow(allowed ? null : 'origin not allowed', allowed);
    },
  });

  const deliver = (notices: readonly Notice[]) => {
    for (const notice of notices) {
      const socket = io.sockets.sockets.get(notice.to);
      if (socket === undefined) continue;
      if (notice.type === 'send') sendEvent(socket, notice.event);
      else socket.disconnect(true);
    }
  };

  const addresses = new ConnectionAddresses(proxies);
  limitConnections(io, addresses, deps.maxConnectionsPerAddress);
  const handlers = requestHandlers(registry, deps.path, deps.news);
  io.on('connection', (socket) => {
    limitSendQueue(socket.conn);
    const address = addresses.addressOf(socket.conn);
    const { maxEventsPerMinute } = deps;
    const inboxDeps = { registry, handlers, deliver, clock, log, maxEventsPerMinute };
    new SocketInbox(socket, address, inboxDeps).open();
  });

  const expiry = setInterval(() => {
    try {
      deliver(registry.expire());
    } catch (thrown) {
      log.error(`expiry failed: ${describeError(thrown)}`);
    }
  }, EXPIRY_INTERVAL_MS);

  return {
    tellUpload(roomId, upload) {
      deliver(registry.announce(roomId, { name: 'upload:changed', payload: { upload } }));
    },
    async close() {
      clearInterval(expiry);
      await io.close();
    },
  };
}

function limitConnections(
  io: Server<ClientEvents, ServerEvents>,
  addresses: ConnectionAddresses,
  maxPerAddress: number,
): void {
  io.engine.on('connection', (connection: GatewaySocket['conn']) => addresses.add(connection));
  io.use(({ conn }, next) => {
    const count = addresses.countOf(addresses.addressOf(conn));
    if (count > maxPerAddress) next(new ConnectionRefusal('too-many-requests'));
    else next();
  });
}

/** Engine.IO still answers JSONP, which other sites' pages could use without an Origin header. */
function asksForScript(url: string | undefined): boolean {
  return new URL(url ?? '/', 'http://localhost').searchParams.has('j');
}
