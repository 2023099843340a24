import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '../fixtures/networks-test.ts';
import { randomFile } from '../support/random-file.ts';
import { ReceivingPage } from '../support/receiving-page.ts';
import { SendingPage } from '../support/sending-page.ts';
import { SilentNetwork } from '../support/silent-network.ts';
import { MIB } from '../support/sizes.ts';
import {
  expectArrived,
  expectLittleSentTwice,
  midwayBytes,
  noteSeconds,
  transferMidway,
} from '../support/transfer.ts';

// What Chromium itself prints when it cannot reach a server.
test.use({
  expectedProblems: /console: (?:WebSocket connection to|Failed to load resource: net::)/,
});

/** How long a transfer may take to move again, so that a test ends: the limits are noted, they decide nothing. */
const MOVES_AGAIN_WITHIN_MS = 60_000;

const SILENT_BYTES = 96 * MIB;

const CUTS = [
  { side: 'receiver', seconds: 5, tag: [] },
  { side: 'sender', seconds: 5, tag: ['@long'] },
  { side: 'receiver', seconds: 60, tag: ['@long'] },
] as const;

for (const { side, seconds, tag } of CUTS) {
  const title = `the ${side} is without a network for ${seconds} s, and the transfer carries on`;
  test(title, { tag: [...tag] }, async ({ networks, folder }, testInfo) => {
    const file = await randomFile(folder, { name: 'lost.bin', size: midwayBytes(networks) });
    const transfer = await transferMidway(networks, file.path);
    const { receiving, sending } = transfer;
    await transfer[side].cut();
    // The length of the cut is what is tested.
    await delay(seconds * 1000);
    const before = await receiving.fraction();
    expect(before).toBeLessThan(1);
    const mended = performance.now();
    await transfer[side].mend();
    await receiving.expectMoreThan(before, MOVES_AGAIN_WITHIN_MS);
    noteSeconds(
      testInfo,
      `after a cut of ${seconds} s moving again within`,
      performance.now() - mended,
    );
    await expectArrived(receiving, file);
    await expectLittleSentTwice(sending, { size: file.size, interruptions: 1 });
    await expect(sending.receiverStatuses()).toHaveText([/Received and verified$/]);
  });
}

const SILENCE = 'a page that falls silent for 5 s, as where no network can be cut, carries on';

test(SILENCE, { tag: '@long' }, async ({ launchBrowser, site, folder }) => {
  const file = await randomFile(folder, { name: 'silent.bin', size: SILENT_BYTES });
  const [one, two] = [await launchBrowser(), await launchBrowser()];
  const network = await SilentNetwork.prepare(two);
  const sending = new SendingPage(await one.newPage(), site.url);
  const receiving = new ReceivingPage(await two.newPage());
  await receiving.open(await sending.share(file.path));
  await receiving.receive();
  await receiving.expectMidway();
  await network.setSilent(true);
  await delay(5000);
  const before = await receiving.fraction();
  await network.setSilent(false);
  await receiving.expectMoreThan(before, MOVES_AGAIN_WITHIN_MS);
  await expectArrived(receiving, file);
});

test('the receiver gets another address, and the transfer carries on', async ({
  networks,
  folder,
}, testInfo) => {
  test.skip(networks.kind === 'pages', 'A page cannot change the address of its machine.');
  const file = await randomFile(folder, { name: 'moved.bin', size: midwayBytes(networks) });
  const { receiver, receiving, sending } = await transferMidway(networks, file.path);
  await receiver.link?.changeAddress();
  const changed = performance.now();
  const before = await receiving.fraction();
  await receiving.expectMoreThan(before, MOVES_AGAIN_WITHIN_MS);
  noteSeconds(
    testInfo,
    'after a change of address moving again within',
    performance.now() - changed,
  );
  await expectArrived(receiving, file);
  await expectLittleSentTwice(sending, { size: file.size, interruptions: 1 });
});

const BOTH =
  'what both sides have paused, out of reach of each other, goes on only when both have resumed';

test(BOTH, { tag: '@long' }, async ({ networks, folder }) => {
  const file = await randomFile(folder, { name: 'paused.bin', size: midwayBytes(networks) });
  const { sending, receiving, receiver } = await transferMidway(networks, file.path);
  // Who hears that the other has paused waits, and has nothing to pause any more.
  await receiver.cut();
  await receiving.pause();
  await sending.press('Pause', 1);
  await receiver.mend();
  await expect(sending.receiverStatuses()).toHaveText([/Paused on both sides/], {
    timeout: MOVES_AGAIN_WITHIN_MS,
  });
  await expect(receiving.status).toHaveText(/Paused by you and by the sender/);
  await receiving.resume();
  await expect(sending.receiverStatuses()).toHaveText([/Paused by you/]);
  await expect(receiving.main).toHaveAttribute('data-state', 'paused');
  await sending.press('Resume', 1);
  await expectArrived(receiving, file);
});
