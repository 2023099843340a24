import { Fifo } from './fifo.ts';
import { type Span, holdsSpan, spanBytes, withoutSpan } from './spans.ts';
import type { Part } from './wanted-piece.ts';

/** How many asks that nothing is awaited of are remembered, should their bytes come nevertheless. */
const STALE_ASKS = 4_096;

/** A clock shows no shorter time. */
const CLOCK_MS = 0.1;

/** What one lane was asked for. Changed in place, as its bytes come. */
export interface Ask {
  readonly part: Part;
  readonly lane: LaneLedger;
  readonly askedAt: number;
  /** what the lane owed when it was asked for this besides, in bytes */
  readonly owedBefore: number;
  /** what may still come */
  spans: readonly Span[];
  /** how much of it is awaited; 0 once nothing is */
  bytes: number;
  /** something that was asked of the lane later is here already */
  overtaken: boolean;
  /** so late that another lane is to be asked for it too */
  doubted: boolean;
}

/** What a lane may be asked for. */
export interface LaneShare {
  readonly rangeBytes: number;
  readonly mostBytes: number;
}

const NO_SHARE: LaneShare = { rangeBytes: 0, mostBytes: 0 };

/** What was asked of one lane and has not come, and how the lane does. All times are in milliseconds. */
export class LaneLedger {
  /** the lane's number */
  readonly lane: number;
  /** how much one range asks of it, and how much it may owe, in bytes; from round to round */
  share = NO_SHARE;
  readonly #awaited = new Set<Ask>();
  readonly #byPiece = new Map<number, Ask[]>();
  readonly #stale = new Fifo<Ask>();
  #owedBytes = 0;
  /** when it last brought something, or began to owe */
  #movedAt: number;
  #measureFrom = Number.NEGATIVE_INFINITY;
  #doubted = false;
  #roundBytes = 0;
  #bytesPerSecond = 0;
  #latencyMs: number | null = null;

  constructor(lane: number, now: number) {
    this.lane = lane;
    this.#movedAt = now;
  }

  /** How many bytes it was asked for and that have not come. */
  get owedBytes(): number {
    return this.#owedBytes;
  }

  /** Whether anything is awaited of it. */
  get owes(): boolean {
    return this.#awaited.size > 0;
  }

  /** What it delivers, in bytes/s: falls more slowly than it rises. */
  get bytesPerSecond(): number {
    return this.#bytesPerSecond;
  }

  /** From ask to arrival of a range, smoothed; null before the first. */
  get latencyMs(): number | null {
    return this.#latencyMs;
  }

  /** What is awaited of it, in the order asked. */
  get awaited(): Iterable<Ask> {
    return this.#awaited;
  }

  /** How long it owes something and brings nothing. */
  quietMs(now: number): number {
    return this.#owedBytes === 0 ? 0 : now - this.#movedAt;
  }

  /** Notes that this part is asked of the lane. */
  ask(part: Part, now: number): Ask {
    if (this.#owedBytes === 0) this.#movedAt = now;
    const bytes = spanBytes(part.missing);
    const ask: Ask = {
      part,
      lane: this,
      askedAt: now,
      owedBefore: this.#owedBytes,
      spans: part.missing,
      bytes,
      overtaken: false,
      doubted: false,
    };
    this.#owedBytes += bytes;
    this.#awaited.add(ask);
    const { piece } = part.of;
    const same = this.#byPiece.get(piece);
    if (same === undefined) this.#byPiece.set(piece, [ask]);
    else same.push(ask);
    part.asks.add(ask);
    part.tries += 1;
    return ask;
  }

  /**
   * The ask that a frame answers, if there is one. Where its bytes were asked for twice, because the piece was begun
   * anew, an ask that it answers wholly is meant, and rather one that is still wanted in this form.
   */
  find(piece: number, span: Span, total: number): Ask | undefined {
    const asks = this.#byPiece.get(piece);
    if (asks === undefined) return undefined;
    let best: Ask | undefined;
    let most = 0;
    for (const ask of asks) {
      if (!holdsSpan(ask.spans, span)) continue;
      const { state, total: known } = ask.part.of;
      const current = state !== 'gone' && (known ?? total) === total;
      const whole = ask.spans.some(
        ({ start, end }) => start === span.start && (end === span.end || span.end === total),
      );
      const fits = 1 + (current ? 1 : 0) + (whole ? 2 : 0);
      if (fits > most) [best, most] = [ask, fits];
    }
    return best;
  }

  /** Whether anything was asked of the lane for this piece that may still come. */
  knows(piece: number): boolean {
    return this.#byPiece.has(piece);
  }

  /**
   * Bytes of an ask came.
   * @returns how long after they were asked for, where they were the last of them and that tells something
   */
  arrived(ask: Ask, span: Span, now: number): number | null {
    const bytes = span.end - span.start;
    this.#movedAt = now;
    this.#trust();
    this.#roundBytes += bytes;
    ask.spans = withoutSpan(ask.spans, span);
    if (!this.#awaited.has(ask)) {
      if (ask.spans.length === 0) this.#forget(ask);
      return null;
    }
    this.#reduce(ask, bytes);
    if (ask.bytes > 0) return null;
    this.abandon(ask);
    if (ask.spans.length === 0) this.#forget(ask);
    if (ask.askedAt < this.#measureFrom) return null;
    const latency = Math.max(now - ask.askedAt, CLOCK_MS);
    this.#latencyMs = this.#latencyMs === null ? latency : (this.#latencyMs * 7 + latency) / 8;
    return latency;
  }

  /** Marks what was asked before this and is not here: @returns how many ranges that were not marked before */
  overtake(ask: Ask): number {
    let count = 0;
    for (const before of this.#awaited) {
      if (before.askedAt >= ask.askedAt) break;
      if (before.overtaken || before.part.of.total === null) continue;
      before.overtaken = true;
      count += 1;
    }
    return count;
  }

  /** Nothing beyond `end` is sent of this ask. */
  clip(ask: Ask, end: number): void {
    if (!this.#awaited.has(ask)) return;
    const before = ask.spans.reduce(
      (sum, span) => sum + Math.max(0, Math.min(span.end, end) - span.start),
      0,
    );
    this.#reduce(ask, ask.bytes - before);
    if (ask.bytes === 0) this.abandon(ask);
  }

  /** Nothing is awaited of this ask any more; if its bytes come they were asked for all the same. */
  abandon(ask: Ask): void {
    if (!this.#awaited.has(ask)) return;
    this.#reduce(ask, ask.bytes);
    this.#awaited.delete(ask);
    ask.part.asks.delete(ask);
    if (ask.spans.length === 0) return;
    this.#stale.push(ask);
    if (this.#stale.size <= STALE_ASKS) return;
    const oldest = this.#stale.shift();
    if (oldest !== undefined) this.#forget(oldest);
  }

  /** It brings nothing: @returns what is doubted now and was not before */
  doubt(): readonly Ask[] {
    if (this.#doubted) return [];
    this.#doubted = true;
    for (const ask of this.#awaited) ask.doubted = true;
    return [...this.#awaited];
  }

  /** Awaits nothing any more that nobody needs: the sender may have left it out, and it would be awaited for ever. */
  dropUseless(): void {
    for (const ask of this.#awaited) {
      if (ask.part.missing.length === 0 || ask.part.of.state === 'gone') this.abandon(ask);
    }
  }

  /** A measuring round of so many milliseconds is over. */
  endRound(durationMs: number): void {
    const rate = (this.#roundBytes * 1_000) / durationMs;
    const weight = rate > this.#bytesPerSecond ? 0.5 : 0.2;
    this.#bytesPerSecond += weight * (rate - this.#bytesPerSecond);
    this.#roundBytes = 0;
  }

  /** What was asked before tells nothing about the lane, and it is not late yet: there was a pause. */
  restartClock(now: number): void {
    this.#movedAt = now;
    this.#measureFrom = now;
    this.#roundBytes = 0;
  }

  #reduce(ask: Ask, by: number): void {
    const bytes = Math.min(Math.max(by, 0), ask.bytes);
    ask.bytes -= bytes;
    this.#owedBytes -= bytes;
  }

  #trust(): void {
    if (!this.#doubted) return;
    this.#doubted = false;
    for (const ask of this.#awaited) ask.doubted = false;
  }

  #forget(ask: Ask): void {
    const { piece } = ask.part.of;
    const rest = (this.#byPiece.get(piece) ?? []).filter((other) => other !== ask);
    if (rest.length === 0) this.#byPiece.delete(piece);
    else this.#byPiece.set(piece, rest);
  }
}
