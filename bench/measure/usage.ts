import { readFile, readdir } from 'node:fs/promises';
import type { BrowserContext } from 'playwright/test';
import { MemoryWatch } from '../process-memory.ts';

/** `/proc/PID/stat` counts in these, whatever the kernel's own (proc(5), USER_HZ). */
const TICKS_PER_SECOND = 100;
/** The fields `utime` and `stime`, counted from behind the program's name. */
const USER_FIELD = 11;
const SYSTEM_FIELD = 12;

/** How Chromium calls the threads of workers, as far as the kernel keeps a name. */
const WORKER_THREAD = '(DedicatedWorker';

/** Of all processes of a browser, and of its renderers alone. */
export interface OfBrowser {
  readonly all: number;
  readonly renderers: number;
}

/** What a browser took of its machine during a transfer. */
export interface Usage {
  /** `workers`: of the threads of its pages' workers, which are the renderers' */
  readonly cpuSeconds: OfBrowser & { readonly workers: number };
  /** the most at once, by proportional set size; null where it was not looked at */
  readonly peakBytes: OfBrowser | null;
}

/** Begins to watch the processes of a browser, as the operating system counts. @returns what ends that */
export async function watchUsage(
  context: BrowserContext,
  withMemory: boolean,
): Promise<() => Promise<Usage>> {
  const processes = await processesOf(context);
  const all = processes.map(({ id }) => id);
  const renderers = processes.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  const memory = withMemory
    ? { all: await MemoryWatch.start(all), renderers: await MemoryWatch.start(renderers) }
    : null;
  const count = async (): Promise<Usage['cpuSeconds']> => ({
    all: await sumOf(all, cpuSecondsOf),
    renderers: await sumOf(renderers, cpuSecondsOf),
    workers: await sumOf(renderers, workerSecondsOf),
  });
  const before = await count();
  return async () => {
    const after = await count();
    return {
      cpuSeconds: {
        all: after.all - before.all,
        renderers: after.renderers - before.renderers,
        workers: after.workers - before.workers,
      },
      peakBytes:
        memory === null ? null : { all: peakOf(memory.all), renderers: peakOf(memory.renderers) },
    };
  };
}

function peakOf(watch: MemoryWatch): number {
  return watch.startBytes + watch.stop();
}

async function processesOf(
  context: BrowserContext,
): Promise<readonly { readonly id: number; readonly type: string }[]> {
  const session = await context.browser()?.newBrowserCDPSession();
  if (session === undefined) throw new Error('The context belongs to no browser process.');
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo;
}

async function sumOf(
  pids: readonly number[],
  secondsOf: (pid: number) => Promise<number>,
): Promise<number> {
  const all = await Promise.all(pids.map(secondsOf));
  return all.reduce((sum, seconds) => sum + seconds, 0);
}

async function cpuSecondsOf(pid: number): Promise<number> {
  return readCpuSeconds(await readFile(`/proc/${pid}/stat`, 'utf8'));
}

async function workerSecondsOf(pid: number): Promise<number> {
  const folder = `/proc/${pid}/task`;
  const threads = await readdir(folder);
  // A thread may end in between.
  const stats = threads.map((thread) =>
    readFile(`${folder}/${thread}/stat`, 'utf8').catch(() => ''),
  );
  const ofWorkers = (await Promise.all(stats)).filter((stat) => stat.includes(WORKER_THREAD));
  return ofWorkers.reduce((sum, stat) => sum + readCpuSeconds(stat), 0);
}

/** The processor time in a text of the form of `/proc/PID/stat`, in seconds. */
export function readCpuSeconds(stat: string): number {
  // The program's name may hold anything, but it ends with the last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER_FIELD]) + Number(fields[SYSTEM_FIELD])) / TICKS_PER_SECOND;
}
