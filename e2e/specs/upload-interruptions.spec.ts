import { readFile } from 'node:fs/promises';
import { expect, test } from '../fixtures/test.ts';
import { bytesBelow, filesBelow } from '../support/files-below.ts';
import { randomFile } from '../support/random-file.ts';
import type { ReceivingPage } from '../support/receiving-page.ts';
import { SendingPage } from '../support/sending-page.ts';
import type { Site } from '../support/site.ts';
import { MIB } from '../support/sizes.ts';
import { expectArrived } from '../support/transfer.ts';

// What Chromium itself prints when it cannot reach a server.
test.use({
  expectedProblems: /console: (?:WebSocket connection to|Failed to load resource: net::)/,
});

/** What may be sent again for one interruption: a part, and what its sealing adds. */
const PART_BYTES = 17 * MIB;
/** Of three parts, so that one is whole and another is not when it is held up. */
const SIZE = 40 * MIB + 3;
/** Where an upload is held up, and a download: somewhere behind its first part. */
const somewhere = () => Math.floor(18 * MIB + Math.random() * 18 * MIB);

test('a server that is killed in the middle of an upload, and of a download, costs at most a part', async ({
  startPair,
  folder,
}) => {
  const { site, sending, receiving } = await startPair();
  const file = await randomFile(folder, { name: 'killed.bin', size: SIZE });
  site.hold('up', somewhere());
  const link = await sending.shareByServer(file.path);
  await sending.expectUploading(0.4);
  await site.kill();
  site.release();
  await site.start();
  await sending.expectUploaded();
  expect(site.traffic.totalBytes()).toBeLessThan(1.05 * file.size + PART_BYTES);
  await sending.page.close();

  await receiving.open(link);
  site.hold('down', somewhere());
  await receiving.receive();
  await receiving.expectMoreThan(0.05, 60_000);
  await site.kill();
  site.release();
  await site.start();
  await expectArrived(receiving, file);
});

test('a sender who reloads in the middle of an upload goes on where it was', async ({
  startPair,
  page,
  folder,
}) => {
  const { site, sending, receiving } = await startPair();
  const file = await randomFile(folder, { name: 'reloaded.bin', size: SIZE });
  site.hold('up', somewhere());
  const link = await sending.shareByServer(file.path);
  await sending.expectUploading(0.4);
  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  site.release();
  await sending.expectInterrupted();
  await sending.chooseAgain(file.path);
  await sending.link();
  await sending.expectUploaded();
  expect(site.traffic.totalBytes()).toBeLessThan(1.05 * file.size + PART_BYTES);
  await sending.page.close();
  await receiving.open(link);
  await receiving.receive();
  await expectArrived(receiving, file);
});

test('a receiver who reloads in the middle of a download goes on with what it has', async ({
  startPair,
  folder,
}) => {
  const { site, sending, receiving } = await startPair();
  const file = await randomFile(folder, { name: 'received.bin', size: SIZE });
  const link = await sending.shareByServer(file.path);
  await sending.expectUploaded();
  await sending.page.close();
  await receiving.open(link);
  await reloadMidway(site, receiving);
  await expectArrived(receiving, file);
});

test('a receiver of the only download who reloads in its middle ends it, and it counts', async ({
  startPair,
  folder,
}) => {
  const { site, sending, receiving } = await startPair();
  const file = await randomFile(folder, { name: 'only.bin', size: SIZE });
  const link = await shareForOneDownload(sending, file.path);
  await receiving.open(link);
  await reloadMidway(site, receiving);
  await expectArrived(receiving, file);
  await expectNothingStored(site);
});

test('a receipt that its page could not send any more is sent by the next page', async ({
  startPair,
  folder,
}) => {
  const { site, sending, receiving } = await startPair();
  const file = await randomFile(folder, { name: 'owed.bin', size: 2 * MIB });
  const link = await shareForOneDownload(sending, file.path);
  const receipts = '**/receipts';
  let refused = 0;
  await receiving.page.route(receipts, (route) => {
    refused += 1;
    return route.abort();
  });
  await receiving.open(link);
  await receiving.receive();
  await receiving.expectDone();
  expect(await bytesBelow(site.dataFolder)).toBeGreaterThan(file.size);
  // It tries again after longer and longer pauses, and goes right after a try: one that outlives it would count as well.
  await expect.poll(() => refused, { intervals: [20] }).toBeGreaterThan(2);
  await receiving.page.goto('about:blank');
  await receiving.page.unroute(receipts);
  await receiving.open(link);
  await expectArrived(receiving, file);
  await expectNothingStored(site);
});

test('neither the data folder of the server nor its log has a name or a byte of a file in it', async ({
  startSite,
  page,
  folder,
}) => {
  const site = await startSite();
  const name = 'a-name-that-tells-everything.bin';
  const file = await randomFile(folder, { name, size: 3 * MIB });
  const sending = new SendingPage(page, site.url);
  const link = await sending.shareByServer(file.path);
  await sending.expectUploaded();
  const content = await readFile(file.path);
  const secret = link.slice(link.indexOf('#') + 1);
  const searched = [Buffer.from(name), Buffer.from(secret), content.subarray(MIB, MIB + 64)];
  const stored = await filesBelow(site.dataFolder);
  expect(await bytesBelow(site.dataFolder)).toBeGreaterThan(3 * MIB);
  for (const bytes of [...stored, Buffer.from(site.output)]) {
    for (const what of searched) expect(bytes.includes(what)).toBe(false);
  }
});

/** Begins to receive, and reloads the page when the server's bytes are held up in the middle; then they come again. */
async function reloadMidway(site: Site, receiving: ReceivingPage): Promise<void> {
  site.hold('down', somewhere());
  await receiving.receive();
  await receiving.expectMoreThan(0.1, 60_000);
  receiving.page.on('dialog', (dialog) => void dialog.accept());
  await receiving.page.reload();
  site.release();
}

/** Leaves a file with the server for one download, and goes. Resolves to the link. */
async function shareForOneDownload(sending: SendingPage, path: string): Promise<string> {
  await sending.open();
  await sending.page.getByLabel('Downloads').selectOption('one, then deleted');
  await sending.sendBy('Through the server');
  const link = await sending.choose(path);
  await sending.expectUploaded();
  await sending.page.close();
  return link;
}

/** Waits until the server has nothing more, as once the last download was counted. */
async function expectNothingStored(site: Site): Promise<void> {
  // Files may go while they are read.
  await expect(async () => {
    expect(await bytesBelow(site.dataFolder)).toBeLessThan(1000);
  }).toPass({ timeout: 20_000 });
}
