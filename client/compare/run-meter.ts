import type { LanePath } from '../peer/lane-path.ts';
import { BusyClock } from './busy-clock.ts';
import type { Clock } from '../transfer/peer-lane.ts';
import type { ReceivedRun } from './control-message.ts';
import type { PageLoad } from './page-load.ts';
import { SampleLog } from './sample-log.ts';

/** What a meter looks at. */
export interface RunMeterTools {
  /** in ms of a monotonic clock */
  readonly clock: Clock;
  watchPageLoad(): PageLoad;
}

/** What the way of a run says of itself when it is over. */
export interface RunEnd {
  /** when the last check was done, and when the first byte came, by the meter's clock; null where none did */
  readonly at: number;
  readonly firstByteAt: number | null;
  readonly path: LanePath | null;
  readonly roundTripMs: number | null;
  readonly lanes: number;
  readonly travelledBytes: number;
  readonly root: string;
}

/** Measures a run on its receiver's side: one clock, from its beginning to its last check, in steps that add up (NT4). */
export class RunMeter {
  readonly #tools: RunMeterTools;
  readonly #samples = new SampleLog();
  readonly #sink: BusyClock;
  #load: PageLoad | null = null;
  #begunAt: number;
  #upAt: number | null = null;
  #transferredAt: number | null = null;
  /** of the sink, over the transfer */
  #sinkMs = 0;
  #bytes = 0;
  #movedAt: number;

  constructor(tools: RunMeterTools) {
    this.#tools = tools;
    this.#sink = new BusyClock(tools.clock);
    this.#begunAt = tools.clock();
    this.#movedAt = this.#begunAt;
  }

  /** When the run began. */
  get begunAt(): number {
    return this.#begunAt;
  }

  /** Verified so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How long it has been since the beginning or the last verified bytes, in milliseconds. */
  get stillMs(): number {
    return this.#tools.clock() - this.#movedAt;
  }

  /** The run begins: now, and not when it was last said so. */
  begin(): void {
    this.#load?.stop();
    this.#load = this.#tools.watchPageLoad();
    this.#begunAt = this.#tools.clock();
    this.#movedAt = this.#begunAt;
    this.#samples.note(0, 0);
  }

  /** There is something to ask. */
  noteUp(): void {
    this.#upAt ??= this.#tools.clock();
  }

  noteProgress(bytes: number): void {
    this.#bytes = bytes;
    this.#movedAt = this.#tools.clock();
    this.#samples.note(this.#movedAt - this.#begunAt, bytes);
  }

  /** Every byte is verified in the sink; what comes now are the last checks. */
  noteTransferred(): void {
    this.#transferredAt = this.#tools.clock();
    this.#sinkMs = this.#sink.busyMs;
  }

  /** Does something of the sink's, and counts its time. */
  duringSink<Value>(work: () => Promise<Value>): Promise<Value> {
    return this.#sink.during(work);
  }

  /** Looks at the page no more. */
  close(): void {
    this.#load?.stop();
  }

  /** What the run came to. */
  measure({ at, firstByteAt, ...end }: RunEnd): ReceivedRun {
    const up = this.#upAt ?? this.#begunAt;
    const transferred = this.#transferredAt ?? at;
    // Nothing comes of empty files.
    const firstByte = Math.min(transferred, Math.max(up, firstByteAt ?? up));
    const transferMs = transferred - firstByte;
    return {
      ...end,
      connectMs: up - this.#begunAt,
      firstByteMs: firstByte - up,
      transferMs,
      verifyMs: at - transferred,
      samples: [...this.#samples.samples],
      sinkBusy: transferMs === 0 ? 0 : Math.min(1, this.#sinkMs / transferMs),
      busy: this.#load?.stop() ?? null,
    };
  }
}
