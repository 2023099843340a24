import type { KeptShare } from '../session/kept-state.ts';
import { decodeBase64url } from '../encoding/base64url.ts';
import type { ShareSecret } from '../share/link.ts';
import { openSentFolder, readHead } from './share-folder.ts';
import { ifUnlocked } from './share-lock.ts';
import { decodeShareHead } from './share-record.ts';

/** A share that nobody went on with for this long is forgotten. */
const KEEP_MS = 7 * 24 * 60 * 60 * 1_000;

/**
 * The shares that earlier pages left open and no page is at now, the newest first. What is too old, or no share, is removed.
 * @param now milliseconds since 1970
 */
export async function listKeptShares(now: number): Promise<KeptShare[]> {
  try {
    const parent = await openSentFolder();
    const ids: string[] = [];
    for await (const id of parent.keys()) ids.push(id);
    const shares = await Promise.all(
      ids.map((id) => ifUnlocked(id, () => readOrRemove(parent, id, now))),
    );
    return shares
      .filter((share) => share !== null)
      .toSorted((one, other) => other.touchedAt - one.touchedAt);
  } catch {
    // A browser without a private file system keeps nothing.
    return [];
  }
}

/** What a share left with the server: its secret, and the owner key. */
export interface LeftUpload {
  readonly secret: ShareSecret;
  readonly owner: string;
}

/** Forgets a share that no page is at. @returns what it left with the server, which is to be deleted there; null for nothing */
export async function deleteKeptShare(id: string): Promise<LeftUpload | null> {
  const parent = await openSentFolder();
  return await ifUnlocked(id, async () => {
    const head = await readHead(await parent.getDirectoryHandle(id)).catch(() => null);
    await parent.removeEntry(id, { recursive: true });
    return head === null ? null : leftUpload(head.text);
  });
}

function leftUpload(text: string): LeftUpload | null {
  const head = decodeShareHead(text);
  const secret = head === null ? null : decodeBase64url(head.secret);
  const owner = head?.upload?.owner;
  return owner === undefined || secret === null ? null : { secret, owner };
}

async function readOrRemove(
  parent: FileSystemDirectoryHandle,
  id: string,
  now: number,
): Promise<KeptShare | null> {
  const share = await readShare(parent, id).catch(() => null);
  if (share !== null && now - share.touchedAt < KEEP_MS) return share;
  await parent.removeEntry(id, { recursive: true }).catch(() => {});
  return null;
}

async function readShare(parent: FileSystemDirectoryHandle, id: string): Promise<KeptShare | null> {
  const { text, touchedAt } = await readHead(await parent.getDirectoryHandle(id));
  const head = decodeShareHead(text);
  if (head === null) return null;
  const { name, fileCount, totalBytes, upload } = head;
  return {
    id,
    name,
    fileCount,
    totalBytes,
    touchedAt,
    uploaded: upload !== null && upload.id !== null,
  };
}
