import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type App } from '../app.ts';
import { listen } from '../listen.ts';
import type { Log } from '../log.ts';
import type { RoomIds } from '../rooms/room-ids.ts';
import { randomRoomIds } from '../rooms/room-ids.ts';
import { readSettings } from '../settings.ts';
import type { UploadStore } from '../uploads/upload-store.ts';
import { FakeClock } from './fake-clock.ts';

/** A running server on a free port of this machine, with a site of two files and a clock of its own. */
export interface TestServer {
  readonly app: App;
  readonly clock: FakeClock;
  readonly port: number;
  /** its DATA_DIR */
  readonly data: string;
  readonly url: string;
  /** what it logged as errors */
  readonly errors: readonly string[];
  readonly stop: () => Promise<void>;
}

/** A folder with an index.html and one hashed script, as the build makes it. */
export async function makeSiteFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'onehop-site-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Onehop</title>');
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'assets', 'main-1a2b3c.js'), 'export {};');
  return folder;
}

export async function startTestServer(
  env: Readonly<Record<string, string>> = {},
  ids: RoomIds = randomRoomIds,
  store?: UploadStore,
  clock = new FakeClock(),
): Promise<TestServer> {
  const folder = await makeSiteFolder();
  const made = env['DATA_DIR'] === undefined ? await mkdtemp(join(tmpdir(), 'onehop-data-')) : null;
  const data = made ?? env['DATA_DIR'] ?? '';
  const errors: string[] = [];
  const log: Log = { info: () => {}, error: (line) => errors.push(line) };
  const settings = readSettings({ ...env, DATA_DIR: data });
  const pages = { type: 'built', folder } as const;
  const app = createApp({
    settings,
    pages,
    clock: clock.now,
    wallClock: clock.wall,
    ids,
    log,
    ...(store !== undefined && { store }),
  });
  await app.open();
  const port = await listen(app.server, { port: 0, host: '127.0.0.1' });
  return {
    app,
    clock,
    port,
    data,
    url: `http://127.0.0.1:${port}`,
    errors,
    async stop() {
      await app.close();
      await rm(folder, { recursive: true });
      if (made !== null) await rm(made, { recursive: true });
    },
  };
}
