import type { EventQueue } from './event-queue.ts';
import type { LinkModel } from './link-model.ts';

/** The most that a packet carries, and what it takes on the link besides, in bytes. */
const CHUNK_BYTES = 1_160;
const HEADER_BYTES = 96;
const MTU = 1_191;
const FIRST_WINDOW = 10 * MTU;
const LEAST_WINDOW = 4 * MTU;
/** Packets that go out at once. */
const BURST = 4;
const MIN_TIMEOUT_MS = 400;
const FIRST_TIMEOUT_MS = 500;
const MIN_VARIANCE_MS = 220;
const DELAYED_ACK_MS = 200;

interface Message {
  left: number;
  readonly deliver: () => void;
}

interface Chunk {
  readonly tsn: number;
  readonly bytes: number;
  readonly message: Message;
  sentAt: number;
  resent: boolean;
  nacks: number;
  state: 'flying' | 'lost' | 'acked';
  received: boolean;
}

interface Sack {
  readonly cumulative: number;
  readonly got: readonly number[];
}

/**
 * One lane's sender and receiver as Chromium's SCTP does it (dcSCTP): NewReno with an initial window of ten packets,
 * slow start by one packet for each acknowledgement, bursts of four, fast retransmit after three, a time-out of at
 * least 400 ms; messages are delivered in the order in which they are whole.
 */
export class SimulatedLane {
  readonly #lane: number;
  readonly #events: EventQueue;
  readonly #link: LinkModel;
  readonly #unsent: { readonly message: Message; bytes: number }[] = [];
  readonly #chunks = new Map<number, Chunk>();
  readonly #lost: Chunk[] = [];
  #nextTsn = 1;
  #acked = 0;
  #flying = 0;
  #window = FIRST_WINDOW;
  #threshold = Number.POSITIVE_INFINITY;
  #partial = 0;
  #recoverUntil = 0;
  #smoothedMs = 0;
  #variationMs = 0;
  #timeoutMs = FIRST_TIMEOUT_MS;
  /** when the time-out is due; null while nothing flies */
  #deadline: number | null = null;
  #timerRuns = false;
  #closed = false;
  // The receiver's side.
  #cumulative = 0;
  #got: number[] = [];
  readonly #beyond = new Set<number>();
  #unacknowledged = 0;
  #ackDueAt = 0;
  timeouts = 0;

  constructor(lane: number, events: EventQueue, link: LinkModel) {
    this.#lane = lane;
    this.#events = events;
    this.#link = link;
  }

  /** The congestion window, in bytes. */
  get windowBytes(): number {
    return this.#window;
  }

  /** Sends a message; `deliver` is called when it is whole on the other side. */
  send(bytes: number, deliver: () => void): void {
    const left = Math.ceil(bytes / CHUNK_BYTES);
    this.#unsent.push({ message: { left, deliver }, bytes });
    this.#transmit();
  }

  /** Nothing comes any more. */
  close(): void {
    this.#closed = true;
  }

  #transmit(): void {
    for (let burst = 0; burst < BURST; burst += 1) {
      if (this.#flying + MTU > this.#window && this.#flying > 0) return;
      const chunk = this.#lost.shift() ?? this.#cut();
      if (chunk === undefined) return;
      this.#send(chunk);
    }
  }

  #cut(): Chunk | undefined {
    const head = this.#unsent[0];
    if (head === undefined) return undefined;
    const bytes = Math.min(head.bytes, CHUNK_BYTES);
    head.bytes -= bytes;
    if (head.bytes === 0) this.#unsent.shift();
    const tsn = this.#nextTsn;
    this.#nextTsn += 1;
    const chunk: Chunk = {
      tsn,
      bytes,
      message: head.message,
      sentAt: 0,
      resent: false,
      nacks: 0,
      state: 'lost',
      received: false,
    };
    this.#chunks.set(tsn, chunk);
    return chunk;
  }

  #send(chunk: Chunk): void {
    chunk.resent = chunk.sentAt > 0;
    chunk.sentAt = this.#events.now;
    chunk.state = 'flying';
    chunk.nacks = 0;
    this.#flying += MTU;
    if (this.#deadline === null) this.#startTimer();
    this.#link.send(this.#lane, HEADER_BYTES + chunk.bytes, () => this.#receive(chunk));
  }

  #receive(chunk: Chunk): void {
    if (this.#closed) return;
    const first = !chunk.received;
    if (first) {
      chunk.received = true;
      this.#got.push(chunk.tsn);
      this.#beyond.add(chunk.tsn);
      while (this.#beyond.delete(this.#cumulative + 1)) this.#cumulative += 1;
    }
    this.#unacknowledged += 1;
    if (this.#unacknowledged >= 2 || this.#beyond.size > 0) this.#acknowledge();
    else this.#acknowledgeLater();
    if (!first) return;
    chunk.message.left -= 1;
    if (chunk.message.left === 0) chunk.message.deliver();
  }

  #acknowledgeLater(): void {
    this.#ackDueAt = this.#events.now + DELAYED_ACK_MS;
    this.#events.at(this.#ackDueAt, () => {
      const due = this.#unacknowledged > 0 && this.#ackDueAt <= this.#events.now;
      if (due && !this.#closed) this.#acknowledge();
    });
  }

  #acknowledge(): void {
    this.#unacknowledged = 0;
    const sack: Sack = { cumulative: this.#cumulative, got: this.#got };
    this.#got = [];
    this.#link.answer(() => this.#onSack(sack));
  }

  #onSack({ cumulative, got }: Sack): void {
    if (this.#closed) return;
    const full = this.#flying + MTU >= this.#window;
    const advanced = cumulative > this.#acked;
    let bytes = 0;
    let newest = 0;
    for (const tsn of got) {
      const chunk = this.#chunks.get(tsn);
      if (chunk === undefined || chunk.state === 'acked') continue;
      if (chunk.state === 'flying') this.#flying -= MTU;
      else this.#lost.splice(this.#lost.indexOf(chunk), 1);
      if (!chunk.resent) this.#measure(this.#events.now - chunk.sentAt);
      chunk.state = 'acked';
      bytes += MTU;
      newest = Math.max(newest, tsn);
    }
    for (; this.#acked < cumulative; this.#acked += 1) this.#chunks.delete(this.#acked + 1);
    if (this.#recoverUntil > 0 && cumulative >= this.#recoverUntil) this.#recoverUntil = 0;
    if (advanced) this.#grow(bytes, full);
    this.#nack(newest);
    if (advanced) this.#startTimer();
    this.#transmit();
  }

  #grow(bytes: number, full: boolean): void {
    if (!full || this.#recoverUntil > 0) return;
    if (this.#window <= this.#threshold) {
      this.#window += Math.min(bytes, MTU);
      return;
    }
    this.#partial += bytes;
    if (this.#partial < this.#window) return;
    this.#partial -= this.#window;
    this.#window += MTU;
  }

  #nack(newest: number): void {
    for (const chunk of this.#chunks.values()) {
      if (chunk.tsn >= newest) break;
      if (chunk.state !== 'flying') continue;
      chunk.nacks += 1;
      if (chunk.nacks < 3) continue;
      // A resent chunk is overtaken by what was in flight before it.
      if (chunk.resent && this.#events.now - chunk.sentAt < this.#smoothedMs) continue;
      chunk.state = 'lost';
      this.#flying -= MTU;
      if (this.#recoverUntil === 0) {
        this.#threshold = Math.max(this.#window / 2, LEAST_WINDOW);
        this.#window = this.#threshold;
        this.#partial = 0;
        this.#recoverUntil = this.#nextTsn - 1;
        this.#send(chunk);
      } else this.#lost.push(chunk);
    }
  }

  #measure(ms: number): void {
    if (this.#smoothedMs === 0) {
      this.#smoothedMs = ms;
      this.#variationMs = ms / 2;
    } else {
      this.#variationMs += (Math.abs(ms - this.#smoothedMs) - this.#variationMs) / 4;
      this.#smoothedMs += (ms - this.#smoothedMs) / 8;
    }
    const variance = Math.max(4 * this.#variationMs, MIN_VARIANCE_MS);
    this.#timeoutMs = Math.max(MIN_TIMEOUT_MS, this.#smoothedMs + variance);
  }

  #startTimer(): void {
    this.#deadline = this.#flying > 0 ? this.#events.now + this.#timeoutMs : null;
    if (this.#deadline !== null && !this.#timerRuns) this.#await(this.#deadline);
  }

  #await(deadline: number): void {
    this.#timerRuns = true;
    this.#events.at(deadline, () => {
      this.#timerRuns = false;
      if (this.#closed || this.#deadline === null) return;
      if (this.#deadline > this.#events.now) this.#await(this.#deadline);
      else this.#onTimeout();
    });
  }

  #onTimeout(): void {
    this.#deadline = null;
    this.timeouts += 1;
    this.#threshold = Math.max(this.#window / 2, LEAST_WINDOW);
    this.#window = MTU;
    this.#partial = 0;
    this.#recoverUntil = 0;
    this.#timeoutMs = Math.min(this.#timeoutMs * 2, 60_000);
    for (const chunk of this.#chunks.values()) {
      if (chunk.state !== 'flying') continue;
      chunk.state = 'lost';
      this.#lost.push(chunk);
    }
    this.#lost.sort((one, other) => one.tsn - other.tsn);
    this.#flying = 0;
    this.#transmit();
  }
}
