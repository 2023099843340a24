/** What one side says about pausing: the number counts up, so that the last word counts whatever order they come in. */
export interface PauseWord {
  readonly number: number;
  readonly paused: boolean;
}

/** What the two sides say to each other about pausing, over all lanes: it is said on each, and the main one's word counts. */
export class PauseExchange {
  readonly #send: (word: PauseWord, lane: number) => void;
  readonly #heard = new Map<number, PauseWord>();
  #own: PauseWord = { number: 0, paused: false };
  #peerPaused = false;

  constructor(send: (word: PauseWord, lane: number) => void) {
    this.#send = send;
  }

  /** Whether either side has paused. */
  get paused(): boolean {
    return this.#own.paused || this.#peerPaused;
  }

  /** Whether the peer has. */
  get peerPaused(): boolean {
    return this.#peerPaused;
  }

  /** This side pauses, or goes on: says so on these lanes. */
  say(paused: boolean, lanes: readonly number[]): void {
    this.#own = { number: this.#own.number + 1, paused };
    for (const lane of lanes) this.#send(this.#own, lane);
  }

  /** Says on a new lane what was said before. */
  greet(lane: number): void {
    if (this.#own.number > 0) this.#send(this.#own, lane);
  }

  /** Hears the peer on a lane. */
  hear(lane: number, word: PauseWord): void {
    if (word.number > (this.#heard.get(lane)?.number ?? 0)) this.#heard.set(lane, word);
  }

  /** A lane is gone. */
  forget(lane: number): void {
    this.#heard.delete(lane);
  }

  /** Goes by what was heard on this lane, the main one. @returns whether that changed anything */
  heed(main: number): boolean {
    const paused = this.#heard.get(main)?.paused ?? false;
    const changed = paused !== this.#peerPaused;
    this.#peerPaused = paused;
    return changed;
  }
}
