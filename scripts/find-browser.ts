import { browserPlaces } from './browser-places.ts';
import type { Machine } from './machine.ts';

/** A browser that ran when it was asked for its version. */
export interface FoundBrowser {
  readonly path: string;
  /** as the browser itself says it, e.g. "Chromium 156.0.8078.79" */
  readonly version: string;
}

/** CHROMIUM_PATH names something that does not run. */
export class ChromiumPathError extends Error {
  override readonly name = 'ChromiumPathError';

  constructor(path: string, output: string) {
    super(
      `CHROMIUM_PATH is set to "${path}", which does not run: ${lastLine(output)}. ` +
        'Set it to a Chrome or Chromium program, or unset it.',
    );
  }
}

const PROOF_TIME_LIMIT_MS = 20_000;

/** chrome.exe knows no --version: there an empty page is opened and closed instead. */
const WINDOWS_PROOF = ['--headless', '--disable-gpu', '--dump-dom', 'about:blank'];

/**
 * Runs the browser at `path` for its version.
 * @returns null when it does not run, e.g. because a system library is missing
 */
export async function proveBrowser(machine: Machine, path: string): Promise<FoundBrowser | null> {
  const result = await runForProof(machine, path);
  return result.ok ? { path, version: result.version } : null;
}

/**
 * The first browser that runs: CHROMIUM_PATH, an installed Chrome or Chromium, Playwright's own.
 * Changes nothing on the machine; `getBrowser` is for that.
 * @returns null when there is none
 * @throws ChromiumPathError when CHROMIUM_PATH is set and does not run
 */
export async function findBrowser(machine: Machine): Promise<FoundBrowser | null> {
  const chosen = machine.env['CHROMIUM_PATH'];
  if (chosen) {
    const result = await runForProof(machine, chosen);
    if (!result.ok) throw new ChromiumPathError(chosen, result.output);
    return { path: chosen, version: result.version };
  }
  for (const path of [...browserPlaces(machine), machine.playwrightBrowser]) {
    const found = machine.exists(path) ? await proveBrowser(machine, path) : null;
    if (found) return found;
  }
  return null;
}

type Proof =
  { readonly ok: true; readonly version: string } | { readonly ok: false; readonly output: string };

async function runForProof(machine: Machine, path: string): Promise<Proof> {
  const { exitCode, output } = await machine.run({
    program: path,
    args: machine.platform === 'win32' ? WINDOWS_PROOF : ['--version'],
    timeLimitMs: PROOF_TIME_LIMIT_MS,
  });
  if (exitCode !== 0) return { ok: false, output };
  if (machine.platform === 'win32') return { ok: true, version: 'Chrome or Chromium' };
  const version = /(?:Google Chrome|Chromium)\b.*? \d+(?:\.\d+)+/.exec(output)?.[0];
  return version
    ? { ok: true, version }
    : { ok: false, output: `it says "${output.trim().split('\n', 1)[0] ?? ''}"` };
}

/** The last line with words on it: what a program that failed had to say. */
export function lastLine(output: string): string {
  return output.trim().split('\n').at(-1)?.trim() || 'it says nothing';
}
