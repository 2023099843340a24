import { type ReceiverEntry, statusOf } from './receiver-list.ts';

/** How long a receiver may look for a direct way before the other one is pointed out, in milliseconds. */
export const BLOCKED_AFTER_MS = 15_000;

/** Watches whether a receiver that has opened the link waits for a direct connection in vain. */
export class BlockedWatch {
  /** since when each has been connecting, by its number, in ms */
  #since = new Map<number, number>();

  /** @param now in ms of a monotonic clock @returns whether one of these receivers finds no way here */
  look(receivers: ReadonlyMap<number, ReceiverEntry>, now: number): boolean {
    const since = new Map<number, number>();
    let blocked = false;
    for (const [number, entry] of receivers) {
      const status = statusOf(entry);
      if (status.type === 'connecting') {
        since.set(number, this.#since.get(number) ?? now);
        blocked ||= now - (since.get(number) ?? now) >= BLOCKED_AFTER_MS;
      }
      blocked ||= status.type === 'failed' && status.reason === 'connect-timeout';
    }
    this.#since = since;
    return blocked;
  }
}
