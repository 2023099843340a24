import type { LegProbe } from '../compare/prediction.ts';
import { Inbox } from '../machine/inbox.ts';
import type { Way } from './carrier-machine.ts';
import {
  FASTEST_UNKNOWN,
  type FastestEffect,
  type FastestEvent,
  type FastestLook,
  stepFastest,
} from './fastest-machine.ts';
import type { Weighed } from './weigh-ways.ts';

/** What following the faster way takes. */
export interface FastestWayTools {
  /** in ms of a monotonic clock */
  clock(): number;
  /** Probes the line from the server. @returns null where nothing came of it */
  probeDownload(signal: AbortSignal): Promise<LegProbe | null>;
}

/** What it tells its owner. */
export interface FastestWayListener {
  /** this way is expected to be the faster one */
  onPrefer(way: Way): void;
  /** the sender is to be asked to upload */
  onUploadWanted(): void;
  /** what the ways are expected to take */
  onWeighed(weighed: Weighed): void;
}

/** A receiver's choice of the faster way: carries out what `stepFastest` decides. */
export class FastestWay {
  readonly #tools: FastestWayTools;
  readonly #listener: FastestWayListener;
  readonly #inbox = new Inbox<FastestEvent>((event) => this.#step(event));
  readonly #end = new AbortController();
  #state = FASTEST_UNKNOWN;

  constructor(tools: FastestWayTools, listener: FastestWayListener) {
    this.#tools = tools;
    this.#listener = listener;
  }

  /** The sender would upload, over a line like this; or, by null, does not. */
  offer(leg: LegProbe | null): void {
    this.#inbox.post({ type: 'offered', leg });
  }

  /** Looks how the transfer stands; to be called about twice a second. */
  look(seen: FastestLook): void {
    this.#inbox.post({ type: 'look', seen });
  }

  /** Ends what runs; nothing is told any more. */
  close(): void {
    this.#end.abort();
  }

  #step(event: FastestEvent): void {
    if (this.#end.signal.aborted) return;
    const { state, effects } = stepFastest(this.#state, event, this.#tools.clock());
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: FastestEffect): void {
    switch (effect.type) {
      case 'probe':
        void this.#probe();
        break;
      case 'ask-for-upload':
        this.#listener.onUploadWanted();
        break;
      case 'prefer':
        this.#listener.onPrefer(effect.way);
        break;
      case 'weighed':
        this.#listener.onWeighed(effect.weighed);
        break;
    }
  }

  async #probe(): Promise<void> {
    const leg = await this.#tools.probeDownload(this.#end.signal).catch(() => null);
    this.#inbox.post({ type: 'probed', leg });
  }
}
