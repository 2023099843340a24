import type { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';
import { UPLOAD_IDLE_MS, UPLOAD_LEAST_BYTES } from '../protocol/uploads.ts';
import type { LiveUpload } from './live-upload.ts';
import type { StorageLimits } from './storage-limits.ts';
import { UploadError } from './upload-error.ts';
import type { UploadStore, UploadWriter } from './upload-store.ts';
import { wholeUnits } from './upload.ts';

/** How much may be written before it is brought to disk, and before the disk is looked at, in bytes. */
const FLUSH_BYTES = 32 * 1024 * 1024;

/** The buffer that a body has, in which its packets are put together: as much is written at once at most. In bytes. */
const BUFFER_BYTES = 256 * 1024;

export interface AppendDeps {
  readonly store: UploadStore;
  readonly limits: StorageLimits;
  readonly clock: Clock;
}

/**
 * Puts a request's body behind what an upload has. Readers get each whole record as soon as it is written; what this
 * resolves with is safe from a loss of power. When the body breaks off, its whole records stay.
 *
 * @returns the offset after it
 */
export async function append(body: Readable, live: LiveUpload, deps: AppendDeps): Promise<number> {
  const { offset } = live.upload;
  const writer = await deps.store.writer(live.upload.id, offset);
  try {
    try {
      await writeBody(body, live, writer, deps);
    } finally {
      await keepWholeUnits(live, writer, offset, deps);
    }
    return live.upload.offset;
  } finally {
    await writer.close();
  }
}

async function writeBody(
  body: Readable,
  live: LiveUpload,
  writer: UploadWriter,
  { limits, clock }: AppendDeps,
): Promise<void> {
  const end = () => body.destroy(new UploadError('upload-not-found'));
  live.ended.addEventListener('abort', end, { once: true });
  let isWriting = false;
  const idle = setTimeout(() => {
    // Nobody can bring anything while the disk is waited for.
    if (isWriting) idle.refresh();
    else body.destroy(new UploadError('bad-request'));
  }, UPLOAD_IDLE_MS);
  const alive = () => {
    idle.refresh();
    live.alive(clock());
  };
  let unflushed = 0;
  try {
    live.ended.throwIfAborted();
    for await (const bytes of gather(body, live, alive)) {
      isWriting = true;
      if (live.bytes + bytes.length > live.upload.length) throw new UploadError('upload-too-large');
      limits.take(bytes.length);
      await writeCounted(writer, bytes, limits);
      live.received(live.bytes + bytes.length, clock());
      unflushed += bytes.length;
      if (unflushed >= FLUSH_BYTES) {
        unflushed = 0;
        writer.flush();
        await limits.checkDisk(0);
      }
      live.ended.throwIfAborted();
      isWriting = false;
    }
  } finally {
    clearTimeout(idle);
    live.ended.removeEventListener('abort', end);
  }
}

/**
 * A body's bytes, put together up to where a record ends, or until the buffer is full: only whole records count, and a
 * write for each packet would take longer than the bytes do. What comes is copied, so that the smallest packets take no more
 * memory than the largest.
 *
 * @param alive called as long as enough comes
 * @returns what is good only until more is asked for
 */
async function* gather(
  body: Readable,
  { bytes: start, upload: { unit, length } }: LiveUpload,
  alive: () => void,
): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  let [position, gathered, sinceAlive] = [start, 0, 0];
  // Who gave the body ends it. Ended from here, in the middle, @tus/server would hear of that before it hears why.
  const chunks: AsyncIterable<Uint8Array> = body.iterator({ destroyOnReturn: false });
  for await (const chunk of chunks) {
    sinceAlive += chunk.length;
    if (sinceAlive >= UPLOAD_LEAST_BYTES) {
      sinceAlive = 0;
      alive();
    }
    for (let taken = 0; taken < chunk.length;) {
      const some = chunk.subarray(taken, taken + BUFFER_BYTES - gathered);
      buffer.set(some, gathered);
      taken += some.length;
      gathered += some.length;
      const end = position + gathered;
      const isWhole = Math.floor(end / unit) > Math.floor(position / unit) || end >= length;
      if (!isWhole && gathered < BUFFER_BYTES) continue;
      yield buffer.subarray(0, gathered);
      [position, gathered] = [end, 0];
    }
  }
  if (gathered > 0) yield buffer.subarray(0, gathered);
}

async function writeCounted(
  writer: UploadWriter,
  chunk: Uint8Array,
  limits: StorageLimits,
): Promise<void> {
  try {
    await writer.write(chunk);
  } catch (thrown) {
    limits.give(chunk.length);
    throw thrown;
  }
}

/** Makes what was written count for good, or nothing of it when it did not get to the disk. */
async function keepWholeUnits(
  live: LiveUpload,
  writer: UploadWriter,
  before: number,
  { limits, clock }: AppendDeps,
): Promise<void> {
  const settleAt = (size: number) => {
    limits.give(live.bytes - size);
    live.received(size, clock());
  };
  try {
    const kept = wholeUnits(live.upload, live.bytes);
    // A write that failed in its middle left bytes that nobody counted.
    if (kept < live.upload.length) await writer.truncate(kept);
    await writer.sync();
    settleAt(kept);
  } catch (thrown) {
    settleAt(before);
    throw thrown;
  }
}
