import type { Writable } from 'node:stream';
import type { Clock } from '../clock.ts';
import { UPLOAD_STALL_MS } from '../protocol/uploads.ts';
import type { ContentRange } from './content-range.ts';
import type { LiveUpload } from './live-upload.ts';
import type { UploadReader } from './upload-store.ts';

/** One of the two buffers that a download has: one is filled while the other is sent. */
const BUFFER_BYTES = 128 * 1024;

export interface SendDeps {
  readonly clock: Clock;
  /** aborted when the one who asked has gone, or does not read */
  readonly signal: AbortSignal;
}

/**
 * Sends a range of an upload as fast as `target` takes it; what is not here yet is sent as it comes.
 *
 * @throws UploadError when the upload ends or nothing comes any more, and the signal's reason
 */
export async function sendContent(
  target: Writable,
  live: LiveUpload,
  reader: UploadReader,
  { first, last }: ContentRange,
  { clock, signal }: SendDeps,
): Promise<void> {
  let [buffer, other] = [Buffer.alloc(BUFFER_BYTES), Buffer.alloc(BUFFER_BYTES)];
  let sent: Promise<void> = Promise.resolve();
  for (let position = first; position <= last;) {
    // What is on its way is seen to first: a wait for more can be long.
    if (position >= live.upload.offset) await sent;
    await live.reach(position, clock(), signal);
    const end = Math.min(last + 1, live.upload.offset, position + BUFFER_BYTES);
    const bytes = buffer.subarray(0, end - position);
    await reader.read(bytes, position);
    await sent;
    signal.throwIfAborted();
    live.ended.throwIfAborted();
    sent = write(target, bytes);
    sent.catch(() => {});
    position = end;
    [buffer, other] = [other, buffer];
  }
  await sent;
}

/** Resolves once the system has the bytes, and their buffer is free; ends a connection that takes nothing. */
async function write(target: Writable, bytes: Uint8Array): Promise<void> {
  const stalled = setTimeout(() => target.destroy(), UPLOAD_STALL_MS);
  try {
    await new Promise<void>((resolve, reject) => {
      target.write(bytes, (error) => {
        if (error instanceof Error) reject(error);
        else resolve();
      });
    });
  } finally {
    clearTimeout(stalled);
  }
}
