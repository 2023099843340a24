import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright';

/** How a program ended. */
export interface ProgramResult {
  /** null when it could not be started, was killed, or ran out of time */
  readonly exitCode: number | null;
  /** standard output and standard error, in the order of arrival */
  readonly output: string;
}

/** One program run. */
export interface ProgramCall {
  readonly program: string;
  readonly args: readonly string[];
  /** after this the program and everything it started is killed */
  readonly timeLimitMs: number;
  /** added to this process's own environment */
  readonly env?: Readonly<Record<string, string>>;
}

/** What the search for a browser needs to know about a machine, and may do to it. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
  /** where Playwright keeps its own Chromium, whether it is there or not */
  readonly playwrightBrowser: string;
  exists(path: string): boolean;
  run(call: ProgramCall): Promise<ProgramResult>;
}

const MAX_OUTPUT_LENGTH = 64 * 1024;

/** Runs a program to its end, or to its time limit. Never rejects. */
function run({ program, args, timeLimitMs, env }: ProgramCall): Promise<ProgramResult> {
  const ownGroup = process.platform !== 'win32';
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: ownGroup,
      windowsHide: true,
    });
    let output = '';
    const append = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-MAX_OUTPUT_LENGTH);
    };
    const kill = (): void => {
      if (child.pid === undefined) return;
      try {
        // The negative id is the whole process group: an installer's download runs in a child of its own.
        process.kill(ownGroup ? -child.pid : child.pid, 'SIGKILL');
      } catch {
        // It ended by itself in the same moment.
      }
    };
    const stopWithParent = (): void => {
      kill();
      process.exit(130);
    };
    const timer = setTimeout(kill, timeLimitMs);
    const finish = (exitCode: number | null): void => {
      clearTimeout(timer);
      process.off('SIGINT', stopWithParent);
      resolve({ exitCode, output });
    };
    process.once('SIGINT', stopWithParent);
    child.stdout.on('data', append);
    child.stderr.on('data', append);
    child.once('error', (error) => {
      output += error.message;
      finish(null);
    });
    child.once('close', finish);
  });
}

/** The machine that this process runs on. */
export function thisMachine(): Machine {
  return {
    platform: process.platform,
    env: process.env,
    isRoot: process.getuid?.() === 0,
    playwrightBrowser: chromium.executablePath(),
    exists: existsSync,
    run,
  };
}
