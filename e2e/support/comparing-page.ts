import { readFile } from 'node:fs/promises';
import { type Locator, type Page, expect } from 'playwright/test';

/** How long a comparison of a test may take. */
const COMPARISON_MS = 180_000;

/** The names of the ways, as the page has them. */
export type WayName = 'Direct' | 'Relayed' | 'Stored' | 'Streamed';

/** A page of a comparison, of who compares or of who takes part, by its accessible names only. */
export class ComparingPage {
  readonly page: Page;
  readonly main: Locator;
  readonly table: Locator;
  readonly progress: Locator;
  readonly message: Locator;
  readonly log: Locator;
  readonly earlier: Locator;

  constructor(page: Page) {
    this.page = page;
    this.main = page.getByRole('main');
    this.table = page.getByRole('table', { name: 'Transfer comparison' });
    this.progress = page.getByRole('progressbar', { name: 'Comparison', exact: true });
    this.message = page.getByRole('textbox', { name: 'Message' });
    this.log = page.getByRole('log');
    this.earlier = page.getByRole('list', { name: 'Earlier comparisons' }).getByRole('listitem');
  }

  async expectState(state: string): Promise<void> {
    await expect(this.main).toHaveAttribute('data-state', state);
  }

  /** The link that leads the other side here. */
  async link(): Promise<string> {
    const link = this.page.getByRole('textbox', { name: 'Share link' });
    await expect(link).toHaveValue(/\/compare#.+/);
    return link.inputValue();
  }

  /** Says what is to be compared. Ways that are not named are not tried. */
  async choose(wish: {
    readonly size?: string;
    readonly files?: readonly string[];
    readonly ways: readonly WayName[];
    readonly rounds: number;
  }): Promise<void> {
    if (wish.size !== undefined) {
      await this.page.getByRole('combobox', { name: 'Size' }).selectOption(wish.size);
    }
    if (wish.files !== undefined) {
      await this.page.getByRole('radio', { name: 'My files' }).check();
      await this.page.getByLabel(/^Choose (?:other )?files$/).setInputFiles([...wish.files]);
    }
    for (const way of ['Direct', 'Stored', 'Streamed'] as const) {
      const box = this.page.getByRole('checkbox', { name: way, exact: true });
      if (await box.isEnabled()) await box.setChecked(wish.ways.includes(way));
    }
    await this.page.getByRole('spinbutton', { name: 'Rounds' }).fill(String(wish.rounds));
  }

  async compare(): Promise<void> {
    await this.press('Compare');
  }

  async press(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).click();
  }

  async takePart(): Promise<void> {
    await this.press('Take part');
  }

  /** What a press of Export saves, as text. */
  async exported(format: 'JSON' | 'CSV'): Promise<string> {
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.press(`Export ${format}`),
    ]);
    expect(download.suggestedFilename()).toMatch(new RegExp(`\\.${format}$`, 'i'));
    return await readFile(await download.path(), 'utf8');
  }

  /** Waits until the comparison is through, or was stopped with something to show. */
  async expectDone(): Promise<void> {
    await expect(this.main).toHaveAttribute('data-state', 'done', { timeout: COMPARISON_MS });
  }

  /** The row of the table about this way. */
  row(way: WayName): Locator {
    const header = this.page.getByRole('rowheader', { name: new RegExp(`^${way}`) });
    return this.table.getByRole('row').filter({ has: header }).first();
  }

  async say(text: string, way: 'Peer to peer' | 'Through the server'): Promise<void> {
    await this.message.fill(text);
    await this.page.getByRole('radio', { name: way, exact: true }).check();
    await this.press('Send');
  }
}

/** Opens the page that compares in one page, and the other side by its link in another; both are there then. */
export async function meet(
  siteUrl: string,
  comparing: Page,
  takingPart: Page,
): Promise<{ readonly host: ComparingPage; readonly guest: ComparingPage }> {
  const [host, guest] = [new ComparingPage(comparing), new ComparingPage(takingPart)];
  await host.page.goto(`${siteUrl}/compare`);
  await guest.page.goto(await host.link());
  await host.expectState('ready');
  return { host, guest };
}
