import { mkdir, open, readFile, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { uploadIdSchema } from '../protocol/uploads.ts';
import { FolderReader, FolderWriter } from './folder-files.ts';
import { FolderLock } from './folder-lock.ts';
import { storeError } from './store-error.ts';
import type { UploadReader, UploadStore, UploadWriter } from './upload-store.ts';

const BYTES = '.bytes';
const RECORD = '.json';
const UNFINISHED = '.json.new';

/**
 * Uploads in a folder: `ID.bytes` and `ID.json`. An upload is there from the moment its record is, and gone from the
 * moment its record is; so the record is written last and removed first.
 */
export class FolderStore implements UploadStore {
  readonly #folder: string;
  #lock: FolderLock | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async open(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    // What belongs to no upload yet may be another process's, which is just making it.
    this.#lock = await FolderLock.take(this.#folder);
    try {
      await this.#clearAway();
    } catch (thrown) {
      await this.close();
      throw thrown;
    }
  }

  async close(): Promise<void> {
    await this.#lock?.release();
    this.#lock = undefined;
  }

  async list(): Promise<readonly string[]> {
    const entries = await readdir(this.#folder, { withFileTypes: true });
    // A folder under one of our names was put there by somebody else.
    const names = new Set(entries.filter((entry) => entry.isFile()).map(({ name }) => name));
    const ids = [...names].filter((name) => name.endsWith(RECORD)).map((name) => split(name).id);
    return ids.filter((id) => v.is(uploadIdSchema, id) && names.has(id + BYTES));
  }

  async create(id: string, record: string): Promise<void> {
    await (await guard(open(this.#path(id, BYTES), 'wx', 0o600))).close();
    try {
      await this.saveRecord(id, record);
    } catch (thrown) {
      await this.remove(id);
      throw storeError(thrown);
    }
  }

  async record(id: string): Promise<string> {
    return await guard(readFile(this.#path(id, RECORD), 'utf8'));
  }

  async saveRecord(id: string, record: string): Promise<void> {
    const unfinished = this.#path(id, UNFINISHED);
    try {
      const file = await open(unfinished, 'w', 0o600);
      try {
        await file.writeFile(record);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(unfinished, this.#path(id, RECORD));
      await this.#syncFolder();
    } catch (thrown) {
      await rm(unfinished, { force: true });
      throw storeError(thrown);
    }
  }

  async size(id: string): Promise<number> {
    return (await guard(stat(this.#path(id, BYTES)))).size;
  }

  async writer(id: string, size: number): Promise<UploadWriter> {
    const file = await guard(open(this.#path(id, BYTES), 'r+'));
    const writer = new FolderWriter(file, size);
    try {
      await writer.truncate(size);
    } catch (thrown) {
      await writer.close();
      throw thrown;
    }
    return writer;
  }

  async reader(id: string): Promise<UploadReader> {
    return new FolderReader(await guard(open(this.#path(id, BYTES), 'r')));
  }

  async remove(id: string): Promise<void> {
    for (const suffix of [RECORD, UNFINISHED, BYTES]) {
      await rm(this.#path(id, suffix), { force: true });
    }
    await this.#syncFolder();
  }

  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#folder);
    return bavail * bsize;
  }

  #path(id: string, suffix: string): string {
    return join(this.#folder, v.parse(uploadIdSchema, id) + suffix);
  }

  async #clearAway(): Promise<void> {
    const ids = new Set(await this.list());
    for (const entry of await readdir(this.#folder, { withFileTypes: true })) {
      const { name } = entry;
      const { id, suffix } = split(name);
      // Folders are none of ours, and what is in them is not ours to delete.
      if (!v.is(uploadIdSchema, id) || entry.isDirectory()) continue;
      if (!ids.has(id) || suffix === UNFINISHED) await rm(join(this.#folder, name));
    }
    await this.#syncFolder();
  }

  async #syncFolder(): Promise<void> {
    const folder = await open(this.#folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}

function split(name: string): { id: string; suffix: string } {
  const dot = name.indexOf('.');
  return dot === -1
    ? { id: name, suffix: '' }
    : { id: name.slice(0, dot), suffix: name.slice(dot) };
}

async function guard<Value>(call: Promise<Value>): Promise<Value> {
  try {
    return await call;
  } catch (thrown) {
    throw storeError(thrown);
  }
}
