import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import type { Firefox } from './firefox.ts';
import type { SavedFile } from './receiving-page.ts';

const TIME_LIMIT_MS = 10_000;
const POLL_INTERVAL_MS = 100;

/** What both pages have, by accessible names, as a puppeteer page. */
class FirefoxPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async reload(): Promise<void> {
    await this.page.reload();
  }

  async expectState(state: RegExp, timeout = TIME_LIMIT_MS): Promise<void> {
    await this.#until(`its state to match ${state}`, timeout, async () => {
      const now = await this.page.evaluate(() => document.querySelector('main')?.dataset['state']);
      return now !== undefined && state.test(now);
    });
  }

  async expectText(text: RegExp, timeout = TIME_LIMIT_MS): Promise<void> {
    await this.#until(`the text ${text}`, timeout, async () =>
      text.test(await this.page.evaluate(() => document.querySelector('main')?.textContent ?? '')),
    );
  }

  /** Waits until some of the transfer is done, but not all. */
  async expectMidway(): Promise<void> {
    await this.#until('some of the transfer', TIME_LIMIT_MS, async () => {
      const fraction = await this.#fraction();
      if (fraction >= 1) throw new Error('The file is too small: it has arrived already.');
      return fraction > 0;
    });
  }

  protected async press(name: string): Promise<void> {
    const quoted = JSON.stringify(name);
    const button = await this.page.waitForSelector(
      `xpath/.//button[not(@disabled) and (@aria-label=${quoted} or normalize-space()=${quoted})]`,
      { timeout: TIME_LIMIT_MS },
    );
    await button?.click();
  }

  /** Chooses one of several, by its name. */
  protected async check(name: string): Promise<void> {
    const radio = await this.page.waitForSelector(
      `xpath/.//input[@type="radio" and @aria-label=${JSON.stringify(name)}]`,
      { timeout: TIME_LIMIT_MS },
    );
    await radio?.click();
  }

  /** Chooses paths with the file input of this label. */
  protected async chooseWith(label: string, paths: readonly string[]): Promise<void> {
    const quoted = JSON.stringify(label);
    const input = await this.page.waitForSelector(
      `xpath/.//input[@type="file" and (@aria-label=${quoted} or ancestor::label[contains(., ${quoted})] or @id=//label[contains(., ${quoted})]/@for)]`,
      { timeout: TIME_LIMIT_MS },
    );
    if (!input) throw new Error(`There is no file input ${label}.`);
    const file = await input.toElement('input');
    await file.uploadFile(...paths);
  }

  async #fraction(): Promise<number> {
    return await this.page.evaluate(() => document.querySelector('progress')?.position ?? 0);
  }

  async #until(what: string, timeout: number, holds: () => Promise<boolean>): Promise<void> {
    const giveUpAt = performance.now() + timeout;
    while (!(await holds())) {
      if (performance.now() > giveUpAt) {
        const text = await this.page.evaluate(() => document.querySelector('main')?.innerText);
        throw new Error(`Waited ${timeout / 1000} s for ${what}. The page says:\n${text}`);
      }
      await delay(POLL_INTERVAL_MS);
    }
  }
}

/** The sending page in Firefox. */
export class FirefoxSendingPage extends FirefoxPage {
  readonly #siteUrl: string;

  constructor(page: Page, siteUrl: string) {
    super(page);
    this.#siteUrl = siteUrl;
  }

  /** Opens the page and chooses files, which are to go directly. Resolves to the link of the share. */
  async share(...paths: readonly string[]): Promise<string> {
    await this.page.goto(`${this.#siteUrl}/`);
    await this.check('Directly');
    await this.choose(...paths);
    return await this.link();
  }

  /** Chooses files as with the file picker. */
  async choose(...paths: readonly string[]): Promise<void> {
    await this.chooseWith('Choose files', paths);
  }

  /** The link of the share, as soon as there is one. */
  async link(): Promise<string> {
    await this.expectState(/^sharing$/);
    return await this.page.evaluate(
      () =>
        [...document.querySelectorAll('input')].find(({ value }) => /#./.test(value))?.value ?? '',
    );
  }
}

/** The receiving page in Firefox. */
export class FirefoxReceivingPage extends FirefoxPage {
  readonly #firefox: Firefox;

  constructor(page: Page, firefox: Firefox) {
    super(page);
    this.#firefox = firefox;
  }

  async open(link: string): Promise<void> {
    await this.page.goto(link);
  }

  async expectOffered(): Promise<void> {
    await this.expectState(/^offered$/);
  }

  async receive(): Promise<void> {
    await this.press('Receive');
  }

  /** @param timeout how long the transfer may take, in milliseconds */
  async expectDone(timeout = 120_000): Promise<void> {
    await this.expectState(/^(?:done|failed|incomplete)$/, timeout);
    await this.expectText(/Received and verified/);
  }

  /** Saves a file of a finished transfer through the browser's own download. */
  async save(name: string): Promise<SavedFile> {
    await this.press(`Save ${name}`);
    return await this.#download();
  }

  async saveAll(): Promise<SavedFile> {
    await this.press('Save all as ZIP');
    return await this.#download();
  }

  /** Waits until the one download is whole: Firefox keeps it under another name beside an empty file until then. */
  async #download(): Promise<SavedFile> {
    const { downloads } = this.#firefox;
    const giveUpAt = performance.now() + TIME_LIMIT_MS;
    while (performance.now() < giveUpAt) {
      const names = await readdir(downloads);
      const [name] = names;
      const file = path.join(downloads, name ?? '');
      if (name !== undefined && names.length === 1 && (await stat(file)).size > 0) {
        return { name, path: file };
      }
      await delay(POLL_INTERVAL_MS);
    }
    throw new Error(`Firefox has saved nothing within ${TIME_LIMIT_MS / 1000} s.`);
  }
}
