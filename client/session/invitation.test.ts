import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSecret } from '../share/link.ts';
import { openWorld } from '../testing/session-world.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a sender who compares gives its files, and asks the receivers that are there to take part', async () => {
  const { world, page, reach } = await openWorld();
  await reach('offered');
  expect(page.delivery.invitation).toBeNull();
  world.sender.compare();
  const [opened] = world.compared;
  expect(opened?.files.map(({ size }) => size)).toEqual(
    world.originals.map(({ length }) => length),
  );
  const comparison = createSecret();
  opened?.onSecret(comparison);
  await world.until('invited', () => page.delivery.invitation !== null);
  expect(page.delivery.invitation).toEqual(comparison);
});
