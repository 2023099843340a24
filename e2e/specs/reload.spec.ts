import { appendFile } from 'node:fs/promises';
import { expect, test } from '../fixtures/networks-test.ts';
import { channelBytes } from '../support/channel-bytes.ts';
import { HomePage } from '../support/home-page.ts';
import { killRenderer } from '../support/kill-renderer.ts';
import { receivedFiles } from '../support/origin-storage.ts';
import { randomFile } from '../support/random-file.ts';
import { ReceivingPage } from '../support/receiving-page.ts';
import { firstDifference } from '../support/same-bytes.ts';
import { SendingPage } from '../support/sending-page.ts';
import { MIB } from '../support/sizes.ts';
import {
  expectArrived,
  expectLittleSentTwice,
  midwayBytes,
  transferMidway,
} from '../support/transfer.ts';

test('a receiver reloads its page, and carries on by itself with what it has', async ({
  networks,
  folder,
}) => {
  const file = await randomFile(folder, { name: 'reloaded.bin', size: midwayBytes(networks) });
  const { sending, receiving } = await transferMidway(networks, file.path);
  await receiving.page.reload();
  await expectArrived(receiving, file);
  await expectLittleSentTwice(sending, { size: file.size, interruptions: 1 });
  await expect(sending.receivers, 'it is the same receiver').toHaveCount(1);
  await expect(sending.receiverStatuses()).toHaveText([/Received and verified$/]);
});

test(
  'a receiver whose page is killed opens the link again and carries on with what it has',
  { tag: '@long' },
  async ({ networks, folder }) => {
    const file = await randomFile(folder, { name: 'killed.bin', size: midwayBytes(networks) });
    const { sending, receiving, receiver, link } = await transferMidway(networks, file.path);
    await killRenderer(receiving.page);
    const again = new ReceivingPage(await receiver.browser.newPage());
    await receiving.page.close();
    await again.open(link);
    await expectArrived(again, file);
    await expectLittleSentTwice(sending, { size: file.size, interruptions: 1 });
    await expect(sending.receivers, 'it is the same receiver').toHaveCount(1);
  },
);

test(
  'a receiver that has paused is still paused after a reload',
  { tag: '@long' },
  async ({ networks, folder }) => {
    const file = await randomFile(folder, { name: 'paused.bin', size: midwayBytes(networks) });
    const { receiving } = await transferMidway(networks, file.path);
    await receiving.pause();
    await receiving.page.reload();
    await expect(receiving.main).toHaveAttribute('data-state', 'paused');
    await receiving.resume();
    await expectArrived(receiving, file);
  },
);

test('a sender reloads its page and chooses the same files: the link works on', async ({
  networks,
  folder,
}) => {
  const file = await randomFile(folder, { name: 'same.bin', size: midwayBytes(networks) });
  const { sending, receiving, link } = await transferMidway(networks, file.path);
  await sending.page.reload();
  await sending.expectInterrupted();
  await sending.chooseAgain(file.path);
  expect(await sending.link()).toBe(link);
  await expectArrived(receiving, file);
  const { received } = await channelBytes(receiving.page);
  expect(received).toBeLessThan(file.size * 1.02 + 9 * MIB);
  await expect(sending.receiverStatuses()).toHaveText([/Received and verified$/]);
});

test(
  'a sender whose page is killed opens the site again and takes the share up',
  { tag: '@long' },
  async ({ networks, folder }) => {
    const file = await randomFile(folder, { name: 'taken up.bin', size: midwayBytes(networks) });
    const { sending, sender, receiving, link } = await transferMidway(networks, file.path);
    await killRenderer(sending.page);
    const home = new HomePage(await sender.browser.newPage(), networks.siteUrl);
    await sending.page.close();
    await home.open();
    await expect(home.shares).toHaveText([/taken up\.bin/]);
    await home.press('Continue', 'taken up.bin');
    const again = new SendingPage(home.page, networks.siteUrl);
    await again.expectInterrupted();
    await again.chooseAgain(file.path);
    expect(await again.link()).toBe(link);
    await expectArrived(receiving, file);
  },
);

test('a sender that reloads is told which files changed, and may go on without them', async ({
  networks,
  folder,
}) => {
  const kept = await randomFile(folder, { name: 'kept.bin', size: 100_000, seed: 1 });
  const large = await randomFile(folder, { name: 'large.bin', size: midwayBytes(networks) });
  const changed = await randomFile(folder, { name: 'changed.bin', size: 100_000, seed: 2 });
  const paths = [large.path, kept.path, changed.path];
  const { sending, receiving } = await transferMidway(networks, ...paths);
  await sending.page.reload();
  await sending.expectInterrupted();
  await appendFile(changed.path, 'more');
  await sending.chooseAgain(...paths);
  await expect(sending.filesNotRecognised).toHaveText([/changed\.bin/]);
  await sending.page.getByRole('button', { name: 'Go on without them' }).click();
  await sending.link();
  await receiving.expectIncomplete();
  await expect(receiving.alert).toContainText('changed.bin');
  for (const file of [large, kept]) {
    const saved = await receiving.save(file.name);
    expect(await firstDifference(file.path, saved.path), file.name).toBeNull();
  }
});

test('an interrupted share can be given up', { tag: '@long' }, async ({ networks, folder }) => {
  const file = await randomFile(folder, { name: 'given up.bin', size: midwayBytes(networks) });
  const { sending } = await transferMidway(networks, file.path);
  await sending.page.reload();
  await sending.expectInterrupted();
  await sending.page.getByRole('button', { name: 'Give up this share' }).click();
  await expect(sending.main).toHaveAttribute('data-state', 'idle');
  await sending.page.reload();
  await expect(sending.main).toHaveAttribute('data-state', 'idle');
  await expect(new HomePage(sending.page, networks.siteUrl).shares).toHaveCount(0);
});

test('a download that was left is on the home page, with its size, and can be deleted there', async ({
  networks,
  folder,
}) => {
  const file = await randomFile(folder, { name: 'left.bin', size: midwayBytes(networks) });
  const { receiving } = await transferMidway(networks, file.path);
  await receiving.expectMoreThan(0.1);
  const home = new HomePage(receiving.page, networks.siteUrl);
  await home.open();
  await expect(home.downloads).toHaveText([/left\.bin[^]*\d[\d.,]* [KM]B of \d/]);
  await home.press('Delete', 'left.bin');
  await expect(home.downloads).toHaveCount(0);
  await expect.poll(() => receivedFiles(home.page)).toEqual([]);
});
