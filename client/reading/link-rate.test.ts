import { expect, it } from 'vitest';
import { UNKNOWN_LINK, linkBytesPerSecond, noteSent } from './link-rate.ts';

it('a link takes as much as it took in the best of the last seconds', () => {
  let rate = noteSent(UNKNOWN_LINK, 5, 100);
  expect(linkBytesPerSecond(rate)).toBe(0);
  for (const [bytes, at] of [
    [7, 900],
    [4, 1_000],
  ] as const) {
    rate = noteSent(rate, bytes, at);
  }
  expect(linkBytesPerSecond(rate)).toBe(12);
  rate = noteSent(rate, 1, 8_500);
  expect(linkBytesPerSecond(rate)).toBe(12);
  rate = noteSent(rate, 1, 9_000);
  expect(linkBytesPerSecond(rate)).toBe(4);
  expect(linkBytesPerSecond(noteSent(rate, 1, 1e9))).toBe(0);
});
