import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Interface, createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** A program that is spoken with by lines. Its complaints go where ours go. */
export class LineProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #reader: Interface;
  readonly #lines: string[] = [];

  /** Starts it. @param words the command and its arguments */
  constructor(words: readonly string[], cwd?: string) {
    const [program = '', ...rest] = words;
    this.#child = spawn(program, rest, { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#reader = createInterface({ input: this.#child.stdout });
    this.#reader.on('line', (line) => this.#lines.push(line));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  write(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /**
   * The next line that it prints.
   * @throws Error when none comes in time, or the program ends
   */
  async nextLine(limitMs: number): Promise<string> {
    const line = this.#lines.shift();
    if (line !== undefined) return line;
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(limitMs)]);
    const heard = once(this.#reader, 'line', { signal });
    const ended = once(this.#reader, 'close', { signal });
    try {
      await Promise.race([heard, ended]);
    } catch (error) {
      throw new Error(`A program did not answer within ${limitMs / 1000} s.`, { cause: error });
    } finally {
      stop.abort();
      // The loser of the race is rejected by that.
      await Promise.allSettled([heard, ended]);
    }
    const next = this.#lines.shift();
    if (next === undefined) throw new Error('A program has ended before it answered.');
    return next;
  }

  /** Ends its input, which asks it to end. */
  async stop(): Promise<void> {
    await this.#end(() => this.#child.stdin.end());
  }

  async kill(): Promise<void> {
    await this.#end(() => this.#child.kill('SIGKILL'));
  }

  async #end(how: () => void): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    how();
    await ended;
  }
}
