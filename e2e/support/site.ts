import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type CountingProxy, type Way, startCountingProxy } from './counting-proxy.ts';
import { freePort } from './free-port.ts';
import { ServerProcess } from './server-process.ts';
import type { Traffic } from './traffic.ts';

/** Onehop as a user reaches it: the real server, behind a proxy that counts. */
export class Site {
  readonly #proxy: CountingProxy;
  readonly #server: ServerProcess;
  readonly #dataFolder: string;

  private constructor(proxy: CountingProxy, server: ServerProcess, dataFolder: string) {
    this.#proxy = proxy;
    this.#server = server;
    this.#dataFolder = dataFolder;
  }

  /**
   * Starts a server of its own on a free port, with its data in a folder of its own.
   * @param env settings, as in the README's table
   */
  static async start(env: Readonly<Record<string, string>> = {}): Promise<Site> {
    const port = await freePort();
    const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'onehop-data-'));
    const server = new ServerProcess(port, { ...env, DATA_DIR: dataFolder });
    await server.start();
    return new Site(await startCountingProxy(port), server, dataFolder);
  }

  /** The address of the page, without a slash at its end. Everything that goes there is counted. */
  get url(): string {
    return `http://127.0.0.1:${this.#proxy.port}`;
  }

  get port(): number {
    return this.#proxy.port;
  }

  /** What passed between browsers and the server so far, over all its restarts. */
  get traffic(): Traffic {
    return this.#proxy.traffic;
  }

  /** Lets so many bytes more pass up to the server, or down from it, and then no more of files until `release`. */
  hold(way: Way, bytes: number): void {
    this.#proxy.hold(way, bytes);
  }

  /** Lets everything pass again. */
  release(): void {
    this.#proxy.release();
  }

  /** Where the server keeps its data. */
  get dataFolder(): string {
    return this.#dataFolder;
  }

  /** Everything that the server has printed so far. */
  get output(): string {
    return this.#server.output;
  }

  /** Makes the server believe that eight days went by: more than any lifetime. */
  leap(): void {
    this.#server.leap();
  }

  /** Ends the server as a crash does; the address stays. */
  kill(): Promise<void> {
    return this.#server.kill();
  }

  /** Starts a server that was ended again, at the same address. */
  start(): Promise<void> {
    return this.#server.start();
  }

  /** Stops the server and starts it again at the same address. */
  async restart(): Promise<void> {
    await this.#server.stop();
    await this.#server.start();
  }

  /** Stops the server and removes its data. */
  async stop(): Promise<void> {
    await this.#server.stop();
    await this.#proxy.close();
    await rm(this.#dataFolder, { recursive: true, force: true });
  }
}
