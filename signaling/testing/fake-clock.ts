import type { Clock, WallClock } from '../clock.ts';

/** When the wall clock starts, in milliseconds since 1970. */
const WALL_START = Date.UTC(2026, 0, 1);

/** A clock that stands still until it is told to go on. */
export class FakeClock {
  #now = 1_000;

  readonly now: Clock = () => this.#now;
  readonly wall: WallClock = () => WALL_START + this.#now;

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }
}
