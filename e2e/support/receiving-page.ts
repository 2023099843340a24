import { type Locator, type Page, expect } from 'playwright/test';

/** A file as the browser's download saved it. */
export interface SavedFile {
  /** the name that the browser gave it */
  readonly name: string;
  readonly path: string;
}

/** The receiving page, by its accessible names only. */
export class ReceivingPage {
  readonly page: Page;
  readonly main: Locator;
  readonly alert: Locator;
  readonly status: Locator;
  readonly progress: Locator;
  readonly filesOffered: Locator;

  constructor(page: Page) {
    this.page = page;
    this.main = page.getByRole('main');
    this.alert = page.getByRole('alert');
    this.status = page.getByRole('status');
    this.progress = page.getByRole('progressbar', { name: 'Progress' });
    this.filesOffered = page.getByRole('list', { name: 'Files offered' }).getByRole('listitem');
  }

  async open(link: string): Promise<void> {
    await this.page.goto(link);
  }

  /** Waits until the sender's files are listed. */
  async expectOffered(): Promise<void> {
    await expect(this.main).toHaveAttribute('data-state', 'offered');
  }

  async receive(): Promise<void> {
    await this.page.getByRole('button', { name: 'Receive', exact: true }).click();
  }

  async cancel(): Promise<void> {
    await this.page.getByRole('button', { name: 'Cancel', exact: true }).click();
  }

  /** Waits until some, but not all, has arrived. */
  async expectMidway(): Promise<void> {
    const fraction = () => this.progress.evaluate(progressFraction);
    await expect.poll(fraction, { intervals: [50] }).toBeGreaterThan(0);
    expect(await fraction(), 'the file is too small: it has arrived already').toBeLessThan(1);
  }

  /** @param timeout how long the transfer may take, in milliseconds */
  async expectDone(timeout = 120_000): Promise<void> {
    await expect(this.main).toHaveAttribute('data-state', /^(?:done|failed)$/, { timeout });
    const failures = await this.alert.evaluateAll((alerts) =>
      alerts.map((alert) => alert.getAttribute('data-code')),
    );
    expect(failures, 'the error codes on the receiving page').toEqual([]);
    await expect(this.status).toHaveText(/Received and verified$/);
  }

  /** Waits for an error of this code. */
  async expectFailure(code: string | RegExp, timeout = 10_000): Promise<void> {
    await expect(this.alert).toHaveAttribute('data-code', code, { timeout });
    await expect(this.main).toHaveAttribute('data-state', 'failed');
  }

  /** Saves a file of a finished transfer through the browser's own download. */
  async save(name: string): Promise<SavedFile> {
    const downloading = this.page.waitForEvent('download');
    await this.page.getByRole('button', { name: `Save ${name}`, exact: true }).click();
    const download = await downloading;
    return { name: download.suggestedFilename(), path: await download.path() };
  }
}

/** How far a progress bar is, from 0 to 1, whether it is the native element or a role. Runs in the page. */
function progressFraction(bar: Element): number {
  if (bar instanceof HTMLProgressElement) return bar.value / bar.max;
  const attribute = (name: string): number => Number(bar.getAttribute(name) ?? Number.NaN);
  return attribute('aria-valuenow') / attribute('aria-valuemax');
}
