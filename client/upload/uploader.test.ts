import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ErrorReason } from '../errors/error-reason.ts';
import { OnehopError } from '../errors/onehop-error.ts';
import { encodeBase64url } from '../encoding/base64url.ts';
import { SEALED_RECORD_BYTES } from '../sealing/record.ts';
import { PIECE_BYTES } from '../share/manifest.ts';
import { MEMORY_ORIGIN } from '../testing/memory-upload-server.ts';
import { openThreads, uploadThreads } from '../testing/upload-threads.ts';
import { ServerReceiver, type UploadWorld, createUploadWorld } from '../testing/upload-world.ts';
import { PART_BYTES, type SendLimits } from './tus-sender.ts';
import { type KeptUpload, Uploader, type UploaderTools, newUpload } from './uploader.ts';

/** Short pauses; what ends an upload is far longer than a busy machine takes. */
const QUICK: Partial<SendLimits> = {
  pausesMs: [1, 2, 5],
  giveUpMs: 15_000,
  stallMs: 10_000,
  lookMs: 20,
};
const uploaders: Uploader[] = [];

afterEach(() => {
  for (const uploader of uploaders.splice(0)) uploader.close();
  expect(openThreads.count).toBe(0);
});

const until = (check: () => boolean) =>
  vi.waitFor(() => expect(check()).toBe(true), { timeout: 20_000, interval: 5 });

function upload(
  world: UploadWorld,
  kept: KeptUpload = newUpload(),
  changes: Partial<UploaderTools> = {},
) {
  const told: {
    kept: KeptUpload;
    progress: number[];
    end: 'complete' | ErrorReason | null;
    read: number[];
    /** what it waited for, in order; null: it went on */
    waited: (ErrorReason | null)[];
  } = { kept, progress: [], end: null, read: [], waited: [] };
  const uploader = new Uploader(
    {
      manifest: world.manifest,
      secret: world.secret,
      keys: world.keys,
      lifetimeSeconds: 3_600,
      downloadLimit: 0,
      kept,
    },
    {
      origin: MEMORY_ORIGIN,
      read: (piece) => {
        told.read.push(piece);
        return world.reader.readToOwn(piece);
      },
      hashOf: () => null,
      openThread: uploadThreads(world.server),
      limits: QUICK,
      ...changes,
    },
    {
      onCreated: (id) => (told.kept = { ...kept, id }),
      onProgress: ({ sent }) => told.progress.push(sent),
      onWaiting: (reason) => told.waited.push(reason),
      onComplete: () => (told.end = 'complete'),
      onFailed: (reason) => (told.end = reason),
    },
  );
  uploaders.push(uploader);
  return { uploader, told };
}

/** Receives what is on the server, and says whether it is what was sent. */
async function receives(world: UploadWorld): Promise<boolean> {
  const receiver = new ServerReceiver(world);
  await until(() => receiver.done || receiver.closed !== null);
  receiver.source.close('receiver-left');
  return world.originals.every((original, file) =>
    original.every((byte, index) => byte === receiver.store.files[file]?.[index]),
  );
}

describe('uploader', () => {
  it.each([
    ['files of all kinds', [0, 5, 2 * PIECE_BYTES, 0, PIECE_BYTES - 1, 300_000]],
    ['more than a part', [20 * PIECE_BYTES]],
    ['many small files', Array.from({ length: 600 }, (_, index) => index % 40)],
    ['no file', []],
  ])('[UL1] leaves a share with the server that a receiver can read: %s', async (_, sizes) => {
    const world = await createUploadWorld(sizes);
    const { told } = upload(world);
    await until(() => told.end !== null);
    expect(told.end).toBe('complete');
    expect(told.progress.at(-1)).toBe(world.manifest.totalBytes);
    expect(told.read).toEqual([...Array(world.manifest.pieceCount).keys()]);
    expect(await receives(world)).toBe(true);
  });

  it('[UL2] goes on by itself after losses, and sends no part again that was taken', async () => {
    const world = await createUploadWorld([40 * PIECE_BYTES]);
    const { told } = upload(world);
    await until(() => (world.server.summary?.offset ?? 0) >= PART_BYTES);
    world.server.offline = true;
    await until(() => world.server.requests.some((text) => text.startsWith('PATCH')));
    world.server.refuse(/PATCH/, 'server-error', 2);
    world.server.offline = false;
    await until(() => told.end !== null);
    expect(told.end).toBe('complete');
    expect(told.read).toEqual([...Array(40).keys()]);
    expect(told.waited.length).toBeGreaterThanOrEqual(2);
    expect(told.waited.at(-1)).toBeNull();
    expect(await receives(world)).toBe(true);
  });

  it('[UL2] gives up by name where the server stays away', async () => {
    const world = await createUploadWorld([10]);
    world.server.offline = true;
    const { told } = upload(world, newUpload(), { limits: { ...QUICK, giveUpMs: 200 } });
    await until(() => told.end !== null);
    expect(told.end).toBe('upload-unreachable');
  });

  it.each(['upload-too-large', 'too-many-uploads', 'server-storage-full', 'share-taken'] as const)(
    '[UL2] says at once that it was refused: %s',
    async (code) => {
      const world = await createUploadWorld([10]);
      world.server.refuse(/POST/, code);
      const { told } = upload(world);
      await until(() => told.end !== null);
      expect(told.end).toBe(code);
      expect(world.server.requests.length).toBe(1);
    },
  );

  it('[UL2] says that its upload is gone, and makes no other', async () => {
    const world = await createUploadWorld([40 * PIECE_BYTES]);
    const { told } = upload(world);
    await until(() => (world.server.summary?.offset ?? 0) >= PART_BYTES);
    world.server.remove();
    await until(() => told.end !== null);
    expect(told.end).toBe('upload-not-found');
    expect(world.server.requests.filter((text) => text.startsWith('POST')).length).toBe(1);
  });

  it('[UL3] is gone on with by a later page, from where the server is', async () => {
    const world = await createUploadWorld([36 * PIECE_BYTES, 100]);
    const first = upload(world);
    await until(() => (world.server.summary?.offset ?? 0) >= PART_BYTES);
    first.uploader.close();
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
    // As where a part was cut off in the middle.
    world.server.grow(PART_BYTES - 3 * SEALED_RECORD_BYTES);
    const second = upload(world, first.told.kept);
    await until(() => second.told.end !== null);
    expect(second.told.end).toBe('complete');
    expect(Math.min(...second.told.read.slice(0, 10))).toBe(14);
    expect(world.server.summary?.id).toBe(first.told.kept.id);
    expect(await receives(world)).toBe(true);
  });

  it('[UL3] sends nothing while it is paused', async () => {
    const world = await createUploadWorld([40 * PIECE_BYTES]);
    // Shorter than it is paused: what rests is not what has stalled.
    const { uploader, told } = upload(world, newUpload(), { limits: { ...QUICK, stallMs: 150 } });
    await until(() => (world.server.summary?.offset ?? 0) >= PART_BYTES);
    uploader.pause();
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
    const { length } = world.server.requests;
    await new Promise((resolve) => {
      setTimeout(resolve, 600);
    });
    expect([told.end, world.server.requests.length]).toEqual([null, length]);
    uploader.resume();
    await until(() => told.end !== null);
    expect(told.end).toBe('complete');
    expect(await receives(world)).toBe(true);
  });

  it('ends with the reason where a file can no longer be read', async () => {
    const world = await createUploadWorld([3 * PIECE_BYTES]);
    const read = (piece: number) =>
      piece < 2
        ? world.reader.read(piece, false)
        : Promise.reject(new OnehopError('source-changed'));
    const { told } = upload(world, newUpload(), { read });
    await until(() => told.end !== null);
    expect(told.end).toBe('source-changed');
  });

  it('[UL4] is deleted from the server by its owner, and by nobody else', async () => {
    const world = await createUploadWorld([10]);
    const { told } = upload(world);
    await until(() => told.end !== null);
    const { signal } = new AbortController();
    await world.api.delete(world.keys, encodeBase64url(new Uint8Array(32)), signal);
    expect(world.server.summary).not.toBeNull();
    await world.api.delete(world.keys, told.kept.owner, signal);
    expect(world.server.summary).toBeNull();
  });
});
