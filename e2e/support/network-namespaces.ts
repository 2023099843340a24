import { runProgram } from './run-program.ts';

const PREFIX = 'onehop-lab';

/** The name of a namespace; it tells the process that made it, so that a later one can see whether that is gone. */
export function namespaceName(process: number, lab: number, host: string): string {
  return `${PREFIX}-${process}-${lab}-${host}`;
}

/** Calls ip(8) with these words. */
export async function ip(...words: readonly (string | number)[]): Promise<string> {
  return await runProgram('ip', words.map(String));
}

/** Ends every process in a namespace and removes it, with its links. One that does not exist is no error. */
export async function removeNamespace(name: string): Promise<void> {
  const pids = await ip('netns', 'pids', name).catch(() => '');
  for (const pid of pids.split('\n').filter(Boolean).map(Number)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in the same moment.
    }
  }
  await ip('netns', 'del', name).catch(() => undefined);
}

/** Removes the namespaces of test runs that were killed: of processes that are no more. */
export async function removeLeftovers(): Promise<void> {
  for (const name of await listNamespaces()) {
    const owner = new RegExp(`^${PREFIX}-(\\d+)-`).exec(name)?.[1];
    if (owner !== undefined && !isRunning(Number(owner))) await removeNamespace(name);
  }
}

/** The names of all namespaces on this machine. */
export async function listNamespaces(): Promise<readonly string[]> {
  const lines = (await ip('netns', 'list')).split('\n');
  return lines.map((line) => line.split(' ', 1)[0] ?? '').filter(Boolean);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
