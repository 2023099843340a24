/** The folder of the origin private file system that holds one folder per download. */
const RECEIVED_FOLDER = 'received';

/** What is in a download's folder. */
export const DOWNLOAD_FILES = {
  /** the selected files, one behind the other */
  data: 'data',
  journal: 'journal',
  plan: 'plan',
  /** the two take turns, so that one is whole at any moment */
  summaries: ['summary-0', 'summary-1'],
} as const;

const lockName = (id: string) => `onehop/received/${id}`;

/** A page that goes lets go of its locks a moment later than the next page asks. */
const LOCK_PATIENCE_MS = 1_500;

/** The folder of all downloads. */
export async function openReceivedFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return await root.getDirectoryHandle(RECEIVED_FOLDER, { create: true });
}

/**
 * Marks a download as in use until `signal` aborts or the page is gone: a Web Lock goes with its page, however that ends.
 * @returns false where another page holds it
 */
export async function claimDownload(id: string, signal: AbortSignal): Promise<boolean> {
  const patience = AbortSignal.timeout(LOCK_PATIENCE_MS);
  return await new Promise((resolve, reject) => {
    const hold = async () => {
      resolve(true);
      await aborted(signal);
    };
    navigator.locks.request(lockName(id), { signal: patience }, hold).catch((error: unknown) => {
      if (patience.aborted) resolve(false);
      else reject(error);
    });
  });
}

/** Does `work` while no page holds the download, and no page can take it. @returns false where one holds it */
export async function whileUnclaimed(id: string, work: () => Promise<void>): Promise<boolean> {
  return await navigator.locks.request(lockName(id), { ifAvailable: true }, async (lock) => {
    if (lock !== null) await work();
    return lock !== null;
  });
}

/** The downloads that some page holds. */
export async function claimedDownloads(): Promise<ReadonlySet<string>> {
  const { held = [] } = await navigator.locks.query();
  const prefix = lockName('');
  return new Set(
    held.flatMap(({ name = '' }) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : [])),
  );
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
