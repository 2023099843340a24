import { type Locator, expect } from 'playwright/test';
import { ReceivingPage } from '../../e2e/support/receiving-page.ts';
import { SendingPage } from '../../e2e/support/sending-page.ts';
import type { Input } from '../files/input.ts';
import { type BrowserSetting, PlacedBrowser } from '../support/placed-browser.ts';
import { type Span, secondsOf, watchDownload, watchUpload } from '../variants/through-server.ts';
import type { CrowdWay } from './measured.ts';

const READY_MS = 120_000;
const LONGEST_MS = 600_000;

/** What is sent to so many receivers at once. */
export interface CrowdPlan {
  readonly siteUrl: string;
  readonly input: Input;
  readonly receivers: number;
  readonly way: CrowdWay;
}

/** How long that took, in seconds. */
export interface CrowdTimes {
  readonly upSeconds: number | null;
  readonly downSeconds: number;
}

/** Starts a sender and its receivers, each in a browser of its own, gives them to `use`, and closes them when that ends. */
export async function withCrowd<Value>(
  setting: BrowserSetting,
  receivers: number,
  use: (sender: PlacedBrowser, receivers: readonly PlacedBrowser[]) => Promise<Value>,
): Promise<Value> {
  const started: PlacedBrowser[] = [];
  try {
    const sender = await PlacedBrowser.start('sender', setting);
    started.push(sender);
    for (let count = 0; count < receivers; count += 1) {
      started.push(await PlacedBrowser.start('receiver', setting));
    }
    return await use(sender, started.slice(1));
  } finally {
    for (const browser of started) await browser.close();
  }
}

/**
 * Has one send a file by the built site to several who press Receive at the same time. The clock runs from the first of these
 * presses until the last has received and verified everything; through the server, the upload before it is measured as well.
 */
export async function driveCrowd(
  sender: PlacedBrowser,
  receivers: readonly PlacedBrowser[],
  { siteUrl, input, way }: Omit<CrowdPlan, 'receivers'>,
): Promise<CrowdTimes> {
  const sending = new SendingPage(await sender.openPage(), siteUrl);
  await sending.open();
  await sending.sendBy(way === 'direct' ? 'Directly' : 'Through the server');
  const uploading =
    way === 'server' ? sending.page.evaluate(watchUpload, LONGEST_MS) : Promise.resolve(null);
  const link = await sending.choose(input.path);
  const up = await uploading;
  const pages = await Promise.all(
    receivers.map(async (receiver) => new ReceivingPage(await receiver.openPage())),
  );
  for (const receiving of pages) {
    await receiving.open(link);
    await offered(receiving.main, way);
  }
  const downloading = pages.map(({ page }) => page.evaluate(watchDownload, LONGEST_MS));
  await Promise.all(pages.map((receiving) => receiving.receive()));
  const spans = (await Promise.all(downloading)).filter((span) => span !== null);
  if (spans.length < pages.length) throw new Error('Not all have received everything.');
  return {
    upSeconds: up === null ? null : secondsOf(up),
    downSeconds: secondsOf(around(spans)),
  };
}

async function offered(main: Locator, way: CrowdWay): Promise<void> {
  await expect(main).toHaveAttribute('data-state', 'offered', { timeout: READY_MS });
  if (way === 'server') {
    await expect(main).toContainText('You get them from there', { timeout: READY_MS });
  }
}

/** From the first beginning to the last end. */
function around(spans: readonly Span[]): Span {
  return {
    from: Math.min(...spans.map(({ from }) => from)),
    to: Math.max(...spans.map(({ to }) => to)),
  };
}
