import type { Clock } from '../clock.ts';

/** A clock that stands still until it is told to go on. */
export class FakeClock {
  #now = 1_000;

  readonly now: Clock = () => this.#now;

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }
}
