import { FlowLanes } from './flow-lanes.ts';
import type { Ask, LaneLedger } from './lane-ledger.ts';
import { PathControl } from './path-control.ts';
import { PieceQueue } from './piece-queue.ts';
import type { AskLimit } from './round-meter.ts';
import { type Span, holdsSpan, withoutSpan } from './spans.ts';
import { type Part, type WantedPiece, isComing, missingBytes } from './wanted-piece.ts';

/** Bytes of a piece in the form it travels in. */
export interface PieceRange extends Span {
  /** in the share's numbering */
  readonly piece: number;
}

/** What is to be asked of one lane now. */
export interface Asking {
  readonly lane: number;
  readonly ranges: readonly PieceRange[];
}

/** A data frame, as far as a flow looks at it. */
export interface ArrivedFrame extends PieceRange {
  /** bytes of the piece in the form it travels in */
  readonly total: number;
}

/**
 * What a frame is.
 * `taken`: it was asked for on this lane, and its bytes are new.
 * `duplicate`: it was asked for on this lane and is to be dropped; other frames brought its bytes, or nobody wants them any more.
 * `changed`: the piece travels in another form now; this frame and what is here of the piece are to be dropped, and the piece is asked for from its start.
 * `unasked`: a breach of the protocol.
 */
export type Arrival = 'taken' | 'duplicate' | 'changed' | 'unasked';

/** How a flow stands, to be shown. */
export interface FlowReport {
  /** how much may be on its way over all lanes */
  readonly windowBytes: number;
  /** as it travels, smoothed over about a second; while nothing can be asked for it stays */
  readonly bytesPerSecond: number;
  /** the shortest time from ask to arrival of a range; null before the first */
  readonly roundTripMs: number | null;
}

/** What goes out in one burst on a lane that has nothing else: four packets. */
const SOUNDING_BYTES = 4 * 1024;
/** And what a lane's first congestion window holds besides. */
const SOUNDING_OWED_BYTES = 4 * 1024;
/** On a long path it is sounded more than once each round trip. */
const SOUNDING_MS = 50;
/** Of how many lanes a part is asked at most, while they are late with it. */
const MAX_TRIES = 3;
/** What is asked for again although it may still come: a share of what came, and a little. */
const AGAIN_RATIO = 0.05;
const AGAIN_BYTES = 1024 * 1024;
/** Nobody looked at the clock for so long: this machine slept. In ms. */
const SLEEP_MS = 3_000;

/**
 * Fetches pieces of one peer over several lanes: decides what is asked of which lane when. It opens and sends nothing
 * and has no clock: its owner tells it what came, and asks it what to ask for.
 */
export class Flow {
  readonly #queue = new PieceQueue();
  readonly #path: PathControl;
  readonly #lanes: FlowLanes;
  #paused = false;
  #lookedAt: number;
  #arrivedBytes = 0;
  #againBytes = 0;
  #soundedAt = 0;

  /** @param maxLanes how many lanes it may want @param now in ms, of a clock that never runs backwards, as everywhere here */
  constructor({ maxLanes, now }: { readonly maxLanes: number; readonly now: number }) {
    this.#path = new PathControl(maxLanes, now);
    this.#lanes = new FlowLanes(this.#path);
    this.#lookedAt = now;
  }

  /** How many bytes of the wanted pieces are not here, as far as their travelling lengths are known. */
  get owedBytes(): number {
    return this.#queue.owedBytes;
  }

  /** How many of the wanted pieces are not wholly here. */
  get owedPieces(): number {
    return this.#queue.owedPieces;
  }

  /** How many lanes are wanted: to be looked at now and then, as more are opened or `spareLanes` closed. */
  get lanesWanted(): number {
    return this.#path.lanesWanted;
  }

  /** Lanes that may be closed: there are more than are wanted, and these, the newest, owe nothing. */
  get spareLanes(): readonly number[] {
    return this.#lanes.surplus.filter(({ owes }) => !owes).map(({ lane }) => lane);
  }

  /** How it stands. */
  get report(): FlowReport {
    return {
      windowBytes: Math.round(this.#path.windowBytes),
      bytesPerSecond: Math.round(this.#path.meanBytesPerSecond),
      roundTripMs: this.#path.leastLatencyMs,
    };
  }

  /** A lane is open and greeted; it may be asked. @param lane a number that no lane has had before */
  addLane(lane: number, now: number): void {
    this.#lanes.add(lane, now);
  }

  /** A lane is gone: what it owed is asked of the others before everything else. */
  removeLane(lane: number): void {
    const ledger = this.#lanes.find(lane);
    if (ledger === undefined) return;
    this.#lanes.remove(ledger);
    this.#giveUp(ledger);
  }

  /** These pieces are to be fetched, behind those before; one that is wanted already stays where it is. @param pieces with the lengths of the plain pieces in bytes */
  want(pieces: readonly { readonly piece: number; readonly length: number }[]): void {
    for (const { piece, length } of pieces) this.#queue.want(piece, length);
  }

  /** A piece is not wanted any more; frames of it that are on their way still are `duplicate`. */
  forget(piece: number): void {
    const wanted = this.#queue.find(piece);
    if (wanted === undefined) return;
    this.#queue.remove(wanted);
    abandonAll(wanted);
  }

  /** Gives back the pieces of which nothing was asked for yet: they are not wanted any more. The others still come. */
  release(): readonly number[] {
    const untouched = this.#queue.untouched;
    for (const wanted of untouched) this.#queue.remove(wanted);
    return untouched.map(({ piece }) => piece);
  }

  /** A frame came over a lane. */
  arrived(lane: number, frame: ArrivedFrame, now: number): Arrival {
    const ledger = this.#lanes.find(lane);
    const ask = ledger?.find(frame.piece, frame, frame.total);
    if (ledger === undefined) return 'unasked';
    if (ask === undefined) {
      // Its bytes may have been asked for in both forms, and what came first was taken for the answer to the other ask.
      const twice = ledger.knows(frame.piece) && this.#queue.wasRestarted(frame.piece);
      return twice ? 'duplicate' : 'unasked';
    }
    const { of } = ask.part;
    if (frame.end > frame.total || frame.total > of.length) return 'unasked';
    const arrival = this.#take(ask.part, frame);
    this.#measure(ledger, ask, frame, now);
    this.#askAgain(ask.part);
    return arrival;
  }

  /**
   * What to ask of which lane now; a lane stands in it once. To be called after whatever else was called, and while
   * something is owed at least every 100 ms.
   */
  next(now: number): readonly Asking[] {
    if (this.#paused) return [];
    if (now - this.#lookedAt > SLEEP_MS) this.#restartClocks(now);
    this.#lookedAt = now;
    this.#moveStalled(now);
    const asking = new Map<number, PieceRange[]>();
    this.#sound(asking, now);
    this.#fill(asking, now);
    return [...asking].map(([lane, ranges]) => ({ lane, ranges }));
  }

  /** Nothing is asked for until `resume`; what comes meanwhile is taken and not measured. */
  pause(): void {
    this.#paused = true;
  }

  /** Goes on. */
  resume(now: number): void {
    this.#paused = false;
    this.#lookedAt = now;
    this.#restartClocks(now);
  }

  #take(part: Part, frame: ArrivedFrame): Arrival {
    const wanted = part.of;
    if (wanted.state === 'gone') return 'duplicate';
    if (wanted.total === null && !wanted.begunAnew) this.#learn(wanted, frame.total);
    if (wanted.total !== frame.total) {
      this.#restart(wanted, frame.total);
      return 'changed';
    }
    if (!holdsSpan(part.missing, frame)) return 'duplicate';
    part.missing = withoutSpan(part.missing, frame);
    if (part.missing.length === 0) wanted.parts.delete(part);
    this.#queue.arrived(wanted, frame.end - frame.start);
    return 'taken';
  }

  #learn(wanted: WantedPiece, total: number): void {
    this.#queue.learn(wanted, total);
    if (total === wanted.length) return;
    for (const part of wanted.parts) {
      part.missing = withoutSpan(part.missing, { start: total, end: wanted.length });
      for (const ask of part.asks) ask.lane.clip(ask, total);
      if (part.missing.length === 0) wanted.parts.delete(part);
    }
  }

  #measure(ledger: LaneLedger, ask: Ask, { start, end }: Span, now: number): void {
    this.#arrivedBytes += end - start;
    const latencyMs = ledger.arrived(ask, { start, end }, now);
    if (this.#paused) return;
    this.#path.arrived(end - start);
    if (latencyMs === null) return;
    const { sounder, count } = this.#lanes;
    if (ledger === sounder && ask.owedBefore <= SOUNDING_OWED_BYTES) this.#path.sounded(latencyMs);
    const overtaken = ledger.overtake(ask);
    const range = { askedAt: ask.askedAt, latencyMs, overtaken };
    const roundMs = this.#path.settled(range, { open: count, sounding: sounder !== null }, now);
    if (roundMs !== null) this.#lanes.endRound(roundMs);
  }

  #sound(asking: Map<number, PieceRange[]>, now: number): void {
    this.#lanes.chooseSounder(now);
    const { sounder } = this.#lanes;
    if (sounder === null || sounder.owedBytes > SOUNDING_OWED_BYTES) return;
    if (sounder.owes && now - this.#soundedAt < SOUNDING_MS) return;
    const part = this.#queue.take(SOUNDING_BYTES);
    if (part === null) return;
    this.#soundedAt = now;
    this.#ask(sounder, part, asking, now);
  }

  #fill(asking: Map<number, PieceRange[]>, now: number): void {
    let inFlight = this.#lanes.inFlightBytes(now);
    let limit: AskLimit | null = null;
    while (limit === null) {
      const ledger = this.#lanes.choose(now);
      const room = ledger === null ? 0 : ledger.share.rangeBytes;
      if (ledger === null) limit = 'lanes';
      else if (inFlight > 0 && inFlight + room / 2 > this.#path.windowBytes) limit = 'window';
      else {
        const part = this.#queue.take(room) ?? this.#takeLate(ledger, now);
        if (part === null) limit = 'nothing-left';
        else inFlight += this.#ask(ledger, part, asking, now);
      }
    }
    this.#path.asked(limit, inFlight);
  }

  #ask(ledger: LaneLedger, part: Part, asking: Map<number, PieceRange[]>, now: number): number {
    if (part.asks.size > 0) this.#againBytes += missingBytes(part);
    const { bytes } = ledger.ask(part, now);
    const { piece } = part.of;
    const ranges = asking.get(ledger.lane) ?? [];
    asking.set(ledger.lane, ranges);
    for (const { start, end } of part.missing) ranges.push({ piece, start, end });
    return bytes;
  }

  /** A part that nobody is to bring any more is asked for before everything else. */
  #askAgain(part: Part): void {
    if (part.missing.length === 0 || part.of.state === 'gone' || isComing(part)) return;
    this.#queue.askAgain(part);
  }

  /**
   * Where others were asked in vain too, the ranges may lie beyond the end of a form that the piece has now: a sender
   * passes over those, and no frame tells of it.
   */
  #endWait(ledger: LaneLedger): void {
    for (const { part } of ledger.awaited) {
      if (part.tries > 1 && part.of.total !== null && part.of.state !== 'gone') {
        this.#restart(part.of, null);
      }
    }
    this.#giveUp(ledger);
  }

  #restart(wanted: WantedPiece, total: number | null): void {
    this.#queue.restart(wanted, total);
    abandonAll(wanted);
  }

  /** What it owes is to be asked for again. */
  #giveUp(ledger: LaneLedger): void {
    for (const ask of ledger.awaited) {
      ledger.abandon(ask);
      this.#askAgain(ask.part);
    }
  }

  #moveStalled(now: number): void {
    for (const ledger of this.#lanes.all) {
      if (!this.#lanes.isStalled(ledger, now)) continue;
      ledger.dropUseless();
      if (this.#lanes.isLost(ledger, now)) this.#endWait(ledger);
      if (!this.#mayAskAgain(ledger.owedBytes)) continue;
      for (const ask of ledger.doubt()) {
        if (ask.part.tries < MAX_TRIES) this.#askAgain(ask.part);
      }
    }
  }

  /** Where nothing else is left: what another lane should have brought by now. The last pieces do not wait for the slowest lane. */
  #takeLate(ledger: LaneLedger, now: number): Part | null {
    const late = this.#lanes.findLate(ledger, now, ({ part }) => {
      const bytes = missingBytes(part);
      if (bytes === 0 || part.tries >= MAX_TRIES || !this.#mayAskAgain(bytes)) return false;
      return [...part.asks].every((other) => other.lane !== ledger);
    });
    return late?.part ?? null;
  }

  #mayAskAgain(bytes: number): boolean {
    return this.#againBytes + bytes <= AGAIN_BYTES + this.#arrivedBytes * AGAIN_RATIO;
  }

  #restartClocks(now: number): void {
    this.#path.restart(now);
    this.#lanes.restartClocks(now);
  }
}

function abandonAll(wanted: WantedPiece): void {
  for (const part of wanted.parts) {
    for (const ask of part.asks) ask.lane.abandon(ask);
  }
}
