import type { Locator, Page } from 'playwright/test';

/** The page without a share: what this browser keeps of earlier visits. */
export class HomePage {
  readonly page: Page;
  readonly downloads: Locator;
  readonly shares: Locator;
  readonly #siteUrl: string;

  constructor(page: Page, siteUrl: string) {
    this.page = page;
    this.#siteUrl = siteUrl;
    const list = (name: string): Locator => page.getByRole('list', { name }).getByRole('listitem');
    this.downloads = list('Downloads to finish');
    this.shares = list('Interrupted shares');
  }

  async open(): Promise<void> {
    await this.page.goto(`${this.#siteUrl}/`);
  }

  /** Presses the button of a download or of a share, by the name of its first file. */
  async press(button: 'Resume' | 'Open' | 'Continue' | 'Delete', name: string): Promise<void> {
    await this.page.getByRole('button', { name: `${button} ${name}`, exact: true }).click();
  }
}
