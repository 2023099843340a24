import { OnehopError, asOnehopError } from '../errors/onehop-error.ts';
import { answerCalls } from '../worker/answer-calls.worker.ts';
import type { ReadCalls, ReadPiece, WantedPiece } from './read-calls.ts';
import { ReadJournal } from './read-journal.worker.ts';

let files: readonly (File | null)[] = [];
let journal: ReadJournal | null = null;

async function readBytes(file: number, start: number, length: number): Promise<ArrayBuffer> {
  const source = files[file] ?? null;
  if (source === null) throw new OnehopError('source-unreadable');
  let bytes: ArrayBuffer;
  try {
    // To cut a piece out of a small file costs more than to read it.
    const whole = start === 0 && length === source.size;
    bytes = await (whole ? source : source.slice(start, start + length)).arrayBuffer();
  } catch (cause) {
    // What a browser says of a file that was changed, moved or deleted after it was chosen (File API §6.1).
    throw new OnehopError('source-unreadable', { cause });
  }
  if (bytes.byteLength !== length) throw new OnehopError('source-changed');
  return bytes;
}

async function read(wanted: WantedPiece): Promise<ReadPiece> {
  const { place, bytesToo } = wanted;
  try {
    const bytes = await readBytes(place.file, place.start, place.length);
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return { type: 'read', hash, bytes: bytesToo ? new Uint8Array(bytes) : new Uint8Array() };
  } catch (error) {
    const { reason } = asOnehopError(error);
    return {
      type: 'failed',
      reason: reason === 'source-changed' ? reason : 'source-unreadable',
    };
  }
}

answerCalls<ReadCalls>({
  open: async (request) => {
    ({ files } = request);
    const { journal: handle, pieceCount } = request;
    journal = handle === null ? null : await ReadJournal.open(handle, pieceCount);
    return journal?.known ?? { pieces: new Uint32Array(), hashes: new Uint8Array() };
  },
  read: async ({ pieces }, transfer) => {
    const results = await Promise.all(pieces.map((wanted) => read(wanted)));
    const fresh = results.flatMap((result, index) => {
      const wanted = pieces[index];
      if (result.type === 'failed' || wanted === undefined) return [];
      transfer.push(result.bytes.buffer);
      return [{ piece: wanted.number, length: wanted.place.length, hash: result.hash }];
    });
    journal?.append(fresh);
    return results;
  },
});
