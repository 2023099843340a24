import { mkdtemp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../e2e/support/free-port.ts';
import { ServerProcess } from '../../e2e/support/server-process.ts';
import type { Lab } from '../links/lab.ts';

const LAB_PORT = 3000;
const LOOPBACK = '127.0.0.1';
const COUNTER = new URL('count-bytes.ts', import.meta.url).href;
/** After this the file has what was carried until now: `count-bytes.ts` writes it four times a second. */
const SETTLE_MS = 600;

/** The built site, served where the lab's hub is or on this machine's loopback, with the bytes of its connections counted. */
export class CountedSite {
  readonly url: string;
  readonly #server: ServerProcess;
  readonly #file: string;

  private constructor(url: string, server: ServerProcess, file: string) {
    this.url = url;
    this.#server = server;
    this.#file = file;
  }

  /** Starts it. @param folder for its data */
  static async start(lab: Lab | null, folder: string): Promise<CountedSite> {
    const address = lab?.addressOf('hub') ?? LOOPBACK;
    const command = lab?.commandIn('hub') ?? [];
    const port = lab === null ? await freePort() : LAB_PORT;
    const data = await mkdtemp(path.join(folder, 'data-'));
    const file = path.join(await mkdtemp(path.join(folder, 'count-')), 'bytes');
    const env = { DATA_DIR: data, COUNT_BYTES_FILE: file };
    const server = new ServerProcess(port, env, { command, address, imports: [COUNTER] });
    await server.start();
    return new CountedSite(`http://${address}:${port}`, server, file);
  }

  /** How many bytes went in and out of it so far. */
  async bytes(): Promise<number> {
    await delay(SETTLE_MS);
    return Number(await readFile(this.#file, 'utf8'));
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }
}
