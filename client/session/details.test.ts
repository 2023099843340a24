import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PIECE_BYTES } from '../share/manifest.ts';
import { openWorld } from '../testing/session-world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('details of a transfer', () => {
  it('come to both pages while it is paused and stay as they were at its end', async () => {
    const total = 3 * PIECE_BYTES + 5;
    const { world, page, reach } = await openWorld({ sizes: [total] });
    await reach('offered');
    expect(page.details).toBeNull();
    expect(world.sendDetails.size).toBe(0);
    page.session.receive();
    await world.until('something', () => page.details !== null);
    page.session.pause();
    await world.pass(2_000);
    expect(page.details).toMatchObject({ report: { path: 'direct' }, rate: null, ended: false });
    expect(page.details?.report.lanes).toBeGreaterThan(0);
    expect(page.details?.report.windowBytes).toBeGreaterThan(0);
    expect(world.sendDetails.get('1')).toMatchObject({ report: { path: 'direct' }, ended: false });
    page.session.resume();
    await reach('done');
    await world.pass(1_000);
    const [received, sent] = [page.details, world.sendDetails.get('1')];
    for (const details of [received, sent]) {
      expect(details).toMatchObject({ rate: null, ended: true });
      expect(details?.history.samples.at(-1)?.bytes).toBe(total);
    }
    expect(received?.report.plainBytes).toBe(total);
    expect(received?.report.firstByteMs).toBeGreaterThanOrEqual(0);
    await world.pass(10_000);
    expect(page.details).toEqual(received);
    expect(world.sendDetails.get('1')).toEqual(sent);
  });

  it('go with the share', async () => {
    const { world, page, reach } = await openWorld({ sizes: [10] });
    await reach('offered');
    page.session.receive();
    await reach('done');
    await world.settle();
    expect(world.sendDetails.size).toBe(1);
    world.sender.stopSharing();
    await world.settle();
    expect(world.sendDetails.size).toBe(0);
  });
});
