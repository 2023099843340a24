import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { NOTHING_OPEN, SessionWorld, openWorld } from '../testing/session-world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

it('a receiving page that is closed before its keys are derived opens nothing', async () => {
  const { world, page } = await openWorld();
  page.session.close();
  await world.settle();
  expect(page.leftOpen()).toEqual(NOTHING_OPEN);
});

it('a sending page that is closed before its keys are derived opens nothing', async () => {
  const world = new SessionWorld();
  world.sender.share(world.chosen);
  world.sender.close();
  await world.settle();
  expect(world.leftOpen()).toEqual(NOTHING_OPEN);
});
