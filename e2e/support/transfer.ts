import { type Page, type TestInfo, expect } from 'playwright/test';
import { channelBytes, countChannelBytes } from './channel-bytes.ts';
import type { Machine, Networks } from './networks.ts';
import { ReceivingPage } from './receiving-page.ts';
import { firstDifference } from './same-bytes.ts';
import { SendingPage } from './sending-page.ts';
import { MIB } from './sizes.ts';

/** The receiver's link, in Mbit/s: up to the middle, and from there on so slow that a test can act before everything has arrived. */
const MEGABITS = { before: 40, after: 20 } as const;

/** Of what has to arrive before a test acts: sent twice, it would be more than `SENT_TWICE_BYTES`. */
const MIDWAY = { namespaces: 0.5, pages: 0.1 } as const;

/** The most that may be sent twice for one interruption. */
const SENT_TWICE_BYTES = 9 * MIB;

/** What the headers of frames and the control messages add to the bytes of the files, at most. */
const OVERHEAD = 0.02;

/** Two machines, one of which shares with the other. */
export interface Transfer {
  readonly sender: Machine;
  readonly receiver: Machine;
  readonly sending: SendingPage;
  readonly receiving: ReceivingPage;
  readonly link: string;
}

/** A size, in bytes, whose transfer takes some seconds: less where links can be slowed. */
export function midwayBytes(networks: Networks): number {
  return networks.kind === 'namespaces' ? 24 * MIB + 5 : 256 * MIB + 5;
}

/** Shares these paths between two machines, of which the receiver's link is slow, up to the middle of the transfer. */
export async function transferMidway(
  networks: Networks,
  ...paths: readonly string[]
): Promise<Transfer> {
  const [sender, receiver] = [await networks.startMachine(), await networks.startMachine()];
  await receiver.link?.limit(MEGABITS.before);
  await countChannelBytes(sender.browser);
  await countChannelBytes(receiver.browser);
  const sending = new SendingPage(await onlyPage(sender), networks.siteUrl);
  const receiving = new ReceivingPage(await onlyPage(receiver));
  const link = await sending.share(...paths);
  await receiving.open(link);
  await receiving.receive();
  await receiving.expectMoreThan(MIDWAY[networks.kind], 60_000);
  await receiver.link?.limit(MEGABITS.after);
  await receiving.expectMidway();
  return { sender, receiver, sending, receiving, link };
}

/** Waits for the end of a transfer of one file, and compares what is saved with what was sent. */
export async function expectArrived(
  receiving: ReceivingPage,
  file: { readonly path: string; readonly name: string },
): Promise<void> {
  await receiving.expectDone();
  const saved = await receiving.save(file.name);
  expect(await firstDifference(file.path, saved.path), file.name).toBeNull();
}

/** Holds what one page has sent over its channels, since it was loaded, against the size of what it had to send. */
export async function expectLittleSentTwice(
  sending: SendingPage,
  { size, interruptions }: { readonly size: number; readonly interruptions: number },
): Promise<void> {
  const { sent } = await channelBytes(sending.page);
  expect(sent, 'the counter works').toBeGreaterThan(size / 2);
  expect(sent).toBeLessThan(size * (1 + OVERHEAD) + interruptions * SENT_TWICE_BYTES);
}

/** Writes a time into the report, where `npm test` shows it at its end. It decides nothing. */
export function noteSeconds(testInfo: TestInfo, what: string, milliseconds: number): void {
  const description = `${what} ${(milliseconds / 1000).toFixed(1)} s`;
  testInfo.annotations.push({ type: 'measured', description });
}

/** The page that a browser opens with: a second one would have a renderer of its own. */
export async function onlyPage({ browser }: Machine): Promise<Page> {
  return browser.pages()[0] ?? (await browser.newPage());
}
