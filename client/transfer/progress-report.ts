/** Progress is reported no more often than this, in milliseconds; what was held back is reported at the next tick. */
const REPORT_INTERVAL_MS = 250;

/** Reports progress often enough to be shown, and not with every small piece. */
export class ProgressReport {
  readonly #send: (bytes: number) => void;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #held: number | null = null;

  constructor(send: (bytes: number) => void) {
    this.#send = send;
  }

  /**
   * @param atOnce for what must not be held back, as the last of all
   * @param now milliseconds of a monotonic clock
   */
  report(bytes: number, atOnce: boolean, now: number): void {
    if (atOnce || now - this.#reportedAt >= REPORT_INTERVAL_MS) this.#report(bytes, now);
    else this.#held = bytes;
  }

  /** Reports what was held back. */
  catchUp(now: number): void {
    if (this.#held !== null) this.#report(this.#held, now);
  }

  #report(bytes: number, now: number): void {
    this.#held = null;
    this.#reportedAt = now;
    this.#send(bytes);
  }
}
