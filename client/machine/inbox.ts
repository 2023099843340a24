/**
 * A serialised inbox in front of a state machine: events are handled one after another in the order they were posted,
 * also those posted while one is being handled, so that no handler ever runs inside another.
 */
export class Inbox<Event> {
  readonly #handle: (event: Event) => void;
  readonly #waiting: Event[] = [];
  #running = false;

  /** @param handle takes one event: steps the machine and carries out its effects */
  constructor(handle: (event: Event) => void) {
    this.#handle = handle;
  }

  /** Handles `event` at once, or after those that are waiting. */
  post(event: Event): void {
    this.#waiting.push(event);
    if (this.#running) return;
    this.#running = true;
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        this.#handle(next);
      }
    } finally {
      this.#running = false;
    }
  }
}
