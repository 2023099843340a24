import type { BrowserPair } from '../support/browser-pair.ts';
import { MIB } from '../../e2e/support/sizes.ts';
import type { Course } from './course.ts';
import type { Outcome } from './outcome.ts';
import {
  type Filling,
  acceptAnswer,
  answerChannel,
  offerChannel,
  receiveBytes,
  sendWhenAsked,
} from './raw-channel-pages.ts';

/** The most that is left in the send buffer of a plain channel, and when it is filled again. */
const BUFFER = { highBytes: 4 * MIB, lowBytes: 2 * MIB };

/** How much a plain sender gives its channel at a time. */
export const MESSAGE_BYTES = { usual: 64 * 1024, raw: 256 * 1024 } as const;

/**
 * Brings bytes over one ordered data channel whose sender keeps up to 4 MiB in its send buffer, as pages of this kind
 * do; nothing is hashed or stored. The connection is up when the clock starts, at the receiver's word. Signals pass
 * through this process.
 */
export async function transferByRawChannel(
  { sender, receiver }: BrowserPair,
  { bytes, messageBytes, limitMs }: Pick<Filling, 'bytes' | 'messageBytes'> & { limitMs: number },
  course: Course,
): Promise<Outcome> {
  const [sending, receiving] = [await sender.openPage(), await receiver.openPage()];
  for (const page of [sending, receiving]) await page.goto('about:blank');
  const offer = await receiving.evaluate(offerChannel);
  await receiving.evaluate(acceptAnswer, await sending.evaluate(answerChannel, offer));
  await sending.evaluate(sendWhenAsked, { bytes, messageBytes, ...BUFFER });
  await course.onReady();
  course.onBegun();
  const result = await receiving.evaluate(receiveBytes, { bytes, limitMs });
  await course.onEnded();
  return { type: result.bytes >= bytes ? 'whole' : 'stopped', ...result };
}
