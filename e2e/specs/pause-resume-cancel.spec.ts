import { expect, test } from '../fixtures/networks-test.ts';
import { HomePage } from '../support/home-page.ts';
import { receivedFiles } from '../support/origin-storage.ts';
import { randomFile } from '../support/random-file.ts';
import { ReceivingPage } from '../support/receiving-page.ts';
import {
  expectArrived,
  expectLittleSentTwice,
  midwayBytes,
  transferMidway,
} from '../support/transfer.ts';

test('a receiver pauses and resumes', { tag: '@long' }, async ({ networks, folder }) => {
  const file = await randomFile(folder, { name: 'paused.bin', size: midwayBytes(networks) });
  const { sending, receiving } = await transferMidway(networks, file.path);
  await receiving.pause();
  await expect(receiving.main).toHaveAttribute('data-state', 'paused');
  await expect(sending.receiverStatuses()).toHaveText([/Paused by the receiver/]);
  const fraction = await receiving.fraction();
  expect(fraction).toBeLessThan(1);
  await receiving.resume();
  await expect(receiving.main).toHaveAttribute('data-state', 'receiving');
  await expectArrived(receiving, file);
  await expectLittleSentTwice(sending, { size: file.size, interruptions: 1 });
});

test('a sender pauses and resumes, and both sides see it', async ({ networks, folder }) => {
  const file = await randomFile(folder, { name: 'paused.bin', size: midwayBytes(networks) });
  const { sending, receiving } = await transferMidway(networks, file.path);
  await sending.press('Pause', 1);
  await expect(receiving.main).toHaveAttribute('data-state', 'paused');
  await expect(receiving.status).toHaveText(/Paused by the sender/);
  await expect(sending.receiverStatuses()).toHaveText([/Paused by you/]);
  await sending.press('Resume', 1);
  await expect(receiving.main).toHaveAttribute('data-state', 'receiving');
  await expectArrived(receiving, file);
  await expectLittleSentTwice(sending, { size: file.size, interruptions: 1 });
});

test(
  'a receiver that cancels is asked, and may go on',
  { tag: '@long' },
  async ({ networks, folder }) => {
    const file = await randomFile(folder, { name: 'asked.bin', size: midwayBytes(networks) });
    const { receiving } = await transferMidway(networks, file.path);
    await receiving.cancel('Go on');
    await expectArrived(receiving, file);
  },
);

test('a receiver that cancels and keeps what has arrived finds it on the home page', async ({
  networks,
  folder,
}) => {
  const file = await randomFile(folder, { name: 'kept.bin', size: midwayBytes(networks) });
  const { sending, receiving, receiver } = await transferMidway(networks, file.path);
  await receiving.cancel('Keep it');
  await expect(receiving.main).toHaveAttribute('data-state', 'cancelled');
  await expect(sending.receiverStatuses()).toHaveText([/cancelled/i]);
  const home = new HomePage(await receiver.browser.newPage(), networks.siteUrl);
  await home.open();
  await expect(home.downloads).toHaveText([/kept\.bin/]);
  await home.press('Resume', 'kept.bin');
  await expectArrived(new ReceivingPage(home.page), file);
  await expectLittleSentTwice(sending, { size: file.size, interruptions: 1 });
});

test(
  'a receiver that cancels and deletes what has arrived keeps nothing',
  { tag: '@long' },
  async ({ networks, folder }) => {
    const file = await randomFile(folder, { name: 'deleted.bin', size: midwayBytes(networks) });
    const { sending, receiving, receiver } = await transferMidway(networks, file.path);
    expect(await receivedFiles(receiving.page), 'what arrives is on disk').not.toEqual([]);
    await receiving.cancel('Delete it');
    await expect(receiving.main).toHaveAttribute('data-state', 'cancelled');
    await expect(sending.receiverStatuses()).toHaveText([/cancelled/i]);
    await expect.poll(() => receivedFiles(receiving.page)).toEqual([]);
    const home = new HomePage(await receiver.browser.newPage(), networks.siteUrl);
    await home.open();
    await expect(home.downloads).toHaveCount(0);
  },
);

test(
  'a sender that cancels one receiver does not end the other',
  { tag: '@long' },
  async ({ networks, folder }) => {
    const file = await randomFile(folder, { name: 'shared.bin', size: midwayBytes(networks) });
    const { sending, receiving, link } = await transferMidway(networks, file.path);
    await receiving.pause();
    const machine = await networks.startMachine();
    const other = new ReceivingPage(await machine.browser.newPage());
    await other.open(link);
    await other.receive();
    await expect(sending.receivers).toHaveCount(2);
    await sending.press('Cancel', 1);
    await receiving.expectFailure('sender-cancelled');
    await expectArrived(other, file);
    await expect(sending.main).toHaveAttribute('data-state', 'sharing');
  },
);
