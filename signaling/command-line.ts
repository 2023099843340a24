import { StartupError } from './startup-error.ts';

export const HELP = `Onehop: sends files from one browser to another.

Usage: npm start [-- OPTION]

  --https   serve over https, with a certificate made for this machine or with TLS_CERT and TLS_KEY
  --help    show this

Settings come from environment variables, PORT and HOST among them; the README lists them all.`;

const OPTIONS: ReadonlySet<string> = new Set(['--https', '--help']);

/** What the server was started with. */
export interface CommandLine {
  readonly https: boolean;
  readonly help: boolean;
}

/** @throws StartupError for the first argument that is not an option */
export function readCommandLine(args: readonly string[]): CommandLine {
  const unknown = args.find((arg) => !OPTIONS.has(arg));
  if (unknown !== undefined) {
    throw new StartupError(`Unknown option ${JSON.stringify(unknown)}. --help lists the options.`);
  }
  return { https: args.includes('--https'), help: args.includes('--help') };
}
