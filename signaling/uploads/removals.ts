import { describeError, type Log } from '../log.ts';
import type { KeyedLock } from './keyed-lock.ts';
import { recordKey } from './record-saver.ts';
import type { UploadStore } from './upload-store.ts';

export interface RemovalsDeps {
  readonly store: UploadStore;
  readonly locks: KeyedLock;
  readonly log: Log;
}

/** Takes uploads out of the store, and remembers those that it could not take out yet. */
export class Removals {
  readonly #deps: RemovalsDeps;
  readonly #failed = new Set<string>();
  readonly #running = new Set<Promise<unknown>>();

  constructor(deps: RemovalsDeps) {
    this.#deps = deps;
  }

  /** Removes an upload once nobody writes to it any more; never rejects. @returns whether nothing of it is left */
  async remove(id: string): Promise<boolean> {
    const { store, locks, log } = this.#deps;
    const removal = locks.run(id, () => locks.run(recordKey(id), () => store.remove(id)));
    this.#running.add(removal);
    try {
      await removal;
      this.#failed.delete(id);
      return true;
    } catch (thrown) {
      this.#failed.add(id);
      log.error(`an upload could not be removed: ${describeError(thrown)}`);
      return false;
    } finally {
      this.#running.delete(removal);
    }
  }

  /** Tries once more what failed. */
  async retry(): Promise<void> {
    await Promise.all([...this.#failed].map((id) => this.remove(id)));
  }

  /** Resolves once none is being removed; never rejects. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running);
  }
}
