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

/** The file that a piece is the whole of; null where it is only a part of one, or there is none. */
function wholeFile({ place }: WantedPiece): File | null {
  const source = files[place.file] ?? null;
  return source !== null && place.start === 0 && place.length === source.size ? source : null;
}

/**
 * The bytes of many small files, read as one: each by itself costs the browser twice as much. Null where not all of them
 * are whole files, or one of them cannot be read or has changed: which one, only reading each by itself tells.
 */
async function readTogether(
  pieces: readonly WantedPiece[],
): Promise<readonly ArrayBuffer[] | null> {
  const wholes = pieces.flatMap((wanted) => wholeFile(wanted) ?? []);
  if (pieces.length === 1 || wholes.length < pieces.length) return null;
  const all = await new Blob(wholes).arrayBuffer().catch(() => null);
  const total = pieces.reduce((sum, { place }) => sum + place.length, 0);
  if (all?.byteLength !== total) return null;
  let end = 0;
  return pieces.map(({ place }) => {
    const start = end;
    end += place.length;
    return all.slice(start, end);
  });
}

/** @param inHand its bytes, where they were read with others */
async function read(wanted: WantedPiece, inHand: ArrayBuffer | undefined): Promise<ReadPiece> {
  const { place, bytesToo } = wanted;
  try {
    const bytes = inHand ?? (await readBytes(place.file, place.start, place.length));
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
    const together = await readTogether(pieces);
    const results = await Promise.all(
      pieces.map((wanted, index) => read(wanted, together?.[index])),
    );
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
