/** The folder of the origin private file system that holds one folder per running receipt. */
export const RECEIVED_FOLDER = 'received';

const lockName = (folder: string) => `onehop/received/${folder}`;

/**
 * Names a new folder for received files and marks it as in use until `signal` aborts or the page is gone: a Web Lock
 * goes with its page, however that ends.
 */
export async function claimReceivedFolder(signal: AbortSignal): Promise<string> {
  const folder = crypto.randomUUID();
  await new Promise<void>((resolve, reject) => {
    navigator.locks
      .request(lockName(folder), async () => {
        resolve();
        await aborted(signal);
      })
      .catch(reject);
  });
  return folder;
}

/** Removes the folders of pages that are gone. */
export async function sweepReceivedFolders(): Promise<void> {
  const root = await navigator.storage.getDirectory();
  const parent = await root.getDirectoryHandle(RECEIVED_FOLDER, { create: true });
  const folders: string[] = [];
  for await (const folder of parent.keys()) folders.push(folder);
  await Promise.all(
    folders.map((folder) =>
      navigator.locks.request(lockName(folder), { ifAvailable: true }, async (lock) => {
        if (lock !== null) await parent.removeEntry(folder, { recursive: true });
      }),
    ),
  );
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
