import { existsSync } from 'node:fs';
import type { Page } from 'playwright/test';
import { expect, test } from '../fixtures/everyday-test.ts';
import { randomFile } from '../support/random-file.ts';
import { ReceivingPage } from '../support/receiving-page.ts';
import { firstDifference } from '../support/same-bytes.ts';
import { SendingPage } from '../support/sending-page.ts';
import { MIB } from '../support/sizes.ts';
import { expectArrived, noteSeconds } from '../support/transfer.ts';

const SIZE = 32 * MIB + 1;

/** How long a page's timers are watched, and how often they should fire, in milliseconds. */
const WATCHED_MS = 2000;
const INTERVAL_MS = 50;

/** Puts another tab in front of a page, and makes sure that the page is hidden and its timers are slowed. */
async function hide(page: Page): Promise<void> {
  const other = await page.context().newPage();
  await other.bringToFront();
  await expect.poll(() => page.evaluate(() => document.visibilityState)).toBe('hidden');
  const ticks = await page.evaluate(countTicks, { watched: WATCHED_MS, interval: INTERVAL_MS });
  expect(ticks, 'the timers are slowed').toBeLessThan(WATCHED_MS / INTERVAL_MS / 4);
}

/** Runs in the page. */
function countTicks({ watched, interval }: { watched: number; interval: number }): Promise<number> {
  const started = performance.now();
  return new Promise((resolve) => {
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
      if (performance.now() - started < watched) return;
      clearInterval(timer);
      resolve(ticks);
    }, interval);
  });
}

test(
  'a sending tab in the background sends on',
  { tag: '@long' },
  async ({ everydayBrowser, receiving, site, folder }, testInfo) => {
    const file = await randomFile(folder, { name: 'hidden.bin', size: SIZE });
    const sending = new SendingPage(await everydayBrowser.context.newPage(), site.url);
    const link = await sending.share(file.path);
    await hide(sending.page);
    await receiving.open(link);
    const started = performance.now();
    await receiving.receive();
    await expectArrived(receiving, file);
    noteSeconds(testInfo, '32 MiB out of a hidden tab took', performance.now() - started);
    await expect(sending.receiverStatuses()).toHaveText([/Received and verified$/]);
  },
);

test('a receiving tab in the background receives on', async ({
  everydayBrowser,
  sending,
  folder,
}, testInfo) => {
  const file = await randomFile(folder, { name: 'hidden.bin', size: SIZE });
  const link = await sending.share(file.path);
  const receiving = new ReceivingPage(await everydayBrowser.context.newPage());
  await receiving.open(link);
  await receiving.expectOffered();
  // Playwright scrolls a button into view before it presses it, which a hidden page never does: the press comes first.
  await receiving.receive();
  const started = performance.now();
  await hide(receiving.page);
  await receiving.expectDone();
  noteSeconds(testInfo, '32 MiB into a hidden tab took', performance.now() - started);
  expect(await receiving.page.evaluate(() => document.visibilityState)).toBe('hidden');
  await receiving.page.bringToFront();
  await receiving.page.getByRole('button', { name: `Save ${file.name}`, exact: true }).click();
  const saved = everydayBrowser.downloadOf(file.name);
  await expect.poll(() => existsSync(saved)).toBe(true);
  expect(await firstDifference(file.path, saved)).toBeNull();
});
