import type { Membership } from '../room/membership.ts';
import type { KeptUpload } from '../upload/uploader.ts';
import { ShareFolder } from './share-folder.ts';
import type { ShareRecord } from './share-record.ts';

/** Where a tab remembers its share; goes with the tab. */
const TAB_KEY = 'onehop/share';

/** A share that is kept for a later page, as a session uses it. */
export interface KeptShareHandle {
  readonly record: ShareRecord;
  /** where the hashes of the pieces that were read are kept */
  readonly journal: FileSystemFileHandle | null;
  noteMembership(membership: Membership): void;
  noteUpload(upload: KeptUpload | null): void;
  noteSending(sending: Pick<ShareRecord, 'sendBy' | 'choice'>): void;
  /** Leaves it to a later page. */
  release(): void;
  /** Keeps it no longer. */
  remove(): Promise<void>;
}

/** Begins to keep a share, and remembers it in this tab; null where this browser cannot. */
export async function keepShare(record: ShareRecord): Promise<KeptShareHandle | null> {
  const folder = await ShareFolder.create(record).catch(() => null);
  return folder === null ? null : remembered(folder);
}

/** Takes up a kept share, null: the one that this tab was at; null where there is none, or another page has it. */
export async function takeUpShare(id: string | null): Promise<KeptShareHandle | null> {
  const wanted = id ?? sessionStorage.getItem(TAB_KEY);
  const folder = wanted === null ? null : await ShareFolder.open(wanted).catch(() => null);
  if (folder !== null) return remembered(folder);
  if (id === null) sessionStorage.removeItem(TAB_KEY);
  return null;
}

function remembered(folder: ShareFolder): KeptShareHandle {
  sessionStorage.setItem(TAB_KEY, folder.id);
  return {
    get record() {
      return folder.record;
    },
    journal: folder.journal,
    noteMembership: (membership) => folder.noteMembership(membership),
    noteUpload: (upload) => folder.noteUpload(upload),
    noteSending: (sending) => folder.noteSending(sending),
    release: () => folder.release(),
    remove: async () => {
      if (sessionStorage.getItem(TAB_KEY) === folder.id) sessionStorage.removeItem(TAB_KEY);
      await folder.remove();
    },
  };
}
