import { createStore, del, get, set } from 'idb-keyval';
import { OnehopError } from '../errors/onehop-error.ts';

/** Directory handles cannot be written into a file: they live in a database of their own, by download. */
const handles = createStore('onehop-folders', 'handles');

type Permission = 'granted' | 'denied' | 'prompt';

/** File System Access, as far as TypeScript does not know it: https://wicg.github.io/file-system-access/ */
interface PermissionHandle {
  queryPermission?(descriptor: { readonly mode: 'readwrite' }): Promise<Permission>;
  requestPermission?(descriptor: { readonly mode: 'readwrite' }): Promise<Permission>;
}

/** Keeps the folder that the user picked for a download. */
export async function keepFolderHandle(
  id: string,
  handle: FileSystemDirectoryHandle,
): Promise<void> {
  await set(id, handle, handles);
}

/** The folder kept for a download, or null. */
export async function findFolderHandle(id: string): Promise<FileSystemDirectoryHandle | null> {
  const handle: unknown = await get(id, handles);
  return handle instanceof FileSystemDirectoryHandle ? handle : null;
}

/** Forgets the folder of a download. */
export async function forgetFolderHandle(id: string): Promise<void> {
  await del(id, handles);
}

/** Asks the user, on a click, to let the page write into a folder again. @throws {OnehopError} `folder-refused` */
export async function askForFolder(
  handle: FileSystemDirectoryHandle & PermissionHandle,
): Promise<void> {
  const mode = { mode: 'readwrite' } as const;
  // A folder of the origin private file system has no permissions to ask for.
  const now = (await handle.queryPermission?.(mode)) ?? 'granted';
  if (now === 'granted') return;
  const then = await handle.requestPermission?.(mode).catch(() => 'denied' as const);
  if (then !== 'granted') throw new OnehopError('folder-refused');
}

/** The picker, which TypeScript does not know: https://wicg.github.io/file-system-access/#api-showdirectorypicker */
interface PickingWindow {
  showDirectoryPicker?(options: {
    readonly id: string;
    readonly mode: 'readwrite';
  }): Promise<FileSystemDirectoryHandle>;
}

/** Whether this browser lets the user pick a folder to write into. */
export function canPickFolder(): boolean {
  return 'showDirectoryPicker' in globalThis;
}

/**
 * Has the user pick a folder; to be called on a click.
 * @returns null where the user did not
 * @throws {OnehopError} `folder-refused`
 */
export async function pickFolder(): Promise<FileSystemDirectoryHandle | null> {
  const page: Window & PickingWindow = window;
  try {
    return (await page.showDirectoryPicker?.({ id: 'onehop', mode: 'readwrite' })) ?? null;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') return null;
    throw new OnehopError('folder-refused', { cause });
  }
}
