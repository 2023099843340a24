import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The administrator's programs are not on every user's PATH. */
const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
const TIME_LIMIT_MS = 10_000;

/**
 * Runs a program to its end and resolves to what it printed.
 * @throws Error with what it had to say, when it fails, is not there, or takes longer than 10 s
 */
export async function runProgram(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await execute(program, args, {
    env: { ...process.env, PATH },
    timeout: TIME_LIMIT_MS,
  });
  return stdout;
}
