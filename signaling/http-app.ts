import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { describeError, type Log } from './log.ts';
import { builtSite, securityHeaders } from './site.ts';

/** Where the pages come from: the folder of the built client, or a development server's handler. */
export type Pages =
  | { readonly type: 'built'; readonly folder: string }
  | { readonly type: 'development'; readonly handler: RequestHandler };

export interface HttpAppDeps {
  readonly pages: Pages;
  readonly log: Log;
  /** answers everything below `/api` */
  readonly api: RequestHandler;
  /** for `/healthz` */
  readonly health: () => { readonly uptimeSeconds: number; readonly rooms: number };
}

/** Answers every HTTP request but those of Socket.IO: the pages and `/healthz`, read-only, and `/api`. */
export function createHttpApp({ pages, log, api, health }: HttpAppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  if (pages.type === 'built') app.use(securityHeaders());
  // The body of an upload must reach its handler as it came.
  app.use('/api', api);
  app.use(readOnly);
  app.get('/healthz', (_, response) => {
    response.set('Cache-Control', 'no-store').json({ ok: true, ...health() });
  });
  app.use(pages.type === 'built' ? builtSite(pages.folder) : pages.handler);
  app.use((_, response) => {
    response.status(404).set('Cache-Control', 'no-store').type('text').send('Not found\n');
  });
  app.use(lastResort(log));
  return app;
}

const readOnly: RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') {
    next();
    return;
  }
  response.status(405).set('Allow', 'GET, HEAD').type('text').send('Method not allowed\n');
};

function lastResort(log: Log): ErrorRequestHandler {
  return (thrown, _, response, next) => {
    log.error(`a page failed: ${describeError(thrown)}`);
    if (response.headersSent) {
      next(thrown);
      return;
    }
    response.status(500).type('text').send('The server failed\n');
  };
}
