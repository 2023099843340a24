import { expect, test } from 'vitest';
import { BusyClock } from './busy-clock.ts';

test('counts the time in which anything is under way, once', async () => {
  let now = 0;
  const clock = new BusyClock(() => now);
  let endFirst = () => {};
  let failSecond = () => {};
  const first = clock.during(() => new Promise<void>((resolve) => (endFirst = resolve)));
  now = 10;
  const second = clock.during(
    () => new Promise<void>((_, reject) => (failSecond = () => reject(new Error('no')))),
  );
  now = 15;
  endFirst();
  await first;
  expect(clock.busyMs).toBe(15);
  now = 20;
  failSecond();
  await expect(second).rejects.toThrow('no');
  now = 100;
  expect(clock.busyMs).toBe(20);
});
