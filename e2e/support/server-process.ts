import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START_TIME_LIMIT_MS = 20_000;
const STOP_TIME_LIMIT_MS = 5_000;
const POLL_INTERVAL_MS = 50;

/** How far `leap` moves the clocks of a server: past every lifetime that there is. */
const LEAP_MS = 8 * 24 * 60 * 60 * 1000;
const MOVABLE_CLOCK = new URL('movable-clock.ts', import.meta.url).href;

/** What the server prints when it listens. */
const LISTENING = /^Onehop is at /m;

/** Where a server runs: the command that starts programs there, and the address to listen on. */
export interface ServerPlace {
  readonly command: readonly string[];
  readonly address: string;
  /** modules that are loaded before it, by their URLs */
  readonly imports?: readonly string[];
}

/** This machine, and nobody else on its network. */
const HERE: ServerPlace = { command: [], address: '127.0.0.1' };

/** The real server in a process of its own, as `npm start` runs it after the build. */
export class ServerProcess {
  readonly #env: Readonly<Record<string, string>>;
  readonly #port: number;
  readonly #place: ServerPlace;
  #child: ChildProcess | null = null;
  #output = '';

  /** @param env settings beside PORT and HOST */
  constructor(port: number, env: Readonly<Record<string, string>>, place: ServerPlace = HERE) {
    this.#port = port;
    this.#env = env;
    this.#place = place;
  }

  /** Everything that the server has printed so far. */
  get output(): string {
    return this.#output;
  }

  /**
   * Starts the server and resolves when it says that it listens.
   * @throws Error with the server's output when it ends first or does not say so in time
   */
  async start(): Promise<void> {
    const { command, address, imports = [] } = this.#place;
    const loaded = ['tsx', MOVABLE_CLOCK, ...imports].flatMap((url) => ['--import', url]);
    const run = [process.execPath, '--max-semi-space-size=2', ...loaded, 'dist-server/main.js'];
    const words = [...command, ...run];
    const settings = { ...this.#env, PORT: String(this.#port), HOST: address };
    const child = spawn(words[0] ?? '', words.slice(1), {
      cwd: ROOT,
      env: { ...process.env, CLOCK_STEP_MS: String(LEAP_MS), ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    const before = this.#output.length;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => (this.#output += text));
    }
    const giveUpAt = performance.now() + START_TIME_LIMIT_MS;
    while (!LISTENING.test(this.#output.slice(before))) {
      if (hasEnded(child)) throw this.#failure('ended before it listened');
      if (performance.now() > giveUpAt) {
        await this.kill();
        throw this.#failure(`did not listen within ${START_TIME_LIMIT_MS / 1000} s`);
      }
      await delay(POLL_INTERVAL_MS);
    }
  }

  /** Moves the clocks of the server past every lifetime, as if eight days went by. */
  leap(): void {
    this.#child?.kill('SIGUSR2');
  }

  /** Asks the server to stop, as Ctrl-C does, and kills it when it does not. */
  stop(): Promise<void> {
    return this.#end('SIGINT');
  }

  /** Ends the server at once, as a crash does. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  async #end(signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || hasEnded(child)) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_TIME_LIMIT_MS);
    await ended;
    clearTimeout(killer);
  }

  #failure(what: string): Error {
    return new Error(`The server ${what}. It printed:\n${this.#output}`);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
