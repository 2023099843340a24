import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Random, seededRandom } from '../../testing/random.ts';
import { MIN_FRAME_PAYLOAD_BYTES } from '../data-frame.ts';
import { type ArrivedFrame, Flow, type PieceRange } from './flow.ts';
import { type Span, holdsSpan, spanBytes, withoutSpan } from './spans.ts';

interface LaneWorld {
  /** what was asked of it and is not sent */
  readonly asked: PieceRange[];
  /** what is on its way, in no order */
  readonly frames: ArrivedFrame[];
}

interface PieceWorld {
  readonly length: number;
  /** in the form that it is sent in now */
  total: number;
  /** what the flow has not taken, of which form */
  missing: readonly Span[];
  missingOf: number;
}

/** Not `expect`, which would take longer than all the rest. */
function must(truth: boolean, what: string): void {
  if (!truth) throw new Error(`not so: ${what}`);
}

/** A sender that does everything that it may, and lanes that come and go. */
class World {
  readonly flow = new Flow({ maxLanes: 6, now: 0 });
  readonly #random: Random;
  readonly #reencodes: boolean;
  readonly #lanes = new Map<number, LaneWorld>();
  readonly #pieces = new Map<number, PieceWorld>();
  #nextLane = 0;
  #nextPiece = 0;
  #now = 0;

  constructor(random: Random, reencodes: boolean) {
    this.#random = random;
    this.#reencodes = reencodes;
    this.openLane();
  }

  /** One thing that can happen. */
  step(): void {
    const random = this.#random;
    this.#now += random.below(30);
    switch (random.below(12)) {
      case 0:
        if (this.#lanes.size < 6) this.openLane();
        break;
      case 1:
        if (random.chance(0.5)) this.#closeLane();
        break;
      case 2:
        this.#want();
        break;
      case 3:
        if (random.chance(0.2)) this.#forget();
        break;
      case 4:
        if (random.chance(0.1)) this.#pause();
        break;
      case 5:
        if (this.#reencodes && random.chance(0.3)) this.#reencode();
        break;
      case 6:
        this.#lie();
        break;
      default:
        this.#move();
    }
    this.ask();
  }

  /** Everything that is owed comes, over lanes that stay. */
  finish(): void {
    if (this.#lanes.size === 0) this.openLane();
    for (let steps = 0; this.flow.owedPieces > 0; steps += 1) {
      if (steps > 50_000) throw new Error('nothing comes any more');
      this.#now += this.#random.below(30);
      this.#move();
      this.ask();
    }
    for (const { missing } of this.#pieces.values())
      must(missing.length === 0, 'every piece is here');
    must(this.flow.owedBytes === 0, 'nothing is owed');
  }

  openLane(): void {
    this.#lanes.set(this.#nextLane, { asked: [], frames: [] });
    this.flow.addLane(this.#nextLane, this.#now);
    this.#nextLane += 1;
    this.ask();
  }

  ask(): void {
    for (const { lane, ranges } of this.flow.next(this.#now)) {
      const world = this.#lanes.get(lane);
      if (world === undefined) throw new Error('only open lanes are asked');
      for (const range of ranges) {
        const piece = this.#pieces.get(range.piece);
        must(piece !== undefined, 'only wanted pieces are asked for');
        must(range.start < range.end && range.end <= (piece?.length ?? 0), 'ranges are within');
        world.asked.push(range);
      }
    }
    must(this.flow.owedBytes >= 0, 'as much as nothing is owed at least');
  }

  #closeLane(): void {
    const lane = this.#anyOf([...this.#lanes.keys()]);
    if (lane === undefined) return;
    this.#lanes.delete(lane);
    this.flow.removeLane(lane);
  }

  #want(): void {
    const random = this.#random;
    const count = 1 + random.below(4);
    const wanted = Array.from({ length: count }, (_, at) => ({
      piece: this.#nextPiece + at,
      length: 1 + random.below(random.chance(0.5) ? 2_000 : 600_000),
    }));
    this.#nextPiece += count;
    for (const { piece, length } of wanted) {
      const total = random.chance(0.5) ? length : 1 + random.below(length);
      this.#pieces.set(piece, {
        length,
        total,
        missing: [{ start: 0, end: total }],
        missingOf: total,
      });
    }
    this.flow.want(wanted);
  }

  #forget(): void {
    const piece = this.#anyOf([...this.#pieces.keys()]);
    if (piece === undefined) return;
    this.#pieces.delete(piece);
    this.flow.forget(piece);
  }

  #pause(): void {
    this.flow.pause();
    for (let steps = this.#random.below(10); steps > 0; steps -= 1) this.#move();
    this.#now += this.#random.below(20_000);
    this.flow.resume(this.#now);
  }

  #reencode(): void {
    const piece = this.#pieces.get(this.#anyOf([...this.#pieces.keys()]) ?? -1);
    if (piece !== undefined) piece.total = 1 + this.#random.below(piece.length);
  }

  /** A frame that nobody asked for. */
  #lie(): void {
    const lane = this.#anyOf([...this.#lanes.keys()]) ?? 0;
    const lie = this.flow.arrived(lane, { piece: 1e6, start: 0, end: 9, total: 9 }, this.#now);
    must(lie === 'unasked', 'a lie is seen');
  }

  /** Some lane sends something that it was asked for, or something arrives. */
  #move(): void {
    const lane = this.#anyOf([...this.#lanes.keys()]);
    const world = this.#lanes.get(lane ?? -1);
    if (lane === undefined || world === undefined) return;
    if (world.frames.length === 0 || this.#random.chance(0.3)) this.#send(world);
    else this.#arrive(lane, world);
  }

  #send({ asked, frames }: LaneWorld): void {
    const range = asked.shift();
    const piece = this.#pieces.get(range?.piece ?? -1);
    // Of a piece that was given up the sender sends nothing more.
    if (range === undefined || piece === undefined) return;
    const { total } = piece;
    const end = Math.min(range.end, total);
    let { start } = range;
    while (start < end) {
      const cut = start + MIN_FRAME_PAYLOAD_BYTES + this.#random.below(60_000);
      const stop = end - cut < MIN_FRAME_PAYLOAD_BYTES ? end : cut;
      frames.push({ piece: range.piece, start, end: stop, total });
      start = stop;
    }
  }

  #arrive(lane: number, { frames }: LaneWorld): void {
    const [frame] = frames.splice(this.#random.below(frames.length), 1);
    if (frame === undefined) return;
    const arrival = this.flow.arrived(lane, frame, this.#now);
    const piece = this.#pieces.get(frame.piece);
    if (arrival === 'changed') {
      if (piece === undefined) throw new Error('a piece that was given up does not change');
      piece.missing = [{ start: 0, end: frame.total }];
      piece.missingOf = frame.total;
    } else if (arrival === 'taken') {
      if (piece === undefined) throw new Error('nothing is taken of a piece that was given up');
      if (spanBytes(piece.missing) === piece.missingOf && piece.missingOf !== frame.total) {
        piece.missing = [{ start: 0, end: frame.total }];
        piece.missingOf = frame.total;
      }
      must(frame.total === piece.missingOf, 'all of one piece is of one form');
      must(holdsSpan(piece.missing, frame), 'bytes are taken once');
      piece.missing = withoutSpan(piece.missing, frame);
    } else must(arrival === 'duplicate', 'what was asked for is not unasked');
  }

  #anyOf(keys: readonly number[]): number | undefined {
    return keys[this.#random.below(keys.length)];
  }
}

describe('flow', () => {
  it.each([
    ['one form', false],
    ['forms that change on the way', true],
  ])(
    'takes every byte once and asks until everything is here, whatever lanes come and go: pieces in %s',
    (_, reencodes) => {
      fc.assert(
        fc.property(fc.integer(), (seed) => {
          const random = seededRandom(seed);
          const world = new World(random, reencodes);
          for (let steps = 50 + random.below(400); steps > 0; steps -= 1) world.step();
          world.finish();
          expect(world.flow.owedPieces).toBe(0);
        }),
        { numRuns: 60 },
      );
    },
  );
});
