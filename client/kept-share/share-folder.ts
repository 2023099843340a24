import type { Membership } from '../room/membership.ts';
import type { KeptUpload } from '../upload/uploader.ts';
import { type ShareLock, takeShareLock } from './share-lock.ts';
import {
  type ShareRecord,
  decodeShareRecord,
  encodeShareFiles,
  encodeShareHead,
} from './share-record.ts';

const HEAD_FILE = 'share';
const LIST_FILE = 'files';
const JOURNAL_FILE = 'journal';

/** The folder of the origin private file system that holds one folder per kept share. */
export async function openSentFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return await root.getDirectoryHandle('sent', { create: true });
}

/** The text of the small part of a record. Fails where there is none. */
export async function readHead(
  folder: FileSystemDirectoryHandle,
): Promise<{ readonly text: string; readonly touchedAt: number }> {
  const file = await (await folder.getFileHandle(HEAD_FILE)).getFile();
  return { text: await file.text(), touchedAt: file.lastModified };
}

/** The folder of a share that this page keeps, for a later page to go on with. It is let go by `release` or `remove`. */
export class ShareFolder {
  readonly id: string;
  /** where the hashes of the pieces that were read are kept */
  readonly journal: FileSystemFileHandle;
  readonly #folder: FileSystemDirectoryHandle;
  readonly #lock: ShareLock;
  #record: ShareRecord;
  /** ends when the writing begun last does */
  #written: Promise<void>;
  #removed = false;

  private constructor(
    id: string,
    folder: FileSystemDirectoryHandle,
    journal: FileSystemFileHandle,
    lock: ShareLock,
    record: ShareRecord,
  ) {
    this.id = id;
    this.journal = journal;
    this.#folder = folder;
    this.#lock = lock;
    this.#record = record;
    this.#written = Promise.resolve();
  }

  /** Begins to keep a share. Fails where this browser has no private file system, or no room in it. */
  static async create(record: ShareRecord): Promise<ShareFolder | null> {
    const id = crypto.randomUUID();
    const lock = await takeShareLock(id);
    if (lock === null) return null;
    try {
      const parent = await openSentFolder();
      const folder = await parent.getDirectoryHandle(id, { create: true });
      const journal = await folder.getFileHandle(JOURNAL_FILE, { create: true });
      const kept = new ShareFolder(id, folder, journal, lock, record);
      kept.#write(LIST_FILE, encodeShareFiles(record));
      // Without its head a folder is none, so that comes last.
      kept.#write(HEAD_FILE, encodeShareHead(record));
      return kept;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Takes up a share that an earlier page kept; null where there is none, or another page has it. */
  static async open(id: string): Promise<ShareFolder | null> {
    const lock = await takeShareLock(id);
    if (lock === null) return null;
    try {
      const folder = await (await openSentFolder()).getDirectoryHandle(id);
      const list = await (await folder.getFileHandle(LIST_FILE)).getFile();
      const record = decodeShareRecord((await readHead(folder)).text, await list.text());
      const journal = await folder.getFileHandle(JOURNAL_FILE, { create: true });
      if (record !== null) return new ShareFolder(id, folder, journal, lock, record);
    } catch {
      // A folder that is gone or cannot be read is none.
    }
    lock.release();
    return null;
  }

  get record(): ShareRecord {
    return this.#record;
  }

  /** Notes the place in the room that a later page is to take over. */
  noteMembership(membership: Membership): void {
    this.#record = { ...this.#record, membership };
    this.#write(HEAD_FILE, encodeShareHead(this.#record));
  }

  /** Notes what was left with the server, for a later page to go on with or to delete. */
  noteUpload(upload: KeptUpload | null): void {
    this.#record = { ...this.#record, upload };
    this.#write(HEAD_FILE, encodeShareHead(this.#record));
  }

  /** Notes how the files are to go. */
  noteSending(sending: Pick<ShareRecord, 'sendBy' | 'choice'>): void {
    this.#record = { ...this.#record, ...sending };
    this.#write(HEAD_FILE, encodeShareHead(this.#record));
  }

  /** Leaves it to a later page, once it is written whole. */
  release(): void {
    void this.#written.then(() => this.#lock.release());
  }

  /** Keeps it no longer. */
  async remove(): Promise<void> {
    this.#removed = true;
    await this.#written;
    try {
      // Its journal may still be open in a worker that ends: then the folder goes when shares are listed next.
      await this.#folder.removeEntry(HEAD_FILE);
      await (await openSentFolder()).removeEntry(this.id, { recursive: true });
    } catch {
      // What is left is no share any more.
    }
    this.#lock.release();
  }

  #write(name: string, text: string): void {
    this.#written = this.#writeAfter(this.#written, name, text);
  }

  async #writeAfter(before: Promise<void>, name: string, text: string): Promise<void> {
    await before;
    if (this.#removed) return;
    try {
      const file = await this.#folder.getFileHandle(name, { create: true });
      // Takes the old file's place as a whole when it is closed.
      const stream = await file.createWritable();
      await stream.write(text);
      await stream.close();
    } catch {
      // A share that cannot be kept is shared all the same.
    }
  }
}
