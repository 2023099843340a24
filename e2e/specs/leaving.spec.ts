import type { Page } from 'playwright/test';
import { expect, test } from '../fixtures/test.ts';
import { randomFile, sparseFile } from '../support/random-file.ts';
import { MIDWAY_BYTES } from '../support/sizes.ts';

/** Tries to leave the page, stays when the browser asks, and resolves to whether it asked. */
async function asksBeforeLeaving(page: Page): Promise<boolean> {
  const asked = page.waitForEvent('dialog').then(async (dialog) => {
    await dialog.dismiss();
    return dialog.type() === 'beforeunload';
  });
  const closed = page.waitForEvent('close').then(() => false);
  await page.close({ runBeforeUnload: true });
  return await Promise.race([asked, closed]);
}

test('both pages ask before they are left in the middle of a transfer', async ({
  sending,
  receiving,
  folder,
}) => {
  const file = await sparseFile(folder, { name: 'large.zip', size: MIDWAY_BYTES });
  await receiving.open(await sending.share(file.path));
  await receiving.receive();
  await receiving.expectMidway();
  // A browser only asks for a page that its user has touched.
  await sending.page.getByRole('heading').first().click();
  expect(await asksBeforeLeaving(sending.page)).toBe(true);
  expect(await asksBeforeLeaving(receiving.page)).toBe(true);
});

test('a received file is not lost by leaving before it is saved, and after that nothing is asked', async ({
  sending,
  receiving,
  folder,
}) => {
  const file = await randomFile(folder, { name: 'unsaved.bin', size: 1000 });
  await receiving.open(await sending.share(file.path));
  await receiving.receive();
  await receiving.expectDone();
  expect(await asksBeforeLeaving(receiving.page)).toBe(true);
  await receiving.save(file.name);
  expect(await asksBeforeLeaving(receiving.page)).toBe(false);
});

test('one’s own link, opened where the share comes from, does not end the share', async ({
  sending,
  receiving,
  folder,
}) => {
  const file = await randomFile(folder, { name: 'own.bin', size: 1000 });
  const link = await sending.share(file.path);
  await sending.page.goto(link);
  await expect(sending.page).not.toHaveURL(/#/);
  await expect(sending.main).toHaveAttribute('data-state', 'sharing');
  await receiving.open(link);
  await receiving.receive();
  await receiving.expectDone();
});
