import { Flow, type PieceRange } from '../transfer/flow/flow.ts';
import { EventQueue } from './event-queue.ts';
import { LinkModel, type LinkProfile } from './link-model.ts';
import { seededRandom } from './random.ts';
import { SimulatedLane } from './simulated-lane.ts';

/** A transfer over a simulated path. */
export interface FlowRun {
  readonly profile: LinkProfile;
  readonly maxLanes: number;
  /** lengths of the pieces in bytes */
  readonly pieces: readonly number[];
  /** bytes that a piece has as it travels; its length where this is not given */
  readonly total?: (piece: number) => number;
  /** the sender's disk or compressor, in bytes/s */
  readonly readBytesPerSecond?: number;
  /** the receiving page does nothing for so long, again and again, in ms */
  readonly busy?: { readonly forMs: number; readonly everyMs: number };
  readonly seed?: number;
}

/** What is looked at while it runs. */
export interface Sample {
  readonly at: number;
  readonly lanes: number;
  readonly windowBytes: number;
  readonly queuedMs: number;
  /** bytes that had come, without those that came twice */
  readonly takenBytes: number;
}

/** What pieces the fetcher asks for at once. */
const PIECES_AT_ONCE_BYTES = 8 * 1024 * 1024;
const PIECES_AT_ONCE = 512;
/** How long a piece is in the disk's hands. */
const STORE_MS = 10;
const TICK_MS = 50;
const OPENING_TRIPS = 6;

/** A fetcher and a sender with lanes between them, in simulated time. */
export class FlowWorld {
  readonly events = new EventQueue();
  readonly link: LinkModel;
  readonly flow: Flow;
  readonly samples: Sample[] = [];
  takenBytes = 0;
  duplicateBytes = 0;
  mostLanes = 0;
  readonly #run: FlowRun;
  readonly #lanes = new Map<number, SimulatedLane>();
  /** bytes of each piece that is on its way and not here */
  readonly #missing = new Map<number, number>();
  #missingBytes = 0;
  #nextLane = 0;
  #opening = 0;
  #nextPiece = 0;
  #storing = 0;
  #storingBytes = 0;
  #readFreeAt = 0;
  #left: number;

  constructor(run: FlowRun) {
    this.#run = run;
    this.#left = run.pieces.length;
    this.link = new LinkModel(this.events, run.profile, seededRandom(run.seed ?? 1));
    this.flow = new Flow({ maxLanes: run.maxLanes, now: 0 });
    for (let lanes = this.flow.lanesWanted; lanes > 0; lanes -= 1) this.openLane();
    this.#tick();
  }

  /** Whether every piece is stored. */
  get done(): boolean {
    return this.#left === 0;
  }

  /** Lanes that are open. */
  get lanes(): readonly number[] {
    return [...this.#lanes.keys()];
  }

  /** Opens a lane at once. */
  openLane(): void {
    const lane = this.#nextLane;
    this.#nextLane += 1;
    this.#lanes.set(lane, new SimulatedLane(lane, this.events, this.link));
    this.mostLanes = Math.max(this.mostLanes, this.#lanes.size);
    this.flow.addLane(lane, this.events.now);
    this.#ask();
  }

  /** Ends a lane, and tells the flow. */
  closeLane(lane: number): void {
    this.silence(lane);
    this.#lanes.delete(lane);
    this.flow.removeLane(lane);
    this.#ask();
  }

  /** From now on a lane brings nothing, and nobody is told. */
  silence(lane: number): void {
    this.#lanes.get(lane)?.close();
  }

  pause(): void {
    this.flow.pause();
  }

  resume(): void {
    this.flow.resume(this.events.now);
    this.#ask();
  }

  /** Runs until everything is stored. @returns the time it took in ms @throws {Error} where it is not within `limitMs` */
  finish(limitMs = 300_000): number {
    this.events.run(() => this.done, limitMs);
    if (!this.done) throw new Error(`${this.#left} pieces are missing after ${limitMs} ms`);
    return this.events.now;
  }

  /** Runs until a moment in ms. */
  runUntil(time: number): void {
    this.events.run(() => this.done, time);
  }

  #tick(): void {
    if (this.done) return;
    const report = this.flow.report;
    this.samples.push({
      at: this.events.now,
      lanes: this.#lanes.size,
      windowBytes: report.windowBytes,
      queuedMs: this.link.queuedMs,
      takenBytes: this.takenBytes,
    });
    this.#openWanted();
    this.#ask();
    this.events.after(TICK_MS, () => this.#tick());
  }

  #openWanted(): void {
    const wanted = this.flow.lanesWanted;
    for (; this.#lanes.size + this.#opening < wanted; this.#opening += 1) {
      this.events.after(OPENING_TRIPS * (this.#run.profile.stages[0]?.roundTripMs ?? 0), () => {
        this.#opening -= 1;
        this.openLane();
      });
    }
    for (const lane of this.flow.spareLanes) this.closeLane(lane);
  }

  #want(): void {
    const { pieces } = this.#run;
    for (;;) {
      const length = pieces[this.#nextPiece];
      const full =
        this.flow.owedPieces + this.#storing >= PIECES_AT_ONCE ||
        this.#missingBytes + this.#storingBytes >= PIECES_AT_ONCE_BYTES;
      if (length === undefined || full) return;
      const piece = this.#nextPiece;
      this.#nextPiece += 1;
      this.#missing.set(piece, this.#totalOf(piece));
      this.#missingBytes += length;
      this.flow.want([{ piece, length }]);
    }
  }

  #totalOf(piece: number): number {
    return this.#run.total?.(piece) ?? this.#run.pieces[piece] ?? 0;
  }

  #ask(): void {
    this.#want();
    for (const { lane, ranges } of this.flow.next(this.events.now)) {
      const to = this.#lanes.get(lane);
      if (to !== undefined) this.link.request(() => this.#serve(lane, to, ranges));
    }
  }

  #serve(lane: number, to: SimulatedLane, ranges: readonly PieceRange[]): void {
    for (const { piece, start, end } of ranges) {
      const total = this.#totalOf(piece);
      const stop = Math.min(end, total);
      if (stop <= start) continue;
      const rate = this.#run.readBytesPerSecond ?? Number.POSITIVE_INFINITY;
      this.#readFreeAt =
        Math.max(this.#readFreeAt, this.events.now) + ((stop - start) * 1_000) / rate;
      this.events.at(this.#readFreeAt, () =>
        to.send(stop - start + 56, () =>
          this.#whenFree(() => this.#arrived(lane, { piece, start, end: stop, total })),
        ),
      );
    }
  }

  #whenFree(run: () => void): void {
    const { forMs, everyMs } = this.#run.busy ?? { forMs: 0, everyMs: 1 };
    const into = this.events.now % everyMs;
    if (into < forMs) this.events.after(forMs - into, run);
    else run();
  }

  #arrived(lane: number, frame: PieceRange & { readonly total: number }): void {
    if (!this.#lanes.has(lane)) return;
    const bytes = frame.end - frame.start;
    const arrival = this.flow.arrived(lane, frame, this.events.now);
    if (arrival === 'taken') {
      this.takenBytes += bytes;
      const missing = (this.#missing.get(frame.piece) ?? 0) - bytes;
      this.#missing.set(frame.piece, missing);
      if (missing === 0) this.#store(frame.piece);
    } else if (arrival === 'duplicate') this.duplicateBytes += bytes;
    else throw new Error(arrival);
    this.#ask();
  }

  #store(piece: number): void {
    const length = this.#run.pieces[piece] ?? 0;
    this.#missing.delete(piece);
    this.#missingBytes -= length;
    this.#storing += 1;
    this.#storingBytes += length;
    this.events.after(STORE_MS, () => {
      this.#storing -= 1;
      this.#storingBytes -= length;
      this.#left -= 1;
      this.#ask();
    });
  }
}
