import { OnehopError } from '../errors/onehop-error.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import { SEALED_RECORD_BYTES } from '../sealing/record.ts';
import { CutAssembler } from './cut-assembler.ts';
import type {
  Cut,
  DownloadEvent,
  DownloadOrder,
  FetchLimits,
  ReadCut,
} from './download-messages.ts';
import { RangeFailure, type RecordRange, readRange } from './read-range.ts';
import { RecordQueue } from './record-queue.ts';
import type { UploadFailure } from './upload-failure.ts';

/** What a page's download goes by; ranges and records were chosen by measurement (bench/README.md). */
export const FETCH_LIMITS: FetchLimits = {
  ranges: 2,
  records: 16,
  giveUpMs: 600_000,
  silentMs: 20_000,
  lookMs: 5_000,
  pausesMs: [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000],
};

interface Running {
  /** the first record that has not come */
  next: number;
  readonly abort: AbortController;
  movedAt: number;
  began: boolean;
}

/** Reads what is wanted of an upload by a few ranges at once, and asks again for what broke. */
export class RangeFetches {
  readonly #order: DownloadOrder;
  readonly #limits: FetchLimits;
  readonly #fetch: typeof fetch;
  readonly #tell: (event: DownloadEvent) => void;
  readonly #cuts = new CutAssembler();
  readonly #queue: RecordQueue;
  readonly #running = new Set<Running>();
  readonly #watch: ReturnType<typeof setInterval>;
  #token: string;
  #held: { readonly passed: Promise<void>; readonly pass: () => void } | null = null;
  #refused = false;
  #ended = false;
  /** attempts since a record came */
  #attempts = 0;
  #failingSince: number | null = null;
  #pause: ReturnType<typeof setTimeout> | undefined;

  /** It is closed by `close`, and by itself when it has failed. */
  constructor(order: DownloadOrder, tell: (event: DownloadEvent) => void, send: typeof fetch) {
    this.#order = order;
    this.#limits = { ...FETCH_LIMITS, ...order.limits };
    this.#queue = new RecordQueue(this.#limits.records);
    this.#token = order.token;
    this.#tell = tell;
    this.#fetch = send;
    this.#watch = setInterval(() => this.#look(), this.#limits.lookMs);
  }

  /** Shows this to the server from now on. */
  setToken(token: string): void {
    this.#token = token;
    this.#refused = false;
    this.#pump();
  }

  /** Reads these. */
  want(cuts: readonly Cut[]): void {
    const { whole, needed } = this.#cuts.add(cuts);
    this.#queue.add(needed);
    this.#tellRead(whole);
    this.#pump();
  }

  /** Reads these no more. */
  drop(ids: readonly number[]): void {
    this.#cuts.drop(ids);
    this.#queue.keep((record) => this.#cuts.needs(record));
  }

  /** Reads nothing more, or goes on; meanwhile the server waits with what runs. */
  hold(held: boolean): void {
    if (held === (this.#held !== null)) return;
    if (held) {
      let pass: () => void = () => {};
      const passed = new Promise<void>((resolve) => {
        pass = resolve;
      });
      this.#held = { passed, pass };
      return;
    }
    this.#held?.pass();
    this.#held = null;
    this.#failingSince = null;
    for (const running of this.#running) running.movedAt = performance.now();
    this.#pump();
  }

  /** Asks anew for what has been silent. */
  renew(): void {
    for (const running of this.#silent()) running.abort.abort();
  }

  /** Ends every request. */
  close(): void {
    this.#ended = true;
    clearInterval(this.#watch);
    clearTimeout(this.#pause);
    this.#held?.pass();
    for (const { abort } of this.#running) abort.abort();
  }

  #pump(): void {
    while (this.#mayStart && this.#running.size < this.#limits.ranges) {
      const range = this.#queue.next();
      if (range === null) return;
      void this.#run(range);
    }
  }

  get #mayStart(): boolean {
    return !this.#ended && !this.#refused && this.#held === null && this.#pause === undefined;
  }

  async #run(range: RecordRange): Promise<void> {
    const running: Running = {
      next: range.first,
      abort: new AbortController(),
      movedAt: performance.now(),
      began: false,
    };
    this.#running.add(running);
    const left = new Set<number>();
    for (let record = range.first; record < range.end; record += 1) left.add(record);
    try {
      await readRange(range, {
        ...this.#order,
        token: this.#token,
        fetch: this.#fetch,
        signal: running.abort.signal,
        ready: () => this.#held?.passed ?? Promise.resolve(),
        onMoved: () => {
          running.movedAt = performance.now();
          if (!running.began) this.#tell({ type: 'began' });
          running.began = true;
        },
        onRecord: (record, bytes) => {
          left.delete(record);
          running.next = record + 1;
          this.#onRecord(record, bytes);
        },
      });
    } catch (error) {
      this.#onBroken(error, left);
    } finally {
      this.#running.delete(running);
      this.#pump();
    }
  }

  #onRecord(record: number, bytes: Uint8Array): void {
    if (this.#ended) return;
    this.#attempts = 0;
    this.#failingSince = null;
    this.#tellRead(this.#cuts.take(record, bytes));
  }

  #onBroken(error: unknown, left: ReadonlySet<number>): void {
    if (this.#ended) return;
    if (error instanceof OnehopError) {
      this.#fail(error.reason);
      return;
    }
    this.#queue.addFirst([...left].filter((record) => this.#cuts.needs(record)));
    const failure: UploadFailure =
      error instanceof RangeFailure
        ? error.failure
        : { reason: 'upload-unreachable', passing: true };
    if (failure.passing) this.#waitAWhile(failure.reason);
    else if (!this.#refused) {
      this.#refused = true;
      this.#tell({ type: 'refused', reason: failure.reason });
    }
  }

  #waitAWhile(reason: ErrorReason): void {
    const now = performance.now();
    this.#failingSince ??= now;
    if (this.#held === null && now - this.#failingSince >= this.#limits.giveUpMs) {
      this.#fail(reason);
      return;
    }
    if (this.#pause !== undefined) return;
    const { pausesMs } = this.#limits;
    const pause = pausesMs[Math.min(this.#attempts, pausesMs.length - 1)] ?? 1_000;
    this.#attempts += 1;
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.#pump();
    }, pause);
  }

  #look(): void {
    if (this.#held !== null) return;
    const from = Math.min(...this.#silent().map(({ next }) => next));
    if (Number.isFinite(from)) this.#tell({ type: 'silent', from: from * SEALED_RECORD_BYTES });
  }

  #silent(): readonly Running[] {
    const before = performance.now() - this.#limits.silentMs;
    return [...this.#running].filter(({ movedAt }) => movedAt <= before);
  }

  #fail(reason: ErrorReason): void {
    this.close();
    this.#tell({ type: 'failed', reason });
  }

  #tellRead(cuts: readonly ReadCut[]): void {
    if (cuts.length > 0) this.#tell({ type: 'read', cuts });
  }
}
