/** One thing that was dropped or pasted, as the browser gives it. `unreadable` is named, so that it is not lost in silence. */
export type Dropped =
  | { readonly type: 'file'; readonly file: File }
  | { readonly type: 'folder'; readonly folder: FileSystemDirectoryEntry }
  | { readonly type: 'unreadable'; readonly name: string };

/** What is needed of a DataTransferItem. The entry API is not in every browser. */
export interface DraggedItem {
  readonly kind: string;
  getAsFile(): File | null;
  webkitGetAsEntry?(): FileSystemEntry | null;
}

/**
 * The files and folders of a drop or a paste. To be called in the event itself: afterwards the browser empties the
 * list. Without the entry API, a folder cannot be told from a file.
 */
export function collectDropped(items: Iterable<DraggedItem>): Dropped[] {
  const dropped: Dropped[] = [];
  for (const item of items) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry?.() ?? null;
    if (entry !== null && isFolderEntry(entry)) {
      dropped.push({ type: 'folder', folder: entry });
      continue;
    }
    const file = item.getAsFile();
    if (file !== null) dropped.push({ type: 'file', file });
    else if (entry !== null) dropped.push({ type: 'unreadable', name: entry.name });
  }
  return dropped;
}

/** Whether an entry is a folder. */
export function isFolderEntry(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
