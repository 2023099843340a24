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
  /** the picture of the speed over time */
  readonly speedChart: Locator;

  constructor(page: Page) {
    this.page = page;
    this.main = page.getByRole('main');
    this.alert = page.getByRole('alert');
    this.status = page.getByRole('status');
    this.progress = page.getByRole('progressbar', { name: 'Progress' });
    this.filesOffered = page.getByRole('list', { name: 'Files offered' }).getByRole('listitem');
    this.speedChart = page.getByRole('img', { name: /^Speed over time: / });
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

  async pause(): Promise<void> {
    await this.page.getByRole('button', { name: 'Pause', exact: true }).click();
  }

  async resume(): Promise<void> {
    await this.page.getByRole('button', { name: 'Resume', exact: true }).click();
  }

  /** Opens Details, or closes them. */
  async pressDetails(): Promise<void> {
    await this.page.getByRole('button', { name: 'Details', exact: true }).click();
  }

  /** Presses Cancel and, where some has arrived, gives this answer to what becomes of it. */
  async cancel(answer?: 'Keep it' | 'Delete it' | 'Go on'): Promise<void> {
    await this.page.getByRole('button', { name: 'Cancel', exact: true }).click();
    if (answer === undefined) return;
    const dialog = this.page.getByRole('dialog', { name: 'Keep what has arrived?' });
    await dialog.getByRole('button', { name: answer }).click();
    await expect(dialog).toBeHidden();
  }

  /** Marks a file, by its path, to be received or to be left out. */
  async select(path: string, included: boolean): Promise<void> {
    await this.page.getByRole('checkbox', { name: path, exact: true }).setChecked(included);
  }

  /** How much has arrived, from 0 to 1. */
  fraction(): Promise<number> {
    return this.progress.evaluate(progressFraction);
  }

  /** Waits until some, but not all, has arrived. */
  async expectMidway(): Promise<void> {
    await this.expectMoreThan(0);
    expect(await this.fraction(), 'the file is too small: it has arrived already').toBeLessThan(1);
  }

  /** Waits until more than this fraction has arrived, or everything. */
  async expectMoreThan(fraction: number, timeout = 10_000): Promise<void> {
    const isDone = (): Promise<boolean> => this.status.getByText('verified').isVisible();
    const now = async (): Promise<number> => ((await isDone()) ? 1 : await this.fraction());
    await expect.poll(now, { intervals: [50], timeout }).toBeGreaterThan(fraction);
  }

  /**
   * Waits for the end of the transfer: a failure that passes by itself, as when the sender is gone, is none.
   * @param timeout how long the transfer may take, in milliseconds
   */
  async expectDone(timeout = 120_000): Promise<void> {
    const settled = this.main.filter({ hasNotText: 'Goes on by itself as soon as it can' });
    const ended = /^(?:done|incomplete|failed)$/;
    await expect(settled).toHaveAttribute('data-state', ended, { timeout });
    const failures = await this.alert.evaluateAll((alerts) =>
      alerts.map((alert) => alert.getAttribute('data-code')),
    );
    expect(failures, 'the error codes on the receiving page').toEqual([]);
    await expect(this.status).toHaveText(/Received and verified$/);
  }

  /** Waits until everything has arrived but for files that could not be had. */
  async expectIncomplete(timeout = 60_000): Promise<void> {
    await expect(this.main).toHaveAttribute('data-state', 'incomplete', { timeout });
  }

  /** Waits for an error of this code. */
  async expectFailure(code: string | RegExp, timeout = 10_000): Promise<void> {
    await expect(this.alert).toHaveAttribute('data-code', code, { timeout });
    await expect(this.main).toHaveAttribute('data-state', 'failed');
  }

  /** Saves a file of a finished transfer through the browser's own download. */
  save(name: string): Promise<SavedFile> {
    return this.#download(`Save ${name}`);
  }

  /** Saves everything as a ZIP archive through the browser's own download. */
  saveAll(): Promise<SavedFile> {
    return this.#download('Save all as ZIP');
  }

  async #download(button: string): Promise<SavedFile> {
    const downloading = this.page.waitForEvent('download', { timeout: 60_000 });
    await this.page.getByRole('button', { name: button, exact: true }).click();
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
