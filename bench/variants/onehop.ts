import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright/test';
import { ReceivingPage } from '../../e2e/support/receiving-page.ts';
import { SendingPage } from '../../e2e/support/sending-page.ts';
import type { Input } from '../files/input.ts';
import type { BrowserPair } from '../support/browser-pair.ts';
import { NO_DETAILS, type OnehopDetails, parseDetails } from './details.ts';
import type { Course } from './course.ts';
import type { Outcome } from './outcome.ts';
import { watchTransfer } from './transfer-watch.ts';

/** How long somebody looks at what is offered before they press Receive, in milliseconds. */
const LOOK_MS = 1_000;

/** How a transfer by the built site is made. */
export interface OnehopPlan {
  readonly siteUrl: string;
  readonly input: Input;
  /** whether the receiver's browser inflates, as all of today do */
  readonly inflates: boolean;
  readonly limitMs: number;
}

/**
 * Has two people transfer files by the built site: one chooses them, the other opens the link, sees what is offered, and
 * presses Receive. The clock runs from that click to "Received and verified": all of it is on disk then.
 */
export async function transferByOnehop(
  { sender, receiver }: BrowserPair,
  plan: OnehopPlan,
  course: Course,
): Promise<Outcome & Omit<OnehopDetails, 'halves'>> {
  const sending = new SendingPage(await sender.openPage(), plan.siteUrl);
  const receiving = new ReceivingPage(await receiver.openPage());
  if (!plan.inflates) await receiver.context.addInitScript(forgetInflating);
  await sending.open();
  await sending.sendBy('Directly');
  const { input } = plan;
  const link =
    input.type === 'folder'
      ? await sending.chooseFolder(input.path)
      : await sending.choose(input.path);
  await receiving.open(link);
  await receiving.expectOffered();
  await delay(LOOK_MS);
  await course.onReady();
  const watched = receiving.page.evaluate(watchTransfer, plan.limitMs);
  await receiving.receive();
  course.onBegun();
  const { state, fraction, seconds } = await watched;
  await course.onEnded();
  const details = await readDetails(receiving.page);
  if (state === 'done') return { type: 'whole', bytes: input.bytes, seconds, ...details };
  if (state !== 'receiving' || fraction === 0)
    return { type: 'failed', why: `the page ended as ${state}`, ...details };
  return { type: 'stopped', bytes: input.bytes * fraction, seconds, ...details };
}

/** Runs in the page before its own scripts. */
function forgetInflating(): void {
  Reflect.deleteProperty(globalThis, 'DecompressionStream');
}

/** Opens Details, where the page has them, and reads them. */
async function readDetails(page: Page): Promise<Omit<OnehopDetails, 'halves'>> {
  const opener = page.getByRole('button', { name: 'Details', exact: true });
  if (!(await opener.isVisible())) return NO_DETAILS;
  await opener.click();
  return parseDetails(await page.getByRole('main').innerText());
}
