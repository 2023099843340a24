import { createRequire } from 'node:module';
import path from 'node:path';
import { type FoundBrowser, findBrowser, lastLine, proveBrowser } from './find-browser.ts';
import { installPackage } from './install-package.ts';
import type { Machine } from './machine.ts';

/** What was done to have a browser. */
export interface BrowserReport {
  readonly browser: FoundBrowser;
  readonly origin: 'found' | 'downloaded' | 'installed';
}

/** There is no browser, and no way to get one. */
export class NoBrowserError extends Error {
  override readonly name = 'NoBrowserError';

  constructor(reasons: readonly string[]) {
    super(
      [
        'There is no Chrome or Chromium on this machine, and none could be had:',
        ...reasons.map((reason) => `  - ${reason}`),
        'The tests in a real browser are never skipped. Install Google Chrome or Chromium, or set',
        'CHROMIUM_PATH to one, and run the command again.',
      ].join('\n'),
    );
  }
}

type Attempt =
  | { readonly ok: true; readonly report: BrowserReport }
  | { readonly ok: false; readonly reason: string };

const CONNECTION_TIME_LIMIT_MS = 6_000;
const DOWNLOAD_TIME_LIMIT_MS = 5 * 60_000;

/**
 * Finds a browser, or gets one: Playwright's own download, else, as root where there is apt-get,
 * the package `chromium`.
 * @throws ChromiumPathError when CHROMIUM_PATH is set and does not run
 * @throws NoBrowserError when there is no way left
 */
export async function getBrowser(machine: Machine): Promise<BrowserReport> {
  const browser = await findBrowser(machine);
  if (browser) return { browser, origin: 'found' };
  const reasons: string[] = [];
  for (const attempt of [downloadBrowser, installChromium]) {
    const outcome = await attempt(machine);
    if (outcome.ok) return outcome.report;
    reasons.push(outcome.reason);
  }
  throw new NoBrowserError(reasons);
}

async function downloadBrowser(machine: Machine): Promise<Attempt> {
  const playwright = createRequire(import.meta.url).resolve('playwright/package.json');
  const { exitCode, output } = await machine.run({
    program: process.execPath,
    args: [path.join(path.dirname(playwright), 'cli.js'), 'install', '--no-shell', 'chromium'],
    timeLimitMs: DOWNLOAD_TIME_LIMIT_MS,
    env: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: String(CONNECTION_TIME_LIMIT_MS) },
  });
  if (exitCode !== 0) {
    const cause = /^Error: (?!Failed to download).*$/m.exec(output)?.[0] ?? lastLine(output);
    return { ok: false, reason: `Playwright's download failed: ${cause}` };
  }
  const browser = await proveBrowser(machine, machine.playwrightBrowser);
  if (!browser) {
    return { ok: false, reason: "Playwright's browser was downloaded, but does not run here" };
  }
  return { ok: true, report: { browser, origin: 'downloaded' } };
}

async function installChromium(machine: Machine): Promise<Attempt> {
  const refusal = await installPackage(machine, 'chromium');
  if (refusal !== null) return { ok: false, reason: refusal };
  const browser = await findBrowser(machine);
  if (!browser) {
    return {
      ok: false,
      reason: 'apt-get installed the package chromium, but it does not run here',
    };
  }
  return { ok: true, report: { browser, origin: 'installed' } };
}
