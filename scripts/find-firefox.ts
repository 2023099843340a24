import { type FoundBrowser, lastLine } from './find-browser.ts';
import { installPackage } from './install-package.ts';
import type { Machine } from './machine.ts';
import { pathFolders } from './browser-places.ts';

/** FIREFOX_PATH names something that does not run. */
export class FirefoxPathError extends Error {
  override readonly name = 'FirefoxPathError';

  constructor(path: string, output: string) {
    super(
      `FIREFOX_PATH is set to "${path}", which does not run: ${lastLine(output)}. ` +
        'Set it to a Firefox program, or unset it.',
    );
  }
}

/** What was done to have a Firefox, or why there is none. */
export type FirefoxReport =
  | { readonly type: 'found' | 'installed'; readonly firefox: FoundBrowser }
  | { readonly type: 'missing'; readonly reason: string };

const PROGRAM_NAMES = ['firefox', 'firefox-esr'];
const MAC_APPLICATION = 'Firefox.app/Contents/MacOS/firefox';
const WINDOWS_PROGRAM = 'Mozilla Firefox\\firefox.exe';
const PROOF_TIME_LIMIT_MS = 20_000;
const PACKAGE = 'firefox-esr';

/**
 * The first Firefox that runs: FIREFOX_PATH, an installed one. Changes nothing on the machine; `getFirefox` is for that.
 * @returns null when there is none
 * @throws FirefoxPathError when FIREFOX_PATH is set and does not run
 */
export async function findFirefox(machine: Machine): Promise<FoundBrowser | null> {
  const chosen = machine.env['FIREFOX_PATH'];
  if (chosen) {
    const proof = await prove(machine, chosen);
    if (typeof proof === 'string') throw new FirefoxPathError(chosen, proof);
    return proof;
  }
  for (const path of firefoxPlaces(machine)) {
    const proof = machine.exists(path) ? await prove(machine, path) : '';
    if (typeof proof !== 'string') return proof;
  }
  return null;
}

/**
 * Finds a Firefox, or gets one: as root where there is apt-get, the package `firefox-esr`.
 * @throws FirefoxPathError when FIREFOX_PATH is set and does not run
 */
export async function getFirefox(machine: Machine): Promise<FirefoxReport> {
  const firefox = await findFirefox(machine);
  if (firefox) return { type: 'found', firefox };
  const refusal = await installPackage(machine, PACKAGE);
  if (refusal !== null) return { type: 'missing', reason: refusal };
  const installed = await findFirefox(machine);
  if (installed) return { type: 'installed', firefox: installed };
  const reason = `apt-get installed the package ${PACKAGE}, but it does not run here`;
  return { type: 'missing', reason };
}

function firefoxPlaces({ platform, env }: Machine): readonly string[] {
  const folders = pathFolders({ platform, env });
  if (platform === 'win32') {
    const roots = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']];
    return roots.filter((root) => root !== undefined).map((root) => `${root}\\${WINDOWS_PROGRAM}`);
  }
  const applications = platform === 'darwin' ? [`/Applications/${MAC_APPLICATION}`] : [];
  const onPath = PROGRAM_NAMES.flatMap((name) => folders.map((folder) => `${folder}/${name}`));
  return [...onPath, ...applications];
}

/** Runs the program for its version. Resolves to what it said when it is no Firefox that runs. */
async function prove(machine: Machine, path: string): Promise<FoundBrowser | string> {
  const { exitCode, output } = await machine.run({
    program: path,
    args: ['--version'],
    timeLimitMs: PROOF_TIME_LIMIT_MS,
  });
  const version = /Mozilla Firefox \d+(?:\.\w+)+/.exec(output)?.[0];
  return exitCode === 0 && version !== undefined ? { path, version } : output;
}
