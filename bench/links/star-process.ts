import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../../e2e/support/run-program.ts';
import { LineProcess } from '../support/line-process.ts';

const SOURCE = fileURLToPath(new URL('star.c', import.meta.url));
const ANSWER_LIMIT_MS = 10_000;

/** The network's program (`star.c`), running. It ends with the process that started it. */
export class StarProcess {
  readonly #process: LineProcess;

  private constructor(process: LineProcess) {
    this.#process = process;
  }

  /**
   * Compiles the program into `folder` and starts it; the devices are there when this resolves.
   * @param hosts as its command line names them
   * @throws Error without root or a C compiler
   */
  static async start(folder: string, hosts: readonly string[]): Promise<StarProcess> {
    const program = path.join(folder, 'star');
    await runProgram('cc', ['-O2', '-o', program, SOURCE]);
    const process = new LineProcess([program, ...hosts]);
    await process.nextLine(ANSWER_LIMIT_MS);
    return new StarProcess(process);
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Changes a direction of a host's line. */
  set(host: string, way: 'up' | 'down', values: Readonly<Record<string, number>>): void {
    const words = Object.entries(values).map(([name, value]) => `${name} ${value}`);
    this.#process.write(`set ${host} ${way} ${words.join(' ')}`);
  }

  /** Resolves to one line of JSON. */
  async counters(): Promise<string> {
    this.#process.write('counters');
    return await this.#process.nextLine(ANSWER_LIMIT_MS);
  }

  async stop(): Promise<void> {
    await this.#process.stop();
  }
}
