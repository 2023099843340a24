import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Browser, type BrowserContext, type LaunchOptions, chromium } from 'playwright/test';

const START_TIME_LIMIT_MS = 20_000;
const POLL_INTERVAL_MS = 50;

/**
 * Chromium as a person runs it: started without Playwright's switches, and driven without its focus emulation, so that
 * a tab behind another one is hidden and its timers are slowed.
 */
export class EverydayBrowser {
  readonly context: BrowserContext;
  readonly #downloads: string;
  readonly #browser: Browser;
  readonly #process: ChildProcess;

  private constructor(browser: Browser, process: ChildProcess, downloads: string) {
    const [context] = browser.contexts();
    if (!context) throw new Error('The browser has no default context.');
    this.context = context;
    this.#browser = browser;
    this.#process = process;
    this.#downloads = downloads;
  }

  /**
   * Starts a browser process with a new profile below `folder`.
   * @param options of which only the program and its switches count
   */
  static async start(folder: string, options: LaunchOptions): Promise<EverydayBrowser> {
    const profile = await mkdtemp(path.join(folder, 'profile-'));
    const switches = ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`];
    const child = spawn(
      options.executablePath ?? '',
      [...(options.args ?? []), ...switches, 'about:blank'],
      { stdio: 'ignore' },
    );
    try {
      const port = await debuggingPort(profile);
      const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, {
        noDefaults: true,
        isLocal: true,
      });
      const downloadPath = await mkdtemp(path.join(folder, 'downloads-'));
      const session = await browser.newBrowserCDPSession();
      await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath });
      return new EverydayBrowser(browser, child, downloadPath);
    } catch (error) {
      await end(child);
      throw error;
    }
  }

  /** Where a download will be, under the name that the browser gives it; it is there once it is whole. */
  downloadOf(name: string): string {
    return path.join(this.#downloads, name);
  }

  /** Ends the browser process. */
  async close(): Promise<void> {
    await this.#browser.close();
    await end(this.#process);
  }
}

/** The port that the browser chose: it writes it into its profile. */
async function debuggingPort(profile: string): Promise<string> {
  const giveUpAt = performance.now() + START_TIME_LIMIT_MS;
  while (performance.now() < giveUpAt) {
    const text = await readFile(path.join(profile, 'DevToolsActivePort'), 'utf8').catch(() => '');
    const [port, address] = text.split('\n');
    if (port && address) return port;
    await delay(POLL_INTERVAL_MS);
  }
  throw new Error(`The browser did not start within ${START_TIME_LIMIT_MS / 1000} s.`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
