import { OnehopError } from '../errors/onehop-error.ts';
import type { Lane, LaneListener } from '../peer/lane.ts';
import type { Random } from './random.ts';

/** What a pair does to each message on its way; `hold` puts it back among those that wait. */
export type Fault = 'deliver' | 'hold' | 'drop' | 'duplicate' | 'corrupt' | 'cut';

/** How a pair of lanes in memory behaves. */
export interface LanePairOptions {
  readonly random: Random;
  readonly maxMessageBytes: number;
  /** chosen for every message that is delivered */
  readonly fault?: (random: Random) => Fault;
}

interface Side {
  readonly lane: Lane;
  readonly attach: (listener: LaneListener) => Lane;
}

/**
 * Two lanes in memory, joined: reliable but without order, as Onehop's channels are, and with whatever faults are asked
 * for. Nothing moves until `step`: which message goes next is the seeded random's choice.
 */
export class LanePair {
  readonly #options: LanePairOptions;
  readonly #wire: { readonly to: 0 | 1; readonly bytes: ArrayBuffer }[] = [];
  readonly #listeners: (LaneListener | null)[] = [null, null];
  readonly #sides: readonly [Side, Side];
  #open = false;
  #cut = false;
  /** one side has closed; the other learns it when what is on its way has arrived */
  #closing: 0 | 1 | null = null;

  constructor(options: LanePairOptions) {
    this.#options = options;
    this.#sides = [this.#side(0), this.#side(1)];
  }

  /** Takes the place of `openLane` for one side. */
  open(side: 0 | 1): (listener: LaneListener) => Lane {
    return (listener) => this.#sides[side].attach(listener);
  }

  /** Whether anything waits to be moved. */
  get busy(): boolean {
    return !this.#cut && (!this.#open || this.#wire.length > 0 || this.#closing !== null);
  }

  /** Opens the pair, or moves one message. */
  step(): void {
    if (this.#cut) return;
    if (!this.#open) {
      this.#open = true;
      for (const listener of this.#listeners) listener?.onOpen();
      return;
    }
    if (this.#wire.length === 0 && this.#closing !== null) {
      this.cut();
      return;
    }
    const [message] = this.#wire.splice(this.#options.random.below(this.#wire.length), 1);
    if (message !== undefined) this.#deliver(message.to, message.bytes);
  }

  /** Ends both lanes as a lost network does. */
  cut(): void {
    if (this.#cut) return;
    this.#cut = true;
    this.#wire.length = 0;
    for (const listener of this.#listeners) listener?.onClose(new OnehopError('connection-lost'));
  }

  #deliver(to: 0 | 1, bytes: ArrayBuffer): void {
    const { random, fault } = this.#options;
    switch (fault?.(random) ?? 'deliver') {
      case 'deliver':
        this.#listeners[to]?.onMessage(bytes);
        break;
      case 'hold':
        this.#wire.push({ to, bytes });
        break;
      case 'drop':
        break;
      case 'duplicate':
        this.#listeners[to]?.onMessage(bytes.slice(0));
        this.#listeners[to]?.onMessage(bytes);
        break;
      case 'corrupt': {
        const view = new Uint8Array(bytes);
        const at = random.below(view.length);
        view[at] = (view[at] ?? 0) ^ (1 << random.below(8));
        this.#listeners[to]?.onMessage(bytes);
        break;
      }
      case 'cut':
        this.cut();
        break;
    }
  }

  #side(side: 0 | 1): Side {
    const other = side === 0 ? 1 : 0;
    const lane: Lane = {
      maxMessageBytes: this.#options.maxMessageBytes,
      full: false,
      readPath: async () => 'direct',
      signal: () => {},
      send: (bytes) => {
        if (this.#cut || this.#listeners[side] === null) throw new OnehopError('connection-lost');
        this.#wire.push({ to: other, bytes: bytes.slice().buffer });
      },
      close: (options) => {
        this.#listeners[side] = null;
        this.#closing = side;
        const rest = this.#wire.filter(({ to }) => to === other && options?.flush === true);
        this.#wire.splice(0, this.#wire.length, ...rest);
      },
    };
    return {
      lane,
      attach: (listener) => {
        this.#listeners[side] = listener;
        return lane;
      },
    };
  }
}
