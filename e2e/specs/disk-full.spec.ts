import type { Page } from 'playwright/test';
import { expect, test } from '../fixtures/networks-test.ts';
import { answerFolderPicker } from '../support/picked-folder.ts';
import { randomFile, sparseFile } from '../support/random-file.ts';
import { ReceivingPage } from '../support/receiving-page.ts';
import { SendingPage } from '../support/sending-page.ts';
import { MIB } from '../support/sizes.ts';
import { expectArrived, midwayBytes, transferMidway } from '../support/transfer.ts';

/**
 * Lets the page's site store no more than this, in bytes, until what it resolves to is called; a session's end gives the
 * room back as well.
 */
async function limitStorage(page: Page, quotaSize: number): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
  return () => session.detach();
}

/** More than any browser here has room for: 2 TiB, of which a sparse file takes nothing. */
const TOO_LARGE_BYTES = 2 ** 41;

test('before the first byte the receiver is told that there is no room, and what to do', async ({
  networks,
  folder,
}) => {
  const file = await sparseFile(folder, { name: 'huge.bin', size: TOO_LARGE_BYTES });
  const [one, two] = [await networks.startMachine(), await networks.startMachine()];
  const sending = new SendingPage(await one.browser.newPage(), networks.siteUrl);
  const receiving = new ReceivingPage(await two.browser.newPage());
  await answerFolderPicker(receiving.page);
  await receiving.open(await sending.share(file.path));
  await receiving.expectOffered();
  await expect(receiving.alert).toHaveAttribute('data-code', 'storage-full');
  const { page } = receiving;
  await expect(page.getByRole('button', { name: 'Receive', exact: true })).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Save to folder…' })).toBeEnabled();
});

test(
  'a disk that fills up in the middle pauses the transfer, which resumes when there is room',
  { tag: '@long' },
  async ({ networks, folder }) => {
    // The browser sets room aside for a growing file by doubling it: past the half of a file, it needs no more.
    const size = Math.max(midwayBytes(networks), 96 * MIB + 5);
    const file = await randomFile(folder, { name: 'full.bin', size });
    const { sending, receiving } = await transferMidway(networks, file.path);
    const giveRoom = await limitStorage(receiving.page, 10 * MIB);
    await expect(receiving.main).toHaveAttribute('data-state', 'paused', { timeout: 30_000 });
    await expect(receiving.alert).toHaveAttribute('data-code', 'storage-full');
    await expect(sending.receiverStatuses()).toHaveText([/Paused by the receiver/]);
    await giveRoom();
    await receiving.resume();
    await expectArrived(receiving, file);
  },
);
