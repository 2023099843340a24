import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { type Browser, type Page, launch } from 'puppeteer-core';
import type { PageProblems } from './page-problems.ts';

/** What the tests need of Firefox, beside what puppeteer sets. */
const PREFERENCES = {
  // Addresses of this machine as they are: no multicast DNS may be needed to find them.
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.peerconnection.ice.loopback': true,
  'browser.download.folderList': 2,
  'browser.download.useDownloadDir': true,
  'browser.download.always_ask_before_handling_new_types': false,
  'browser.download.alwaysOpenPanel': false,
};

/** Where a Firefox of the tests gets what it works with. */
export interface FirefoxSetup {
  /** the program */
  readonly executablePath: string;
  /** for downloads */
  readonly folder: string;
  /** is told what its pages complain about */
  readonly problems: PageProblems;
}

/** A Firefox with a new profile, driven over WebDriver BiDi. */
export class Firefox {
  readonly downloads: string;
  readonly #browser: Browser;
  readonly #problems: PageProblems;

  private constructor(browser: Browser, downloads: string, problems: PageProblems) {
    this.#browser = browser;
    this.downloads = downloads;
    this.#problems = problems;
  }

  static async start({ executablePath, folder, problems }: FirefoxSetup): Promise<Firefox> {
    const downloads = await mkdtemp(path.join(folder, 'downloads-'));
    const browser = await launch({
      browser: 'firefox',
      executablePath,
      headless: true,
      extraPrefsFirefox: { ...PREFERENCES, 'browser.download.dir': downloads },
    });
    return new Firefox(browser, downloads, problems);
  }

  async newPage(): Promise<Page> {
    const page = await this.#browser.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') this.#problems.add(`console: ${message.text()}`);
    });
    // A page that asks before it is left is left.
    page.on('dialog', (dialog) => {
      if (dialog.type() === 'beforeunload') dialog.accept().catch(() => {});
    });
    page.on('pageerror', (error) => this.#problems.add(`uncaught: ${String(error)}`));
    return page;
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}
