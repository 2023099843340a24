import type { Clock } from '../clock.ts';

const MINUTE_MS = 60_000;

/** Counts one socket's messages, minute by minute. */
export class EventBudget {
  readonly #clock: Clock;
  readonly #perMinute: number;
  #minuteStart: number;
  #spent = 0;

  constructor(clock: Clock, perMinute: number) {
    this.#clock = clock;
    this.#perMinute = perMinute;
    this.#minuteStart = clock();
  }

  /** Whether this minute has no message left. */
  get isOverdrawn(): boolean {
    return this.#spent > this.#perMinute;
  }

  /** Counts one message. */
  spend(): void {
    const now = this.#clock();
    if (now - this.#minuteStart >= MINUTE_MS) {
      this.#minuteStart = now;
      this.#spent = 0;
    }
    this.#spent += 1;
  }
}
