import { expect, test } from '../fixtures/test.ts';
import { channelBytes, countChannelBytes } from '../support/channel-bytes.ts';
import { bytesBelow } from '../support/files-below.ts';
import { randomFile } from '../support/random-file.ts';
import { ReceivingPage } from '../support/receiving-page.ts';
import { SendingPage } from '../support/sending-page.ts';
import { MIB } from '../support/sizes.ts';
import { slowLanes } from '../support/slow-lanes.ts';
import { expectArrived } from '../support/transfer.ts';

/** As slow as this, the direct way loses against any server on this machine. */
const SLOW_BYTES_PER_SECOND = MIB / 2;

test('the fastest way: it begins directly, and where that is slow goes on through the server', async ({
  startSite,
  launchBrowser,
  folder,
}) => {
  const site = await startSite();
  const sender = await launchBrowser();
  await slowLanes(sender, SLOW_BYTES_PER_SECOND);
  const sending = new SendingPage(await sender.newPage(), site.url);
  const receiver = await launchBrowser();
  await countChannelBytes(receiver);
  const receiving = new ReceivingPage(await receiver.newPage());
  const file = await randomFile(folder, { name: 'fastest.bin', size: 24 * MIB + 1 });
  await sending.open();
  await receiving.open(await sending.choose(file.path));
  await receiving.expectOffered();
  expect(await bytesBelow(site.dataFolder)).toBeLessThan(MIB);
  await receiving.receive();
  await expectArrived(receiving, file);
  await expect(receiving.main).toContainText('Expected when this was weighed: through the server');
  const { received } = await channelBytes(receiving.page);
  expect(received).toBeGreaterThan(SLOW_BYTES_PER_SECOND);
  expect(received).toBeLessThan(file.size / 2);
  await sending.expectUploaded();
  await expect(sending.receiverStatuses()).toHaveText([/^Received and verified/]);
  expect(await bytesBelow(site.dataFolder)).toBeGreaterThan(file.size);
});
