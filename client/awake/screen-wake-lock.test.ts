// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { holdScreenAwake } from './screen-wake-lock.ts';

/** A lock that the test can let go of, as a browser does whose page is hidden. */
class FakeLock {
  released = false;

  async release(): Promise<void> {
    this.released = true;
  }
}

let locks: FakeLock[];
let request: () => Promise<FakeLock>;
let hidden: boolean;
let stop: AbortController;

const settle = () => vi.waitFor(() => Promise.resolve());
const held = () => locks.filter(({ released }) => !released).length;

async function setHidden(now: boolean): Promise<void> {
  hidden = now;
  document.dispatchEvent(new Event('visibilitychange'));
  await settle();
}

beforeEach(() => {
  locks = [];
  hidden = false;
  stop = new AbortController();
  request = async () => {
    locks.push(new FakeLock());
    return locks.at(-1) ?? new FakeLock();
  };
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => hidden);
  vi.stubGlobal('navigator', { wakeLock: { request: () => request() } });
});

afterEach(() => {
  stop.abort();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it('the screen is held until that is over', async () => {
  holdScreenAwake(stop.signal);
  await settle();
  expect(held()).toBe(1);
  stop.abort();
  expect(held()).toBe(0);
  await setHidden(false);
  expect(locks.length).toBe(1);
});

it('the screen is held again after the page was hidden, and not twice', async () => {
  holdScreenAwake(stop.signal);
  await settle();
  await setHidden(false);
  expect(locks.length).toBe(1);
  await locks[0]?.release();
  await setHidden(true);
  expect(held()).toBe(0);
  await setHidden(false);
  expect(held()).toBe(1);
});

it('the screen is let go of also where it is got only after that is over', async () => {
  let give: (lock: FakeLock) => void = () => {};
  request = () =>
    new Promise((resolve) => {
      give = resolve;
    });
  holdScreenAwake(stop.signal);
  stop.abort();
  const late = new FakeLock();
  give(late);
  await settle();
  expect(late.released).toBe(true);
});

it('a browser that refuses is asked again when the page is shown again', async () => {
  const give = request;
  request = () => Promise.reject(new Error('battery'));
  holdScreenAwake(stop.signal);
  await settle();
  request = give;
  await setHidden(false);
  expect(held()).toBe(1);
});

it('a browser that cannot hold the screen is left alone', () => {
  vi.stubGlobal('navigator', {});
  expect(() => holdScreenAwake(stop.signal)).not.toThrow();
});
