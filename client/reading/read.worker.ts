import { OnehopError } from '../errors/onehop-error.ts';
import { framePiece } from '../transfer/framed-piece.ts';
import { answerCalls } from '../worker/answer-calls.worker.ts';
import type { ReadCalls } from './read-calls.ts';

let files: readonly File[] = [];

async function readBytes(file: number, start: number, length: number): Promise<ArrayBuffer> {
  const source = files[file];
  if (source === undefined) throw new OnehopError('source-unreadable');
  let bytes: ArrayBuffer;
  try {
    bytes = await source.slice(start, start + length).arrayBuffer();
  } catch (cause) {
    // What a browser says of a file that was changed, moved or deleted after it was chosen.
    throw new OnehopError('source-unreadable', { cause });
  }
  if (bytes.byteLength !== length) throw new OnehopError('source-changed');
  return bytes;
}

answerCalls<ReadCalls>({
  open: async (request) => {
    ({ files } = request);
    return null;
  },
  read: async ({ place, maxFrameBytes }, transfer) => {
    const bytes = await readBytes(place.file, place.start, place.length);
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const framed = framePiece(place, new Uint8Array(bytes), hash, maxFrameBytes);
    transfer.push(...new Set(framed.frames.map((frame) => frame.buffer)));
    return framed;
  },
});
