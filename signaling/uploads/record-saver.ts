import type { KeyedLock } from './keyed-lock.ts';
import type { LiveUpload } from './live-upload.ts';
import { encodeRecord } from './upload-record.ts';
import type { UploadStore } from './upload-store.ts';

/** The lock's key for everything that touches an upload's record. */
export const recordKey = (id: string): string => `record ${id}`;

/** Saves uploads' records, one at a time each; all who ask while one is being written share the next one. */
export class RecordSaver {
  readonly #store: UploadStore;
  readonly #locks: KeyedLock;
  readonly #waiting = new Map<string, Promise<void>>();

  constructor(store: UploadStore, locks: KeyedLock) {
    this.#store = store;
    this.#locks = locks;
  }

  /** Resolves once the store has the upload as it is now, or as it became since. */
  async save(live: LiveUpload): Promise<void> {
    const { id } = live.upload;
    let saved = this.#waiting.get(id);
    if (saved === undefined) {
      saved = this.#locks.run(recordKey(id), async () => {
        this.#waiting.delete(id);
        live.ended.throwIfAborted();
        await this.#store.saveRecord(id, encodeRecord(live));
      });
      this.#waiting.set(id, saved);
    }
    await saved;
  }
}
