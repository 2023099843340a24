import fc from 'fast-check';
import { expect, test } from 'vitest';
import { progressFraction, receiverFraction } from './fraction.ts';
import { sampleReceiver } from './sample-states.ts';

const progress = (bytes: number, totalBytes: number) => ({
  bytes,
  totalBytes,
  rate: null,
  secondsLeft: null,
});

test('a fraction stays between 0 and 1, whatever the counts', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), (bytes, totalBytes) => {
      const fraction = progressFraction(progress(bytes, totalBytes));
      expect(fraction).toBeGreaterThanOrEqual(0);
      expect(fraction).toBeLessThanOrEqual(1);
    }),
  );
});

test('half of the bytes are half of the way', () => {
  expect(progressFraction(progress(32, 64))).toBe(0.5);
});

test('a receiver of empty files is through only when it says so', () => {
  const empty = progress(0, 0);
  expect(receiverFraction(sampleReceiver(1, { type: 'choosing' }, empty))).toBe(0);
  expect(receiverFraction(sampleReceiver(1, { type: 'done' }, empty))).toBe(1);
});
