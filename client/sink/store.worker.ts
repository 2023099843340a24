import { OnehopError, asOnehopError } from '../errors/onehop-error.ts';
import { verifyPiece } from '../integrity/verify-piece.ts';
import { answerCalls } from '../worker/answer-calls.worker.ts';
import { MemorySink } from './memory-sink.ts';
import { OpfsSink } from './opfs-sink.worker.ts';
import type { Sink } from './sink.ts';
import type { StoreCalls } from './store-calls.ts';

let sink: Sink | null = null;

function openSink(): Sink {
  if (sink === null) throw new OnehopError('storage-failed');
  return sink;
}

answerCalls<StoreCalls>({
  open: async ({ folder }) => {
    sink = await OpfsSink.open(folder).catch((error: unknown) => {
      // Memory is for browsers without a private file system, not for one that is full.
      if (asOnehopError(error).reason === 'storage-full') throw error;
      return new MemorySink();
    });
    return null;
  },
  store: async ({ file, start, hash, parts }) => {
    const bytes = await verifyPiece(parts, hash);
    if (bytes === null) return 'rejected';
    await openSink().write(file, start, bytes);
    return 'stored';
  },
  flush: async () => {
    await openSink().flush();
    return null;
  },
  read: async ({ file }) => await openSink().read(file),
  discard: async () => {
    await sink?.discard();
    sink = null;
    return null;
  },
});
