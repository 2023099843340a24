import type { Clock } from '../clock.ts';

const HOUR_MS = 3_600_000;

/** Counts what each address does, hour by hour. */
export class HourlyBudget {
  readonly #clock: Clock;
  readonly #perHour: number;
  readonly #spent = new Map<string, number>();
  #hourStart: number;

  constructor(clock: Clock, perHour: number) {
    this.#clock = clock;
    this.#perHour = perHour;
    this.#hourStart = clock();
  }

  /** Spends one of this hour's; false when there is none left. */
  spend(address: string): boolean {
    const now = this.#clock();
    if (now - this.#hourStart >= HOUR_MS) {
      this.#hourStart = now;
      this.#spent.clear();
    }
    const spent = this.#spent.get(address) ?? 0;
    if (spent >= this.#perHour) return false;
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
