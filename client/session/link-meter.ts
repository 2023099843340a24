import type { LanePath } from '../peer/lane-path.ts';
import type { PeerSource } from '../transfer/peer-source.ts';
import type { TransferReport } from './transfer-report.ts';

/** How often it is looked which way the lanes go, in milliseconds: candidates of another network may take over. */
const PATH_INTERVAL_MS = 5_000;

/** Measures how a transfer runs over a link, whatever sources it takes one after another. Times are milliseconds of one monotonic clock. */
export class LinkMeter {
  readonly #pressedAt: number | null;
  #plainBytes = 0;
  #travelledBytes = 0;
  #firstByteAt: number | null = null;
  #path: LanePath | null = null;
  #pathAt = Number.NEGATIVE_INFINITY;

  /** @param pressedAt when Receive was pressed; null where an earlier page did it */
  constructor(pressedAt: number | null) {
    this.#pressedAt = pressedAt;
  }

  /** A source is gone: what came over it stays counted. */
  keep({ report }: PeerSource): void {
    this.#plainBytes += report.plainBytes;
    this.#travelledBytes += report.travelledBytes;
    this.#firstByteAt ??= report.firstByteAt;
  }

  /** Looks which way the lanes go, now and then. */
  async look(source: PeerSource, now: number): Promise<void> {
    if (now - this.#pathAt < PATH_INTERVAL_MS) return;
    this.#pathAt = now;
    this.#path = (await source.readPath()) ?? this.#path;
  }

  /** How it runs. @param source the one that is up, null where none is */
  report(source: PeerSource | null): TransferReport {
    const now = source?.report ?? null;
    const firstByteAt = this.#firstByteAt ?? now?.firstByteAt ?? null;
    const timed = firstByteAt !== null && this.#pressedAt !== null;
    return {
      lanes: now?.lanes ?? 0,
      roundTripMs: now?.roundTripMs ?? null,
      path: this.#path,
      windowBytes: now?.windowBytes ?? null,
      firstByteMs: timed ? firstByteAt - this.#pressedAt : null,
      travelledBytes: this.#travelledBytes + (now?.travelledBytes ?? 0),
      plainBytes: this.#plainBytes + (now?.plainBytes ?? 0),
    };
  }
}
