import { OnehopError } from '../errors/onehop-error.ts';
import { answerCalls } from '../worker/answer-calls.worker.ts';
import { OpenDownload } from './open-download.worker.ts';
import type { StoreCalls } from './store-calls.ts';

let open: { readonly id: string; readonly download: OpenDownload } | null = null;

function download(): OpenDownload {
  if (open === null) throw new OnehopError('storage-failed');
  return open.download;
}

answerCalls<StoreCalls>({
  open: async (request) => {
    open = { id: request.id, download: await OpenDownload.open(request) };
    return open.download.inMemory ? 'memory' : 'disk';
  },
  record: async ({ name, text }) => {
    await download().record(name, text);
    return null;
  },
  recover: async () => await download().recover(),
  store: async ({ pieces }) => await download().store(pieces),
  flush: async () => {
    await download().flush();
    return null;
  },
  read: async ({ file }) => await download().read(file),
  zip: async ({ failed, port }) => {
    const abort = new AbortController();
    port.addEventListener('message', () => abort.abort());
    port.start();
    try {
      return await download().zip(failed, (done) => port.postMessage(done), abort.signal);
    } finally {
      port.close();
    }
  },
  discard: async () => {
    await open?.download.discard(open.id);
    open = null;
    return null;
  },
  close: async () => {
    await open?.download.close();
    open = null;
    return null;
  },
});
