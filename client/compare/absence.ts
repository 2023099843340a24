/** How long the other side may be out of reach before it has left, in milliseconds. */
const AWAY_MS = 15_000;

/** Whether the other side of a comparison is away for a moment, or has left. */
export class Absence {
  readonly #clock: () => number;
  #since: number | null = null;

  /** @param clock in ms, monotonic */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** It is in the server's reach, or not. */
  note(present: boolean): void {
    this.#since = present ? null : (this.#since ?? this.#clock());
  }

  /** That it has left has been seen to. */
  settle(): void {
    this.#since = null;
  }

  /** Whether it has been away for too long. */
  get isOver(): boolean {
    return this.#since !== null && this.#clock() - this.#since >= AWAY_MS;
  }
}
