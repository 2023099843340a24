import type { Clock } from '../clock.ts';

/** Counts what each address does, period by period. */
export class AddressBudget {
  readonly #clock: Clock;
  readonly #periodMs: number;
  readonly #perPeriod: number;
  readonly #spent = new Map<string, number>();
  #periodStart: number;

  /**
   * @param periodMs how long a period is, in milliseconds
   * @param perPeriod how often each address may do it in one
   */
  constructor(clock: Clock, periodMs: number, perPeriod: number) {
    this.#clock = clock;
    this.#periodMs = periodMs;
    this.#perPeriod = perPeriod;
    this.#periodStart = clock();
  }

  /** Spends one of this period's; false when there is none left. */
  spend(address: string): boolean {
    const now = this.#clock();
    if (now - this.#periodStart >= this.#periodMs) {
      this.#periodStart = now;
      this.#spent.clear();
    }
    const spent = this.#spent.get(address) ?? 0;
    if (spent >= this.#perPeriod) return false;
    this.#spent.set(address, spent + 1);
    return true;
  }

  /** Takes back one that came to nothing. */
  refund(address: string): void {
    const spent = this.#spent.get(address) ?? 0;
    if (spent > 1) this.#spent.set(address, spent - 1);
    else this.#spent.delete(address);
  }
}
