import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApp } from './app.ts';
import { HELP, readCommandLine } from './command-line.ts';
import { listen } from './listen.ts';
import { networkAddresses } from './network-addresses.ts';
import { randomRoomIds } from './rooms/room-ids.ts';
import { readSettings } from './settings.ts';
import { startMessage } from './start-message.ts';
import { StartupError } from './startup-error.ts';
import { stopOnSignal } from './stop-on-signal.ts';
import { runProgram, say, terminalLog } from './terminal.ts';
import { tlsIdentity } from './tls/tls-identity.ts';

const BUILT_SITE = fileURLToPath(new URL('../dist', import.meta.url));

await runProgram(async () => {
  const commandLine = readCommandLine(process.argv.slice(2));
  if (commandLine.help) {
    say([HELP]);
    return;
  }
  const settings = readSettings(process.env);
  const folder = resolve(settings.SITE_DIR ?? BUILT_SITE);
  if (!existsSync(join(folder, 'index.html'))) {
    throw new StartupError('The pages are not built yet: npm run build');
  }
  const addresses = networkAddresses(networkInterfaces());
  const hasCertificate = settings.TLS_CERT !== undefined;
  const secure = commandLine.https || hasCertificate;
  const app = createApp({
    settings,
    pages: { type: 'built', folder },
    clock: () => performance.now(),
    wallClock: Date.now,
    ids: randomRoomIds,
    log: terminalLog,
    ...(secure && { tls: await tlsIdentity({ settings, addresses, now: new Date() }) }),
  });
  await app.open();
  const port = await listen(app.server, { port: settings.PORT, host: settings.HOST }).catch(
    async (thrown: unknown) => {
      await app.close();
      throw thrown;
    },
  );
  stopOnSignal(() => app.close());
  const protocol = secure ? 'https' : 'http';
  const selfSigned = !hasCertificate;
  say(startMessage({ protocol, host: settings.HOST, port, addresses, selfSigned }));
});
