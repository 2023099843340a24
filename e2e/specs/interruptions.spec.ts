import { type LaunchBrowser, expect, test } from '../fixtures/test.ts';
import { killRenderer } from '../support/kill-renderer.ts';
import { sparseFile } from '../support/random-file.ts';
import { ReceivingPage } from '../support/receiving-page.ts';
import { SendingPage } from '../support/sending-page.ts';
import { MIDWAY_BYTES } from '../support/sizes.ts';

/** How soon the receiver has to hear that its sender is gone, in milliseconds. */
const HEARD_WITHIN_MS = 5000;

const SENDER_GONE = /^(?:sender-left|connection-lost|peer-silent)$/;

interface Midway {
  readonly sending: SendingPage;
  readonly receiving: ReceivingPage;
}

/** Two browsers in the middle of a transfer. */
async function transferMidway(
  launchBrowser: LaunchBrowser,
  siteUrl: string,
  folder: string,
): Promise<Midway> {
  const [senderBrowser, receiverBrowser] = [await launchBrowser(), await launchBrowser()];
  const file = await sparseFile(folder, { name: 'large.zip', size: MIDWAY_BYTES });
  const [senderPage = await senderBrowser.newPage()] = senderBrowser.pages();
  const sending = new SendingPage(senderPage, siteUrl);
  const receiving = new ReceivingPage(await receiverBrowser.newPage());
  await receiving.open(await sending.share(file.path));
  await receiving.receive();
  await receiving.expectMidway();
  return { sending, receiving };
}

test('a sender that closes its page midway: the receiver hears and says what it keeps', async ({
  launchBrowser,
  site,
  folder,
}) => {
  const { sending, receiving } = await transferMidway(launchBrowser, site.url, folder);
  await sending.page.close();
  await receiving.expectFailure(SENDER_GONE, HEARD_WITHIN_MS);
  await expect(receiving.main).toContainText(/\bkept\b/);
});

test(
  'a sender whose page is killed midway: the receiver hears and says what it keeps',
  { tag: '@long' },
  async ({ launchBrowser, site, folder }) => {
    const { sending, receiving } = await transferMidway(launchBrowser, site.url, folder);
    await killRenderer(sending.page);
    await receiving.expectFailure(SENDER_GONE, HEARD_WITHIN_MS);
    await expect(receiving.main).toContainText(/\bkept\b/);
  },
);

test('a sender that stops sharing midway: the receiver is told so', async ({
  launchBrowser,
  site,
  folder,
}) => {
  const { sending, receiving } = await transferMidway(launchBrowser, site.url, folder);
  await sending.stopSharing();
  await receiving.expectFailure('sender-stopped', HEARD_WITHIN_MS);
  await expect(sending.main).toHaveAttribute('data-state', 'cancelled');
});

test('a receiver that closes its page midway: the sender sees it and goes on sharing', async ({
  launchBrowser,
  site,
  folder,
}) => {
  const midway = await transferMidway(launchBrowser, site.url, folder);
  await midway.receiving.page.close();
  const { sending } = midway;
  await expect(sending.receiverStatuses()).not.toHaveText([/Receiving/]);
  const other = await launchBrowser();
  const next = new ReceivingPage(await other.newPage());
  await next.open(await sending.link());
  await next.expectOffered();
});
