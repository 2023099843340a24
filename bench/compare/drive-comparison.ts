import { readFile } from 'node:fs/promises';
import { expect } from 'playwright/test';
import type { Comparison } from '../../client/compare/comparison.ts';
import { fromJson } from '../../client/compare/comparison-export.ts';
import { ComparingPage } from '../../e2e/support/comparing-page.ts';
import type { BrowserPair } from '../support/browser-pair.ts';

const READY_MS = 60_000;
/** The longest that a comparison may take: three rounds of 1 GB do not take half of it. */
const LONGEST_MS = 3_600_000;

/** What is compared. */
export interface DrivePlan {
  readonly siteUrl: string;
  readonly bytes: number;
  readonly rounds: number;
}

/** What came of it. */
export interface Driven {
  readonly comparison: Comparison;
  /** as it stood on the page of who compared */
  readonly verdict: string;
}

/**
 * Has two people compare by the built page: one opens /compare and gives away its link, the other opens that and takes part. What
 * the page exports is checked with the schema of its export.
 * @throws Error where it does not come to an end, exports something else, or both pages do not say the same
 */
export async function driveComparison(
  { sender, receiver }: BrowserPair,
  { siteUrl, bytes, rounds }: DrivePlan,
): Promise<Driven> {
  const host = new ComparingPage(await sender.openPage());
  const guest = new ComparingPage(await receiver.openPage());
  await host.page.goto(`${siteUrl}/compare`);
  await guest.page.goto(await host.link());
  await reach(host, 'ready', READY_MS);
  await host.choose({ size: String(bytes), ways: ['Direct', 'Stored', 'Streamed'], rounds });
  await host.compare();
  await reach(guest, 'asked', READY_MS);
  await guest.takePart();
  await reach(host, 'done', LONGEST_MS);
  await reach(guest, 'done', READY_MS);
  const [verdict, guestVerdict] = [await verdictOn(host), await verdictOn(guest)];
  if (verdict !== guestVerdict)
    throw new Error(`One page says: ${verdict} The other: ${guestVerdict}`);
  return { comparison: await exportOf(host), verdict };
}

/** Waits for a state of a page, or for one that comes to nothing. @throws Error where it is that */
async function reach(page: ComparingPage, state: string, timeout: number): Promise<void> {
  const ends = new RegExp(`^(?:${state}|done|ended|failed)$`);
  await expect(page.main).toHaveAttribute('data-state', ends, { timeout });
  await page.expectState(state);
}

async function verdictOn({ page }: ComparingPage): Promise<string> {
  return (await page.getByRole('heading', { level: 1 }).innerText()).trim();
}

/** What the page exports of the one comparison that it has. */
async function exportOf(host: ComparingPage): Promise<Comparison> {
  const downloading = host.page.waitForEvent('download', { timeout: READY_MS });
  await host.press('Export JSON');
  const text = await readFile(await (await downloading).path(), 'utf8');
  const [comparison, ...others] = fromJson(text) ?? [];
  if (comparison === undefined || others.length > 0)
    throw new Error('The page exported something else than one comparison.');
  return comparison;
}
