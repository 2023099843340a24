import type { Locator, Page } from 'playwright/test';
import { expect, test } from '../fixtures/test.ts';
import { expectAccessible } from '../support/accessibility.ts';
import { randomFile, sparseFile } from '../support/random-file.ts';
import { MIB, MIDWAY_BYTES } from '../support/sizes.ts';

/** What Details says under a term. */
function figure(page: Page, term: string): Locator {
  return page.getByRole('term').getByText(term, { exact: true }).locator('xpath=../dd');
}

test('both pages show how a transfer travels, while it runs and while it is paused', async ({
  sending,
  receiving,
  folder,
}) => {
  const file = await sparseFile(folder, { name: 'large.zip', size: MIDWAY_BYTES });
  await receiving.open(await sending.share(file.path));
  await receiving.receive();
  await receiving.expectMidway();
  await receiving.pressDetails();
  await expect(figure(receiving.page, 'Lanes')).toHaveText(/^\d+ connections?$/);
  await expect(figure(receiving.page, 'Round trip')).toHaveText(/\d+ ms$/);
  await expect(figure(receiving.page, 'Path')).toHaveText('on your local network');
  await expect(figure(receiving.page, 'Window')).toHaveText(/B$/);
  await expect(receiving.page.getByText(/^First byte after \d+ ms$/)).toBeVisible();
  await expect(receiving.speedChart.locator('canvas')).toBeVisible();
  await sending.press('Details', 1);
  await expect(figure(sending.page, 'Lanes')).toHaveText(/^\d+ connections?$/);
  await expect(figure(sending.page, 'Path')).toHaveText('on your local network');
  await receiving.pause();
  await expect(receiving.main).toHaveAttribute('data-state', 'paused');
  await expect(figure(receiving.page, 'Speed now')).toHaveCount(0);
  await expectAccessible(receiving.page, 'paused, with its details');
  await expectAccessible(sending.page, 'sharing, with the details of a receiver');
  await receiving.pressDetails();
  await expect(receiving.speedChart).toHaveCount(0);
});

test('details are there after the transfer, and fit a narrow page in the dark and without motion', async ({
  sending,
  receiving,
  folder,
}) => {
  const file = await randomFile(folder, { name: 'small.bin', size: 8 * MIB });
  await receiving.page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await receiving.page.setViewportSize({ width: 320, height: 640 });
  await receiving.open(await sending.share(file.path));
  await receiving.receive();
  await receiving.expectDone();
  await receiving.pressDetails();
  await expect(receiving.page.getByText(/^First byte after \d+ ms$/)).toBeVisible();
  await expect(receiving.speedChart.locator('canvas')).toBeVisible();
  await sending.press('Details', 1);
  await expect(figure(sending.page, 'Lanes')).toHaveText(/^\d+ connections?$/);
  const [content, view] = await receiving.page.evaluate(() => [
    document.documentElement.scrollWidth,
    innerWidth,
  ]);
  expect(content).toBeLessThanOrEqual(view ?? 0);
  await expectAccessible(receiving.page, 'done, with its details, narrow and dark');
});

test.describe('without the script of the chart', () => {
  // What Chromium itself prints when it cannot load a file.
  test.use({ expectedProblems: /console: Failed to load resource: net::/ });

  test('details still have their figures, and the speed in words', async ({
    sending,
    receiving,
    folder,
  }) => {
    const file = await randomFile(folder, { name: 'small.bin', size: 8 * MIB });
    await receiving.page.route('**/assets/rate-chart-*', (route) => route.abort());
    await receiving.open(await sending.share(file.path));
    await receiving.receive();
    await receiving.expectDone();
    const refused = receiving.page.waitForEvent('requestfailed');
    await receiving.pressDetails();
    await refused;
    await expect(receiving.page.getByText(/^Speed over time: lowest /)).toBeVisible();
    await expect(receiving.page.getByText(/^First byte after \d+ ms$/)).toBeVisible();
    await expect(receiving.speedChart).toBeHidden();
    await expect(receiving.alert).toHaveCount(0);
  });
});
