import { type Locator, type Page, expect } from 'playwright/test';

/** The sending page, by its accessible names only. */
export class SendingPage {
  readonly page: Page;
  readonly main: Locator;
  readonly alert: Locator;
  readonly filesToSend: Locator;
  readonly shareLink: Locator;
  readonly receivers: Locator;
  readonly #siteUrl: string;

  constructor(page: Page, siteUrl: string) {
    this.page = page;
    this.#siteUrl = siteUrl;
    this.main = page.getByRole('main');
    this.alert = page.getByRole('alert');
    this.filesToSend = page.getByRole('list', { name: 'Files to send' }).getByRole('listitem');
    this.shareLink = page.getByRole('textbox', { name: 'Share link' });
    this.receivers = page.getByRole('list', { name: 'Receivers' }).getByRole('listitem');
  }

  async open(): Promise<void> {
    await this.page.goto(`${this.#siteUrl}/`);
  }

  /** Chooses files as with the file picker, and waits for the share. Resolves to its link. */
  async choose(...paths: readonly string[]): Promise<string> {
    await this.page.getByLabel('Choose files').setInputFiles([...paths]);
    return this.link();
  }

  /** Opens the page and chooses files. Resolves to the link of the share. */
  async share(...paths: readonly string[]): Promise<string> {
    await this.open();
    return this.choose(...paths);
  }

  /** The link of the share, as soon as there is one. */
  async link(): Promise<string> {
    await expect(this.main).toHaveAttribute('data-state', 'sharing');
    await expect(this.shareLink).toHaveValue(/#.+/);
    return this.shareLink.inputValue();
  }

  async stopSharing(): Promise<void> {
    await this.page.getByRole('button', { name: 'Stop sharing' }).click();
  }

  /** What the page says about each receiver, in the order in which they came. */
  receiverStatuses(): Locator {
    return this.receivers.getByRole('status');
  }
}
