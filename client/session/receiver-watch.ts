import type { LanePath } from '../peer/lane-path.ts';
import type { Clock } from '../transfer/peer-lane.ts';
import type { OpenShare } from './open-share.ts';
import type { ReceiverEntry, ReceiverList } from './receiver-list.ts';
import { type TransferDetails, followReceiver } from './transfer-details.ts';

/** What Details shows of each receiver, by its id on the page. */
export type ReceiverDetails = ReadonlyMap<string, TransferDetails>;

/** What is watched of an open share. */
type Watched = Pick<OpenShare, 'reportOf' | 'readPath'>;

/** Looks at the receivers of a share for what Details shows of them. */
export class ReceiverWatch {
  readonly #clock: Clock;
  readonly #onDetails: (details: ReceiverDetails) => void;
  #details: ReceiverDetails = new Map();
  /** by the receiver's number; null while it is asked for */
  readonly #paths = new Map<number, LanePath | null>();

  /** @param onDetails told after every look, but for those that find nothing as those before */
  constructor(clock: Clock, onDetails: (details: ReceiverDetails) => void) {
    this.#clock = clock;
    this.#onDetails = onDetails;
  }

  /** Looks at these receivers; the others are forgotten. @param open null while nothing is shared */
  look(open: Watched | null, receivers: ReceiverList['entries']): void {
    if (receivers.size === 0 && this.#details.size === 0) return;
    const details = new Map<string, TransferDetails>();
    for (const entry of receivers.values()) {
      const followed = this.#follow(open, entry);
      if (followed !== null) details.set(String(entry.number), followed);
    }
    for (const number of this.#paths.keys()) {
      if (!receivers.has(number)) this.#paths.delete(number);
    }
    this.#details = details;
    this.#onDetails(details);
  }

  #follow(open: Watched | null, entry: ReceiverEntry): TransferDetails | null {
    const before = this.#details.get(String(entry.number)) ?? null;
    const peerIds = [...entry.peers.keys()];
    const report = open?.reportOf(peerIds) ?? null;
    // A receiver that comes back may come another way.
    if (report === null || report.lanes === 0) this.#paths.delete(entry.number);
    else if (open !== null && !this.#paths.has(entry.number)) {
      this.#paths.set(entry.number, null);
      void this.#readPath(open, entry.number, peerIds);
    }
    const path = this.#paths.get(entry.number) ?? null;
    return followReceiver(
      before,
      entry,
      report === null ? null : { ...report, path },
      this.#clock(),
    );
  }

  async #readPath(open: Watched, number: number, peerIds: readonly string[]): Promise<void> {
    const path = await open.readPath(peerIds);
    if (!this.#paths.has(number)) return;
    // Where it could not be told, the next look asks again.
    if (path === null) this.#paths.delete(number);
    else this.#paths.set(number, path);
  }
}
