import type { Lane, LaneListener } from '../peer/lane.ts';
import type { LanePair } from './lane-pair.ts';
import type { Random } from './random.ts';

/** What stands for a lane's offer where nothing is negotiated. */
const OFFER = { type: 'offer', sdp: 'v=0' } as const;

interface Bundled {
  readonly pair: LanePair;
  /** whether both sides are there: only then it opens */
  joined: boolean;
}

/** The pairs of lanes between one receiver and one sender in memory: a first one, and further ones that are offered over it. */
export class PairBundle {
  readonly #makePair: () => LanePair;
  readonly #random: Random;
  readonly #first: LanePair;
  readonly #pairs: Bundled[] = [];
  readonly #offered = new Map<number, Bundled>();
  #number = 100;
  #opened = false;

  constructor(makePair: () => LanePair, random: Random) {
    this.#makePair = makePair;
    this.#random = random;
    this.#first = makePair();
    this.#pairs.push({ pair: this.#first, joined: true });
  }

  /** Whether anything waits to be moved. */
  get busy(): boolean {
    return this.#pairs.some(({ pair, joined }) => joined && pair.busy);
  }

  /** The first pair's sending side. */
  openSender(listener: LaneListener): Lane {
    return this.#first.open(0)(listener);
  }

  /** The number of the lane that is opened next; takes the place of `nextLane`. */
  nextLane(): number {
    this.#number += 1;
    return this.#number;
  }

  /** The receiving side of the first pair, then of further ones; takes the place of `openLane`. */
  openReceiver(listener: LaneListener): Lane {
    if (!this.#opened) {
      this.#opened = true;
      return this.#first.open(1)(listener);
    }
    const bundled = { pair: this.#makePair(), joined: false };
    this.#pairs.push(bundled);
    this.#offered.set(this.#number, bundled);
    const lane = bundled.pair.open(1)(listener);
    listener.onSignal(OFFER);
    return lane;
  }

  /** Answers what was offered under this number. @returns the sending side, null where nothing was */
  answer(number: number): ((listener: LaneListener) => Lane) | null {
    const bundled = this.#offered.get(number);
    if (bundled === undefined || bundled.joined) return null;
    bundled.joined = true;
    return bundled.pair.open(0);
  }

  /** Opens one of the pairs, or moves one message of it. */
  step(): void {
    const busy = this.#pairs.filter(({ pair, joined }) => joined && pair.busy);
    busy[this.#random.below(busy.length)]?.pair.step();
  }

  /** Ends all lanes as a lost network does. */
  cut(): void {
    for (const { pair } of this.#pairs) pair.cut();
  }

  /** Ends one of the lanes. */
  cutOne(): void {
    this.#pairs[this.#random.below(this.#pairs.length)]?.pair.cut();
  }
}
