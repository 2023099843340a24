import { expect, test } from '../fixtures/networks-test.ts';
import { randomFile } from '../support/random-file.ts';
import { ReceivingPage } from '../support/receiving-page.ts';
import { expectArrived, midwayBytes, transferMidway } from '../support/transfer.ts';

const SLOW_MEGABITS = 1;
const FAST_MEGABITS = 1000;

test('a slow receiver slows no other, and both get the file', async ({ networks, folder }) => {
  test.skip(networks.kind === 'pages', 'A page cannot slow the link of its machine.');
  const file = await randomFile(folder, { name: 'shared.bin', size: midwayBytes(networks) });
  const { sending, receiving, receiver, link } = await transferMidway(networks, file.path);
  await receiver.link?.limit(SLOW_MEGABITS);
  const machine = await networks.startMachine();
  const other = new ReceivingPage(await machine.browser.newPage());
  await other.open(link);
  await other.receive();
  await expectArrived(other, file);
  expect(await receiving.fraction(), 'the slow one is not done').toBeLessThan(1);
  await expect(sending.receiverStatuses()).toHaveText([/^Receiving/, /^Received and verified/]);
  await receiver.link?.limit(FAST_MEGABITS);
  await expectArrived(receiving, file);
  await expect(sending.receiverStatuses()).toHaveText([
    /^Received and verified/,
    /^Received and verified/,
  ]);
});
