import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { UploadTerms } from '../../signaling/protocol/uploads.ts';
import { SenderWorld } from '../testing/sender-world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const HOUR_SECONDS = 3_600;

/** A sending page whose server says these terms; it is reloaded, so that they are asked for. */
async function openOn(terms: UploadTerms | null, prepare = async (_world: SenderWorld) => {}) {
  const world = new SenderWorld();
  await prepare(world);
  const { uploads, openUploader } = world.uploads;
  const openedFor: number[] = [];
  world.uploads = {
    uploads: { ...uploads, terms: async () => terms },
    openUploader: (task, ...others) => {
      openedFor.push(task.lifetimeSeconds);
      return openUploader(task, ...others);
    },
  };
  await world.reload();
  return { world, openedFor };
}

describe('a sending page', () => {
  it('[UL5] chooses a lifetime that its server allows, and asks for that', async () => {
    const { world, openedFor } = await openOn({ maxLifetimeSeconds: 12 * HOUR_SECONDS });
    expect(world.sendDelivery).toMatchObject({
      maxLifetimeHours: 12,
      choice: { lifetimeHours: 12, downloadLimit: 0 },
    });
    world.sender.sendBy('server');
    await world.share();
    await world.settle();
    expect(openedFor).toEqual([12 * HOUR_SECONDS]);
  });

  it('keeps what was chosen where its server allows it', async () => {
    const { world } = await openOn({ maxLifetimeSeconds: 72 * HOUR_SECONDS });
    expect(world.sendDelivery.choice.lifetimeHours).toBe(24);
  });

  it('[UL5] takes no longer lifetime from the share that it goes on with', async () => {
    const { world } = await openOn({ maxLifetimeSeconds: HOUR_SECONDS }, async (earlier) => {
      earlier.sender.chooseUpload({ lifetimeHours: 168, downloadLimit: 1 });
      await earlier.share();
    });
    expect(world.sendState.type).toBe('interrupted');
    expect(world.sendDelivery.choice).toEqual({ lifetimeHours: 1, downloadLimit: 1 });
  });

  it('asks for no less than the protocol knows where its server allows less', async () => {
    const { world, openedFor } = await openOn({ maxLifetimeSeconds: 4 });
    world.sender.sendBy('server');
    await world.share();
    await world.settle();
    expect(openedFor).toEqual([60]);
  });

  it('has go directly what was to go through a server that takes none', async () => {
    const { world, openedFor } = await openOn(null, async (earlier) => {
      earlier.sender.sendBy('server');
      await earlier.share();
    });
    expect(world.sendDelivery).toMatchObject({ sendBy: 'any', offered: false });
    expect(openedFor).toEqual([]);
  });

  it('[UL5] offers no server that takes none, before there is a share', async () => {
    const { world } = await openOn(null);
    expect(world.sendState.type).toBe('idle');
    expect(world.sendDelivery.offered).toBe(false);
  });
});
