import { encodeBase64url } from '../encoding/base64url.ts';
import type { KeptDownload } from '../session/kept-state.ts';
import type { StorageFit } from '../session/receive-state.ts';
import type { ShareSecret } from '../share/link.ts';
import type { DownloadSummary } from './download-record.ts';
import { forgetFolderHandle } from './folder-handles.ts';
import { readKeptBytes, readSummary } from './kept-record.ts';
import { claimedDownloads, openReceivedFolder, whileUnclaimed } from './received-folder.ts';

/** A download whose files were all saved is dropped after this. */
const SAVED_LIFETIME_MS = 24 * 60 * 60 * 1_000;
/** How much more than what is needed there should be. */
const SPARE = 1.1;

/** A folder of a download, and what is kept in it. */
export interface KeptFolder {
  readonly id: string;
  readonly folder: FileSystemDirectoryHandle;
  /** null where it has no record that is whole: nobody can go on with it */
  readonly summary: DownloadSummary | null;
}

/** All folders of downloads; none where the browser has no private file system. */
export async function findKeptFolders(): Promise<readonly KeptFolder[]> {
  const found: FileSystemDirectoryHandle[] = [];
  try {
    const parent = await openReceivedFolder();
    for await (const entry of parent.values()) {
      if (entry instanceof FileSystemDirectoryHandle) found.push(entry);
    }
  } catch {
    return [];
  }
  return await Promise.all(
    found.map(async (folder) => ({
      id: folder.name,
      folder,
      summary: await readSummary(folder),
    })),
  );
}

/** The kept downloads, the newest first. */
export async function listDownloads(): Promise<readonly KeptDownload[]> {
  const [folders, claimed] = await Promise.all([findKeptFolders(), claimedDownloads()]);
  const listed = folders.map(async ({ id, folder, summary }) => {
    if (summary === null) return [];
    const kept = await readKeptBytes(folder);
    return [
      {
        id,
        address: `/#${summary.secret}`,
        name: summary.name,
        fileCount: summary.fileCount,
        bytes: summary.complete ? summary.totalBytes : kept.bytes,
        totalBytes: summary.totalBytes,
        complete: summary.complete,
        touchedAt: Math.max(summary.createdAt, kept.touchedAt),
        inUse: claimed.has(id),
      },
    ];
  });
  return (await Promise.all(listed)).flat().toSorted((a, b) => b.touchedAt - a.touchedAt);
}

/**
 * Deletes a kept download. What was written into a folder that the user picked stays there: it is the user's.
 * @returns false where a page is at it right now
 */
export async function deleteDownload(id: string): Promise<boolean> {
  return await whileUnclaimed(id, () => removeDownload(id));
}

/** Removes what nobody can go on with, and what was saved long ago. */
export async function sweepDownloads(): Promise<void> {
  const folders = await findKeptFolders();
  await Promise.all(
    folders.map(({ id, folder }) =>
      whileUnclaimed(id, async () => {
        // Read again: what had no record may have got one until no page held it.
        if (isSpent(await readSummary(folder))) await removeDownload(id);
      }),
    ),
  );
}

/**
 * Whether so many more bytes fit into the browser's storage, with 10 % to spare.
 * @param own the share they are of: its own downloads are not to be deleted for it
 */
export async function measureFit(
  neededBytes: number,
  own: ShareSecret | null,
): Promise<StorageFit> {
  const [estimate, reclaimable] = await Promise.all([estimateStorage(), findReclaimable(own)]);
  const { quota, usage = 0 } = estimate;
  const availableBytes = quota === undefined ? null : Math.max(0, quota - usage);
  return {
    fits: availableBytes === null || neededBytes * SPARE <= availableBytes,
    neededBytes,
    availableBytes,
    reclaimable: {
      count: reclaimable.length,
      bytes: reclaimable.reduce((sum, { bytes }) => sum + bytes, 0),
    },
    canPickFolder: 'showDirectoryPicker' in window,
  };
}

/** Deletes partial downloads of other shares, the oldest first, until so many bytes fit or none is left. */
export async function makeRoom(neededBytes: number, own: ShareSecret | null): Promise<StorageFit> {
  for (const { id } of (await findReclaimable(own)).toReversed()) {
    const fit = await measureFit(neededBytes, own);
    if (fit.fits) return fit;
    await deleteDownload(id);
  }
  return await measureFit(neededBytes, own);
}

/** The partial downloads in this browser that could be deleted, the newest first. */
async function findReclaimable(own: ShareSecret | null): Promise<readonly KeptDownload[]> {
  const [downloads, folders] = await Promise.all([listDownloads(), findKeptFolders()]);
  const ownSecret = own === null ? null : encodeBase64url(own);
  const reclaimable = new Set(
    folders.flatMap(({ id, summary }) =>
      summary?.place.type === 'browser' && summary.secret !== ownSecret ? [id] : [],
    ),
  );
  return downloads.filter(({ id, inUse, complete }) => !inUse && !complete && reclaimable.has(id));
}

async function estimateStorage(): Promise<StorageEstimate> {
  return await navigator.storage.estimate().catch(() => ({}));
}

/** Files in a folder that the user picked are where they belong as soon as they are complete. */
function isSpent(summary: DownloadSummary | null): boolean {
  if (summary === null) return true;
  const { complete, place, savedAt, createdAt } = summary;
  const savedSince = place.type === 'folder' ? createdAt : savedAt;
  return complete && savedSince !== null && Date.now() - savedSince > SAVED_LIFETIME_MS;
}

async function removeDownload(id: string): Promise<void> {
  await (await openReceivedFolder()).removeEntry(id, { recursive: true });
  await forgetFolderHandle(id).catch(() => {});
}
