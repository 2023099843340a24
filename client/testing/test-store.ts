import { encodeBase64url } from '../encoding/base64url.ts';
import { createSecret } from '../share/link.ts';
import { type Manifest, locatePiece } from '../share/manifest.ts';
import { fullNumberSet } from '../share/number-set.ts';
import type { DownloadRecord } from '../sink/download-record.ts';
import { openReceivedFolder } from '../sink/received-folder.ts';
import type { Store, StorePlace } from '../sink/store.ts';

/** A download of all files of a manifest. */
export function recordOf(
  manifest: Manifest,
  selected = fullNumberSet(manifest.entries.length),
): DownloadRecord {
  const receiver = encodeBase64url(crypto.getRandomValues(new Uint8Array(12)));
  return { secret: createSecret(), manifest, selected, receiver };
}

/** SHA-256. */
export async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** Stores bytes as a piece with the right hash. */
export async function storePiece(
  store: Store,
  manifest: Manifest,
  piece: number,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<'stored' | 'rejected'> {
  const hash = await hashOf(bytes);
  const arrived = { piece, hash, form: 'plain', parts: [bytes] } as const;
  return await store.store(locatePiece(manifest, piece), arrived);
}

/** The bytes compressed by `deflate-raw`. */
export async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const deflated = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(deflated).arrayBuffer());
}

/** The ids of all downloads that have a folder. */
export async function listFolders(): Promise<string[]> {
  const folders: string[] = [];
  for await (const folder of (await openReceivedFolder()).keys()) folders.push(folder);
  return folders;
}

/** A folder as the user might pick it: of the origin private file system, new and empty. */
export async function pickFolder(): Promise<{
  readonly handle: FileSystemDirectoryHandle;
  readonly place: StorePlace;
}> {
  const root = await navigator.storage.getDirectory();
  const handle = await root.getDirectoryHandle(`picked-${crypto.randomUUID()}`, { create: true });
  return { handle, place: { type: 'folder', handle } };
}

/** Every file and folder below a folder: its path, and of a file its text. */
export async function treeOf(
  folder: FileSystemDirectoryHandle,
  path = '',
): Promise<Record<string, string | null>> {
  const tree: Record<string, string | null> = {};
  for await (const entry of folder.values()) {
    if (entry instanceof FileSystemFileHandle) {
      tree[path + entry.name] = await (await entry.getFile()).text();
    } else if (entry instanceof FileSystemDirectoryHandle) {
      tree[`${path}${entry.name}/`] = null;
      Object.assign(tree, await treeOf(entry, `${path}${entry.name}/`));
    }
  }
  return tree;
}
