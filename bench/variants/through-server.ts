import { expect } from 'playwright/test';
import { ReceivingPage } from '../../e2e/support/receiving-page.ts';
import { SendingPage } from '../../e2e/support/sending-page.ts';
import type { Input } from '../files/input.ts';
import type { BrowserPair } from '../support/browser-pair.ts';
import type { Course } from './course.ts';
import type { OnehopDetails } from './details.ts';
import type { Outcome } from './outcome.ts';

/** How a transfer through the server is made: `streamed`, the receiver begins as soon as it can. */
export interface ThroughServerPlan {
  readonly siteUrl: string;
  readonly input: Input;
  readonly limitMs: number;
  readonly method: 'stored' | 'streamed';
}

/** When something began and ended, by the clock that all pages of a machine share; in ms since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Has two people transfer a file through the built site's server. Stored: the time is that of the upload, from the choice
 * of the file on, and of the download, from the click on Receive on. Streamed: that from the choice to the receiver's end.
 */
export async function transferThroughServer(
  { sender, receiver }: BrowserPair,
  { siteUrl, input, limitMs, method }: ThroughServerPlan,
  course: Course,
): Promise<Outcome & Partial<OnehopDetails>> {
  const sending = new SendingPage(await sender.openPage(), siteUrl);
  const receiving = new ReceivingPage(await receiver.openPage());
  await sending.open();
  await sending.sendBy('Through the server');
  // A page of the same site, so that the process that is measured is the one that receives.
  await receiving.page.goto(`${siteUrl}/healthz`);
  await course.onReady();
  course.onBegun();
  const uploading = sending.page.evaluate(watchUpload, limitMs);
  const link = await sending.choose(input.path);
  if (method === 'stored') await uploading;
  await receiving.open(link);
  await receiving.expectOffered();
  await expect(receiving.main).toContainText('You get them from there', { timeout: limitMs });
  const downloading = receiving.page.evaluate(watchDownload, limitMs);
  await receiving.receive();
  const [up, down] = [await uploading, await downloading];
  await course.onEnded();
  if (up === null || down === null) return { type: 'failed', why: 'the time was over' };
  const [upSeconds, downSeconds] = [secondsOf(up), secondsOf(down)];
  const { bytes } = input;
  if (method === 'stored') {
    const halves = { up: upSeconds, down: downSeconds, lag: null };
    return { type: 'whole', bytes, seconds: upSeconds + downSeconds, halves };
  }
  const halves = { up: upSeconds, down: null, lag: (down.to - up.to) / 1000 };
  return { type: 'whole', bytes, seconds: secondsOf({ from: up.from, to: down.to }), halves };
}

/** How long that was. */
export function secondsOf({ from, to }: Span): number {
  return (to - from) / 1000;
}

/** Runs in the sending page: from the choice of files until the server has them; null where that takes too long. */
export function watchUpload(limitMs: number): Promise<{ from: number; to: number } | null> {
  return new Promise((resolve) => {
    let from = 0;
    addEventListener('change', () => (from ||= Date.now()), { capture: true });
    const observer = new MutationObserver(() => {
      if (document.querySelector('[data-upload=stored]') === null) return;
      observer.disconnect();
      resolve({ from, to: Date.now() });
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true });
    setTimeout(() => resolve(null), limitMs);
  });
}

/** Runs in the receiving page: from the click on Receive until everything is verified; null where that takes too long. */
export function watchDownload(limitMs: number): Promise<{ from: number; to: number } | null> {
  return new Promise((resolve) => {
    let from = 0;
    addEventListener('click', () => (from ||= Date.now()), { capture: true });
    const observer = new MutationObserver(() => {
      if (document.querySelector('main')?.dataset['state'] !== 'done') return;
      observer.disconnect();
      resolve({ from, to: Date.now() });
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true });
    setTimeout(() => resolve(null), limitMs);
  });
}
