import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const GIB = 1024 ** 3;

/** On what, and when, something was measured. */
export interface Machine {
  readonly processor: string;
  readonly processors: number;
  readonly memoryGib: number;
  readonly kernel: string;
  readonly browser: string;
  readonly node: string;
  /** by which TCP decides how much to send */
  readonly congestionControl: string;
  /** of the project; with a plus sign where its files were changed since */
  readonly commit: string;
  /** ISO 8601 */
  readonly date: string;
}

/** Describes this machine. @param browserPath the browser that is measured @param root the project's folder */
export async function describeMachine(browserPath: string, root: string): Promise<Machine> {
  const control = '/proc/sys/net/ipv4/tcp_congestion_control';
  const changes = await say('git', ['-C', root, 'status', '--porcelain', '-uno']);
  const commit = await say('git', ['-C', root, 'rev-parse', '--short', 'HEAD']);
  return {
    processor: os.cpus()[0]?.model.trim() ?? 'unknown',
    processors: os.cpus().length,
    memoryGib: Math.round(os.totalmem() / GIB),
    kernel: `${os.type()} ${os.release()}`,
    browser: await say(browserPath, ['--version']),
    node: process.version,
    congestionControl: (await readFile(control, 'utf8').catch(() => 'unknown')).trim(),
    commit: changes === '' ? commit : `${commit}+`,
    date: new Date().toISOString(),
  };
}

/** What a program prints; `unknown` where it does not run. */
async function say(program: string, words: readonly string[]): Promise<string> {
  try {
    return (await execute(program, words)).stdout.trim();
  } catch {
    return 'unknown';
  }
}
