import { fileURLToPath } from 'node:url';
import type { RequestHandler } from 'express';
import { createServer } from 'vite';
import { createApp } from './app.ts';
import { listen } from './listen.ts';
import { siteUrl } from './network-addresses.ts';
import { randomRoomIds } from './rooms/room-ids.ts';
import { readSettings } from './settings.ts';
import { stopOnSignal } from './stop-on-signal.ts';
import { runProgram, say, terminalLog } from './terminal.ts';

// The development server: Vite with hot reload in the place of the built pages, on one port with the same signaling
// server, so that page and server have one origin as in production. It sends none of the production headers, since
// Vite's hot reload needs inline scripts.
await runProgram(async () => {
  const settings = readSettings(process.env);
  const pages: { handler: RequestHandler } = {
    handler: (_, response) => void response.status(503).type('text').send('Starting\n'),
  };
  const app = createApp({
    settings,
    pages: { type: 'development', handler: (...call) => pages.handler(...call) },
    clock: () => performance.now(),
    wallClock: Date.now,
    ids: randomRoomIds,
    log: terminalLog,
  });
  await app.open();
  const vite = await createServer({
    configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)),
    server: { middlewareMode: true, hmr: { server: app.server } },
    appType: 'spa',
  });
  pages.handler = vite.middlewares;
  const close = async () => {
    await vite.close();
    await app.close();
  };
  const port = await listen(app.server, { port: settings.PORT, host: settings.HOST }).catch(
    async (thrown: unknown) => {
      await close();
      throw thrown;
    },
  );
  stopOnSignal(close);
  say([`Onehop, with hot reload, is at ${siteUrl('http', settings.HOST ?? 'localhost', port)}`]);
});
