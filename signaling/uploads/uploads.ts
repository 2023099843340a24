import { join } from 'node:path';
import type { RequestHandler } from 'express';
import type { Clock, WallClock } from '../clock.ts';
import { describeError, type Log } from '../log.ts';
import type { Settings } from '../settings.ts';
import { StartupError } from '../startup-error.ts';
import { AddressBudget } from './address-budget.ts';
import { FolderInUseError } from './folder-lock.ts';
import { FolderStore } from './folder-store.ts';
import { MAX_PROBES, MAX_PROBES_PER_ADDRESS, PROBES_PER_MINUTE } from './probe.ts';
import { TransferSlots } from './transfer-slots.ts';
import { TusHandler } from './tus-handler.ts';
import { UploadRegistry, type UploadRegistryDeps } from './upload-registry.ts';
import type { UploadStore } from './upload-store.ts';
import { uploadsApi } from './uploads-api.ts';

const HOUR_SECONDS = 3_600;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** How often what is overdue is carried out, in milliseconds. */
const TICK_MS = 1_000;

export interface UploadsDeps extends Pick<UploadRegistryDeps, 'roomVerifier' | 'changed'> {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly wallClock: WallClock;
  readonly log: Log;
  /** in place of the folder, for tests */
  readonly store?: UploadStore;
}

/** Uploads as the app has them. */
export interface Uploads {
  readonly registry: UploadRegistry;
  readonly api: RequestHandler;
  /** Takes up what earlier runs left. @throws StartupError when the folder cannot be used */
  open(): Promise<void>;
  /** Ends every transfer and its files. */
  close(): Promise<void>;
}

/** Puts the uploads together; nothing is read and no timer runs until `open`. */
export function createUploads({ settings, clock, wallClock, log, ...deps }: UploadsDeps): Uploads {
  const store = deps.store ?? new FolderStore(join(settings.DATA_DIR, 'uploads'));
  const most = settings.MAX_UPLOAD_LIFETIME_HOURS * HOUR_SECONDS;
  const registry = new UploadRegistry({
    store,
    clock,
    wallClock,
    log,
    roomVerifier: deps.roomVerifier,
    changed: deps.changed,
    limits: {
      maxUploadBytes: settings.MAX_UPLOAD_BYTES,
      maxStoredBytes: settings.MAX_STORED_BYTES,
      minFreeBytes: settings.MIN_FREE_BYTES,
      maxUploads: settings.MAX_SHARES,
    },
    lifetimes: {
      usual: settings.UPLOAD_LIFETIME_HOURS * HOUR_SECONDS,
      most,
    },
  });
  const api = uploadsApi({
    registry,
    store,
    clock,
    log,
    proxies: settings.TRUST_PROXY,
    tus: new TusHandler({ registry, log, maxUploadBytes: settings.MAX_UPLOAD_BYTES }),
    // Apart, so that those who take do not keep out those who bring, nor the other way round.
    uploadSlots: slotsOf(settings),
    downloadSlots: slotsOf(settings),
    terms: { maxLifetimeSeconds: most },
    created: new AddressBudget(clock, HOUR_MS, settings.MAX_UPLOADS_PER_HOUR),
    probeSlots: new TransferSlots(MAX_PROBES, MAX_PROBES_PER_ADDRESS),
    probed: new AddressBudget(clock, MINUTE_MS, PROBES_PER_MINUTE),
  });
  let timer: NodeJS.Timeout | undefined;
  return {
    registry,
    api,
    async open() {
      await openRegistry(registry);
      timer = setInterval(() => guard(() => registry.tick(), log), TICK_MS);
    },
    async close() {
      clearInterval(timer);
      await registry.close();
    },
  };
}

function slotsOf({ MAX_TRANSFERS, MAX_TRANSFERS_PER_ADDRESS }: UploadsDeps['settings']) {
  return new TransferSlots(MAX_TRANSFERS, MAX_TRANSFERS_PER_ADDRESS);
}

async function openRegistry(registry: UploadRegistry): Promise<void> {
  try {
    await registry.open();
  } catch (thrown) {
    if (thrown instanceof FolderInUseError) {
      throw new StartupError('DATA_DIR is in use: another server keeps its uploads there.');
    }
    throw new StartupError(
      'DATA_DIR cannot be used for uploads: it must be a folder to write in.',
      {
        cause: thrown,
      },
    );
  }
}

function guard(run: () => void, log: Log): void {
  try {
    run();
  } catch (thrown) {
    log.error(`looking after uploads failed: ${describeError(thrown)}`);
  }
}
