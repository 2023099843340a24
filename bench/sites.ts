import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from '../e2e/support/free-port.ts';
import { ServerProcess } from '../e2e/support/server-process.ts';
import type { Lab } from './links/lab.ts';

const PORTS = { shipped: 3000, 'one-lane': 3001 } as const;
const LOOPBACK = '127.0.0.1';

/** The built site twice: as shipped, and by an operator who allows one lane for each transfer. */
export type SiteKind = keyof typeof PORTS;

/** The servers of a measurement, running. */
export class Sites {
  readonly urls: Readonly<Record<SiteKind, string>>;
  readonly #servers: readonly ServerProcess[];

  private constructor(urls: Readonly<Record<SiteKind, string>>, servers: readonly ServerProcess[]) {
    this.urls = urls;
    this.#servers = servers;
  }

  /** Starts both, in the hub of the lab or on this machine's loopback. @param folder for their data */
  static async start(lab: Lab | null, folder: string): Promise<Sites> {
    const address = lab?.addressOf('hub') ?? LOOPBACK;
    const command = lab?.commandIn('hub') ?? [];
    const ports =
      lab === null ? { shipped: await freePort(), 'one-lane': await freePort() } : PORTS;
    const start = async (kind: SiteKind, env: Readonly<Record<string, string>>) => {
      const data = await mkdtemp(path.join(folder, 'data-'));
      const server = new ServerProcess(
        ports[kind],
        { ...env, DATA_DIR: data },
        { command, address },
      );
      await server.start();
      return server;
    };
    const shipped = await start('shipped', {});
    try {
      const urls = {
        shipped: `http://${address}:${ports.shipped}`,
        'one-lane': `http://${address}:${ports['one-lane']}`,
      };
      return new Sites(urls, [shipped, await start('one-lane', { LANES: '1' })]);
    } catch (error) {
      await shipped.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) await server.stop();
  }
}
