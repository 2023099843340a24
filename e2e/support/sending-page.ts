import { type Locator, type Page, expect } from 'playwright/test';

/** The sending page, by its accessible names only. */
export class SendingPage {
  readonly page: Page;
  readonly main: Locator;
  readonly alert: Locator;
  readonly filesToSend: Locator;
  readonly shareLink: Locator;
  readonly receivers: Locator;
  /** what the server has of the share */
  readonly upload: Locator;
  /** files of an interrupted share that were not among those chosen again */
  readonly filesNotRecognised: Locator;
  readonly #siteUrl: string;

  constructor(page: Page, siteUrl: string) {
    this.page = page;
    this.#siteUrl = siteUrl;
    this.main = page.getByRole('main');
    this.alert = page.getByRole('alert');
    this.filesToSend = page.getByRole('list', { name: 'Files to send' }).getByRole('listitem');
    this.shareLink = page.getByRole('textbox', { name: 'Share link' });
    this.upload = page.getByRole('region', { name: 'On the server' });
    this.receivers = page.getByRole('list', { name: 'Receivers' }).getByRole('listitem');
    this.filesNotRecognised = page
      .getByRole('list', { name: 'Files not recognised' })
      .getByRole('listitem');
  }

  async open(): Promise<void> {
    await this.page.goto(`${this.#siteUrl}/`);
  }

  /** Chooses files as with the file picker, and waits for the share. Resolves to its link. */
  async choose(...paths: readonly string[]): Promise<string> {
    await this.page.getByLabel('Choose files').setInputFiles([...paths]);
    return this.link();
  }

  /** Chooses a folder with all that is in it, as with the folder picker. Resolves to the link of the share. */
  async chooseFolder(path: string): Promise<string> {
    // Chromium reads a folder for the tab in front only.
    await this.page.bringToFront();
    await this.page.getByLabel('Choose a folder').setInputFiles(path);
    return this.link();
  }

  /** Chooses files where they do not make a share, or not at once: the share was interrupted. */
  async chooseAgain(...paths: readonly string[]): Promise<void> {
    await this.page.getByLabel('Choose files').setInputFiles([...paths]);
  }

  /** Opens the page and chooses files, which are to go directly. Resolves to the link of the share. */
  async share(...paths: readonly string[]): Promise<string> {
    await this.open();
    await this.sendBy('Directly');
    return this.choose(...paths);
  }

  /** The link of the share, as soon as there is one. */
  async link(): Promise<string> {
    await expect(this.main).toHaveAttribute('data-state', 'sharing');
    await expect(this.shareLink).toHaveValue(/#.+/);
    return this.shareLink.inputValue();
  }

  /** Says how the files are to go. */
  async sendBy(way: 'Directly' | 'Through the server' | 'Fastest'): Promise<void> {
    const ways = this.page.getByRole('radiogroup', { name: 'Send by' });
    await ways.getByRole('radio', { name: way, exact: true }).check();
  }

  /** Opens the page and leaves files with the server, as they begin to go there. Resolves to the link of the share. */
  async shareByServer(...paths: readonly string[]): Promise<string> {
    await this.open();
    await this.sendBy('Through the server');
    return this.choose(...paths);
  }

  /** Waits until the server has all of the share. @param timeout how long that may take, in milliseconds */
  async expectUploaded(timeout = 120_000): Promise<void> {
    await expect(this.upload.getByRole('status')).toHaveText(/^Uploaded, encrypted/, { timeout });
  }

  /** How much of the upload has left, from 0 to 1; not a number where nothing is on its way. */
  uploadedFraction(): Promise<number> {
    return this.upload.getByRole('progressbar', { name: 'Upload' }).evaluateAll(valueOf);
  }

  /** Waits until more than this fraction of the upload has left, or everything. */
  async expectUploading(fraction = 0, timeout = 60_000): Promise<void> {
    const isDone = (): Promise<boolean> =>
      this.upload.getByText(/^Uploaded, encrypted/).isVisible();
    const now = async (): Promise<number> => ((await isDone()) ? 1 : await this.uploadedFraction());
    await expect.poll(now, { intervals: [50], timeout }).toBeGreaterThan(fraction);
  }

  /** Presses a button of what the server has. */
  async pressUpload(
    name: 'Upload to the server' | 'Delete from server' | 'Upload again' | 'Try again',
  ): Promise<void> {
    await this.upload.getByRole('button', { name, exact: true }).click();
  }

  async stopSharing(): Promise<void> {
    await this.page.getByRole('button', { name: 'Stop sharing' }).click();
  }

  /** Presses a button of the receiver with this number, from 1. */
  async press(name: 'Pause' | 'Resume' | 'Cancel' | 'Details', receiver: number): Promise<void> {
    const item = this.receivers.filter({
      has: this.page.getByRole('progressbar', { name: `Receiver ${receiver}`, exact: true }),
    });
    await item.getByRole('button', { name, exact: true }).click();
  }

  /** Waits until the share waits for its files to be chosen again. */
  async expectInterrupted(): Promise<void> {
    await expect(this.main).toHaveAttribute('data-state', 'interrupted');
  }

  /** What the page says about each receiver, in the order in which they came. */
  receiverStatuses(): Locator {
    return this.receivers.getByRole('status');
  }
}

/** How far a progress bar is, from 0 to 1. Runs in the page. */
function valueOf([bar]: readonly Element[]): number {
  return bar instanceof HTMLProgressElement ? bar.value : Number.NaN;
}
