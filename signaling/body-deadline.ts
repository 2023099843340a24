import type { IncomingMessage, Server } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { UPLOADS_PATH } from './protocol/uploads.ts';

/** How long the body of any request but an upload's may take, in milliseconds. */
const BODY_MS = 30_000;

/**
 * For `createServer`: headers have to be here soon. A whole request may take any time, since an upload is one; what
 * else has a body is held to `limitBodies`. An idle connection stays longer than browsers and proxies keep theirs, or
 * one of them would now and then send a request into a connection that is being closed.
 */
export const REQUEST_TIMEOUTS = {
  headersTimeout: 20_000,
  requestTimeout: 0,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 75_000,
} as const;

/** Cuts connections whose request's body does not end; uploads look after their own. */
export function limitBodies(server: Server | HttpsServer): void {
  // Before the pages' router, which shortens the address while it works.
  server.prependListener('request', (request: IncomingMessage) => {
    if (!hasBody(request) || isUpload(request)) return;
    const cut = setTimeout(() => request.socket.destroy(), BODY_MS);
    const keep = () => clearTimeout(cut);
    request.once('end', keep).once('close', keep);
  });
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function isUpload({ method, url }: IncomingMessage): boolean {
  return method === 'PATCH' && url?.startsWith(`${UPLOADS_PATH}/`) === true;
}
