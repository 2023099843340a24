import { describeError, type Log } from './log.ts';
import { StartupError } from './startup-error.ts';

/** Writes lines for the operator. */
export function say(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** The log of a server that runs in a terminal or under a service manager, which adds the time. */
export const terminalLog: Log = {
  info: (line) => say([line]),
  error: (line) => {
    process.stderr.write(`${line}\n`);
  },
};

/** Runs a program; when it cannot start, one line says why and the exit code is 1. */
export async function runProgram(program: () => Promise<void>): Promise<void> {
  try {
    await program();
  } catch (thrown) {
    const why =
      thrown instanceof StartupError
        ? thrown.message
        : `Onehop cannot start: ${describeError(thrown)}`;
    terminalLog.error(why);
    process.exitCode = 1;
  }
}
