import type { ErrorReason } from '../errors/error-reason.ts';
import { OnehopError } from '../errors/onehop-error.ts';

/** Waits for one of the things that happen. */
export class Mailbox<Item> {
  readonly #waiting = new Set<(item: Item) => void>();

  /** It happened: whoever waits for it has it. */
  put(item: Item): void {
    for (const take of this.#waiting) take(item);
  }

  /**
   * The first that happens from now on for which `pick` gives something.
   * @param limitMs how long that may take
   * @throws {OnehopError} `late` when it takes longer; what `signal` was aborted with
   */
  next<Picked>(
    pick: (item: Item) => Picked | null,
    { signal, limitMs, late }: { signal: AbortSignal; limitMs: number; late: ErrorReason },
  ): Promise<Picked> {
    return new Promise<Picked>((resolve, reject) => {
      const take = (item: Item) => {
        const picked = pick(item);
        if (picked === null) return;
        finish();
        resolve(picked);
      };
      const onAbort = () => {
        finish();
        reject(signal.reason instanceof Error ? signal.reason : new OnehopError('unexpected'));
      };
      const timer = setTimeout(() => {
        finish();
        reject(new OnehopError(late));
      }, limitMs);
      const finish = () => {
        clearTimeout(timer);
        this.#waiting.delete(take);
        signal.removeEventListener('abort', onAbort);
      };
      if (signal.aborted) {
        onAbort();
        return;
      }
      this.#waiting.add(take);
      signal.addEventListener('abort', onAbort);
    });
  }
}
