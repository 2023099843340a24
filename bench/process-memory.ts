import { readFile } from 'node:fs/promises';

/** How often memory is looked at, in milliseconds. */
const SAMPLE_MS = 500;

/** Watches the proportional set size (Linux, `/proc/PID/smaps_rollup`) of processes from now until it is stopped. */
export class MemoryWatch {
  readonly #pids: readonly number[];
  readonly #timer: ReturnType<typeof setInterval>;
  readonly startBytes: number;
  peakBytes: number;

  private constructor(pids: readonly number[], startBytes: number) {
    this.#pids = pids;
    this.startBytes = startBytes;
    this.peakBytes = startBytes;
    this.#timer = setInterval(() => void this.#sample(), SAMPLE_MS);
  }

  static async start(pids: readonly number[]): Promise<MemoryWatch> {
    return new MemoryWatch(pids, await sumMemory(pids));
  }

  /** @returns the most that the processes had above what they had at the start, in bytes */
  stop(): number {
    clearInterval(this.#timer);
    return this.peakBytes - this.startBytes;
  }

  async #sample(): Promise<void> {
    this.peakBytes = Math.max(this.peakBytes, await sumMemory(this.#pids));
  }
}

async function sumMemory(pids: readonly number[]): Promise<number> {
  const all = await Promise.all(pids.map((pid) => memoryOf(pid)));
  return all.reduce((sum, one) => sum + one, 0);
}

/** 0 for a process that has ended. */
async function memoryOf(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) * 1024;
}
