import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const projectFolder = fileURLToPath(new URL('../..', import.meta.url));

/** What Node is told to run: the server as it is written, or as `npm start` runs it after the build. */
const PROGRAMS = {
  written: ['--import', 'tsx', 'signaling/main.ts'],
  built: ['--max-semi-space-size=2', '--enable-source-maps', 'dist-server/main.js'],
} as const;

/** A server in a process of its own, on a free port. */
export interface ServerProcess {
  readonly url: string;
  /** The most memory that it had at once, in bytes (Linux). */
  peakMemory(): Promise<number>;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
}

/**
 * Starts the server with this folder of pages and this DATA_DIR.
 * @param settings besides, as in the README's table
 * @throws Error where it does not come to listen
 */
export async function startServerProcess(
  site: string,
  data: string,
  settings: Readonly<Record<string, string>> = {},
  program: keyof typeof PROGRAMS = 'written',
): Promise<ServerProcess> {
  const child = spawn(process.execPath, PROGRAMS[program], {
    cwd: projectFolder,
    env: {
      ...settings,
      PATH: '/usr/bin',
      PORT: '0',
      HOST: '127.0.0.1',
      SITE_DIR: site,
      DATA_DIR: data,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += String(chunk);
    if (/^Onehop is at \S+\n/.test(printed)) break;
  }
  const url = /at (\S+)/.exec(printed)?.[1];
  if (url === undefined) {
    child.kill('SIGKILL');
    throw new Error('The server did not come to listen.');
  }
  return {
    url,
    async peakMemory() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
