import { expect, it, onTestFinished } from 'vitest';
import { startTicker } from './ticker.ts';

it('a ticker ticks from its worker, the timers of the page standing still', async () => {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const setInterval = globalThis.setInterval;
  onTestFinished(() => {
    globalThis.setInterval = setInterval;
  });
  Object.assign(globalThis, { setInterval: () => 0 });
  let ticks = 0;
  await new Promise<void>((resolve) => {
    startTicker(() => {
      ticks += 1;
      if (ticks === 3) resolve();
    }, stop.signal);
  });
  expect(ticks).toBe(3);
});
