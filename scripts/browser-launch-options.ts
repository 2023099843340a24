import { findBrowser } from './find-browser.ts';
import { thisMachine } from './machine.ts';

/** How every test starts its browser. */
export interface BrowserLaunchOptions {
  readonly headless: true;
  readonly executablePath: string;
  readonly args: string[];
}

const ARGS = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Without a graphics card, Chromium has one played by a process that takes a tenth of the time of a small test.
  '--disable-gpu',
  '--disable-software-rasterizer',
];

/** The switches for a browser under test. Chromium's sandbox does not start as root. */
export function browserArgs(isRoot: boolean): string[] {
  return isRoot ? ['--no-sandbox', ...ARGS] : [...ARGS];
}

/**
 * The launch options shared by Vitest's browser project and Playwright, with the browser that `findBrowser` finds.
 * Without one the path is Playwright's own, so that the first launch fails and says what is missing.
 * @throws ChromiumPathError when CHROMIUM_PATH is set and does not run
 */
export async function browserLaunchOptions(): Promise<BrowserLaunchOptions> {
  const machine = thisMachine();
  const browser = await findBrowser(machine);
  return {
    headless: true,
    executablePath: browser?.path ?? machine.playwrightBrowser,
    args: browserArgs(machine.isRoot),
  };
}
