import { setTimeout as delay } from 'node:timers/promises';
import type { TestInfo } from 'playwright/test';
import { expect, test } from '../fixtures/networks-test.ts';
import type { Machine, MachineLink, Networks } from '../support/networks.ts';
import { randomFile } from '../support/random-file.ts';
import { ReceivingPage } from '../support/receiving-page.ts';
import { SendingPage } from '../support/sending-page.ts';
import { MIB } from '../support/sizes.ts';
import { expectArrived, noteSeconds, onlyPage } from '../support/transfer.ts';

// What Chromium itself prints when it cannot reach a server.
test.use({
  expectedProblems: /console: (?:WebSocket connection to|Failed to load resource: net::)/,
});

const CUT_SECONDS = 5;
/** Of three parts, so that one is acknowledged and another is cut in its middle. */
const SIZE = 40 * MIB + 3;
const MEGABITS = 40;
/** What sealing, HTTP, TCP and IP add, and what pages say besides, at most. */
const OVERHEAD = 0.1;
/** What may be sent again for one cut: a part of 64 records. */
const PART_BYTES = 17 * MIB;
/** What may be fetched again for one cut: two ranges of 16 records. */
const RANGES_BYTES = 9 * MIB;
/** How long it may take to move again, so that a test ends: it is noted and decides nothing. */
const MOVES_AGAIN_WITHIN_MS = 60_000;

const RETURNS = [
  // Every connection is dead, and the server does not know it yet.
  { as: 'at another address', moved: true, tag: [] },
  // TCP goes on by itself: what matters is that nobody gives up meanwhile.
  { as: 'as it was', moved: false, tag: ['@long'] },
] as const;

for (const { as, moved, tag } of RETURNS) {
  const cut = `${CUT_SECONDS} s without a network, which is back ${as}`;
  const options = { tag: [...tag] };

  test(
    `an upload goes on by itself after ${cut}, and sends at most a part again`,
    { tag: '@long' },
    async ({ networks, folder }, testInfo) => {
      const [sender, link] = await startOnLine(networks, testInfo);
      const receiver = await networks.startMachine();
      const file = await randomFile(folder, { name: 'uploaded.bin', size: SIZE });
      const sending = new SendingPage(await onlyPage(sender), networks.siteUrl);
      const address = await sending.shareByServer(file.path);
      // Behind the first part, in the middle of the second.
      await sending.expectUploading(0.5);
      await loseNetwork(sender, link, moved);
      const before = await sending.uploadedFraction();
      expect(before, 'the file is too small: it was uploaded already').toBeLessThan(1);
      const mended = performance.now();
      await sender.mend();
      await sending.expectUploading(before, MOVES_AGAIN_WITHIN_MS);
      noteSeconds(testInfo, `an upload moves again after ${cut}, within`, since(mended));
      await sending.expectUploaded();
      const { sent } = await link.carried();
      expect(sent, 'the counter works').toBeGreaterThan(SIZE);
      expect(sent).toBeLessThan(SIZE * (1 + OVERHEAD) + PART_BYTES);
      await sending.page.close();
      const receiving = new ReceivingPage(await onlyPage(receiver));
      await receiving.open(address);
      await receiving.receive();
      await expectArrived(receiving, file);
    },
  );

  test(
    `a download goes on by itself after ${cut}, and fetches at most two ranges again`,
    options,
    async ({ networks, folder }, testInfo) => {
      const [receiver, link] = await startOnLine(networks, testInfo);
      const sender = await networks.startMachine();
      const file = await randomFile(folder, { name: 'fetched.bin', size: SIZE });
      const sending = new SendingPage(await onlyPage(sender), networks.siteUrl);
      const address = await sending.shareByServer(file.path);
      await sending.expectUploaded();
      await sending.page.close();
      const receiving = new ReceivingPage(await onlyPage(receiver));
      await receiving.open(address);
      await receiving.receive();
      await receiving.expectMoreThan(0.5, 60_000);
      await loseNetwork(receiver, link, moved);
      const before = await receiving.fraction();
      expect(before, 'the file is too small: it has arrived already').toBeLessThan(1);
      const mended = performance.now();
      await receiver.mend();
      await receiving.expectMoreThan(before, MOVES_AGAIN_WITHIN_MS);
      noteSeconds(testInfo, `a download moves again after ${cut}, within`, since(mended));
      await expectArrived(receiving, file);
      const { received } = await link.carried();
      expect(received, 'the counter works').toBeGreaterThan(SIZE);
      expect(received).toBeLessThan(SIZE * (1 + OVERHEAD) + RANGES_BYTES);
    },
  );
}

/** Starts a machine at the end of a slow line that counts; skips the test where there is none. */
async function startOnLine(
  networks: Networks,
  testInfo: TestInfo,
): Promise<readonly [Machine, MachineLink]> {
  const machine = await networks.startMachine();
  testInfo.skip(machine.link === null, 'What pages that only fall silent send cannot be counted.');
  if (machine.link === null) throw new Error('skipped');
  await machine.link.limit(MEGABITS);
  return [machine, machine.link];
}

/** Leaves a machine without a network for a while; `mend` gives it back, under another address if it moved. */
async function loseNetwork(machine: Machine, link: MachineLink, moved: boolean): Promise<void> {
  await machine.cut();
  // The length of the cut is what is tested.
  await delay(CUT_SECONDS * 1000);
  if (moved) await link.changeAddress();
}

function since(moment: number): number {
  return performance.now() - moment;
}
