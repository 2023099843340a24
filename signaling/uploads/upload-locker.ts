import type { Lock, Locker } from '@tus/server';
import { KeyedLock } from './keyed-lock.ts';
import { UploadError } from './upload-error.ts';

/** How long a request waits for the one before it about the same upload, in milliseconds. */
const WAIT_MS = 10_000;

type RequestRelease = Parameters<Lock['lock']>[1];

/**
 * One tus request at a time for each upload. Who comes later is right: the request that runs, whose page may have gone
 * without a word, is asked to end. (The locker of @tus/server asks in a loop that keeps the processor busy.)
 */
export class UploadLocker implements Locker {
  readonly #locks = new KeyedLock();
  readonly #holders = new Map<string, RequestRelease>();
  readonly #waiting = new Map<string, number>();

  newLock(id: string): Lock {
    let release = () => {};
    return {
      lock: async (signal, requestRelease) => {
        release = await this.#lock(id, signal, requestRelease);
      },
      unlock: async () => release(),
    };
  }

  async #lock(
    id: string,
    signal: AbortSignal,
    requestRelease: RequestRelease,
  ): Promise<() => void> {
    this.#wait(id, 1);
    try {
      await this.#holders.get(id)?.();
      const free = await this.#inTime(this.#locks.acquire(id), signal);
      this.#holders.set(id, requestRelease);
      if (this.#wait(id, 0) > 1) await requestRelease();
      return () => {
        this.#holders.delete(id);
        free();
      };
    } finally {
      this.#wait(id, -1);
    }
  }

  async #inTime(acquired: Promise<() => void>, signal: AbortSignal): Promise<() => void> {
    const late = AbortSignal.any([signal, AbortSignal.timeout(WAIT_MS)]);
    let isLate = false;
    const lateness = new Promise<never>((_, reject) => {
      late.addEventListener('abort', () => {
        isLate = true;
        reject(new UploadError('upload-locked'));
      });
    });
    void acquired.then((free) => (isLate ? free() : undefined));
    return await Promise.race([acquired, lateness]);
  }

  #wait(id: string, change: number): number {
    const count = (this.#waiting.get(id) ?? 0) + change;
    if (count === 0) this.#waiting.delete(id);
    else this.#waiting.set(id, count);
    return count;
  }
}
