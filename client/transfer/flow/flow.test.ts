import { describe, expect, it } from 'vitest';
import { MIN_FRAME_PAYLOAD_BYTES } from '../data-frame.ts';
import { type Arrival, type Asking, Flow, type PieceRange } from './flow.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** A flow with these lanes that wants these pieces. */
function flowOf(lanes: readonly number[], ...lengths: readonly number[]): Flow {
  const flow = new Flow({ maxLanes: 8, now: 0 });
  for (const lane of lanes) flow.addLane(lane, 0);
  flow.want(lengths.map((length, piece) => ({ piece, length })));
  return flow;
}

/** What was asked of a lane. */
function of(lane: number, asking: readonly Asking[]): readonly PieceRange[] {
  return asking.find((one) => one.lane === lane)?.ranges ?? [];
}

function all(asking: readonly Asking[]): readonly PieceRange[] {
  return asking.flatMap(({ ranges }) => ranges);
}

function bytesOf(ranges: readonly PieceRange[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** Everything that is asked for arrives at once, until nothing is owed. */
function finish(
  flow: Flow,
  asking: readonly Asking[],
  total: (range: PieceRange) => number,
  from = 0,
) {
  const arrivals: Arrival[] = [];
  let now = from;
  let open = [...asking];
  while (open.length > 0) {
    now += 10;
    for (const { lane, ranges } of open) {
      for (const range of ranges) {
        const frame = { ...range, end: Math.min(range.end, total(range)), total: total(range) };
        if (frame.start < frame.end) arrivals.push(flow.arrived(lane, frame, now));
      }
    }
    open = [...flow.next(now)];
  }
  return arrivals;
}

describe('flow', () => {
  it('asks for every byte of every piece once, in order, and for no more than the window at once', () => {
    const flow = flowOf([0], 100 * KIB, 3 * KIB, 2 * MIB - 5);
    expect(flow.owedPieces).toBe(3);
    expect(flow.owedBytes).toBe(2 * MIB + 103 * KIB - 5);
    const lengths = [100 * KIB, 3 * KIB, 2 * MIB - 5];
    const seen = [0, 0, 0];
    let now = 0;
    for (let asking = flow.next(now); asking.length > 0; asking = flow.next(now)) {
      now += 40;
      const ranges = all(asking);
      expect(ranges.length).toBeLessThan(64);
      for (const { piece, start, end } of ranges) {
        expect(start).toBe(seen[piece]);
        expect(end - start >= MIN_FRAME_PAYLOAD_BYTES || end === lengths[piece]).toBe(true);
        seen[piece] = end;
        const frame = { piece, start, end, total: lengths[piece] ?? 0 };
        expect(flow.arrived(0, frame, now)).toBe('taken');
      }
    }
    expect(seen).toEqual(lengths);
    expect(flow.owedPieces).toBe(0);
    expect(flow.owedBytes).toBe(0);
  });

  it('spreads what it asks for over the lanes, and keeps one of three or more for small ranges that sound the path', () => {
    expect(flowOf([0, 1], MIB).next(0)).toHaveLength(2);
    const asking = flowOf([0, 1, 2, 3], MIB).next(0);
    expect(asking).toHaveLength(4);
    const sizes = asking.map(({ ranges }) => ranges.map(({ start, end }) => end - start));
    expect(sizes.filter((one) => one.every((bytes) => bytes === 4 * KIB))).toEqual([[4 * KIB]]);
  });

  it('asks every lane for large ranges again when too few are left for sounding', () => {
    const flow = flowOf([0, 1, 2], 8 * MIB);
    const sounding = flow.next(0).find(({ ranges }) => ranges.length === 1);
    if (sounding === undefined) throw new Error('one lane sounds the path');
    const gone = [0, 1, 2].find((lane) => lane !== sounding.lane) ?? 0;
    flow.removeLane(gone);
    for (const range of sounding.ranges)
      flow.arrived(sounding.lane, { ...range, total: MIB * 8 }, 40);
    expect(bytesOf(of(sounding.lane, flow.next(40)))).toBeGreaterThan(8 * KIB);
  });

  it('does not want a piece twice that is wanted already', () => {
    const flow = flowOf([0], 10);
    flow.want([{ piece: 0, length: 10 }]);
    expect(flow.owedPieces).toBe(1);
    expect(all(flow.next(0))).toEqual([{ piece: 0, start: 0, end: 10 }]);
  });

  it('takes frames that cover a range in any order', () => {
    const flow = flowOf([0], 12 * KIB);
    flow.next(0);
    const frame = (start: number, end: number) =>
      flow.arrived(0, { piece: 0, start: start * KIB, end: end * KIB, total: 12 * KIB }, 5);
    expect(frame(8, 12)).toBe('taken');
    expect(frame(0, 4)).toBe('taken');
    expect(flow.owedBytes).toBe(4 * KIB);
    expect(frame(4, 8)).toBe('taken');
    expect(flow.owedPieces).toBe(0);
  });

  it.each<[string, number, { piece: number; start: number; end: number; total: number }]>([
    ['of a piece that was not asked for', 0, { piece: 1, start: 0, end: 10, total: 100 }],
    ['of a lane that was not asked', 1, { piece: 0, start: 0, end: 100, total: 100 }],
    ['of a lane that does not exist', 9, { piece: 0, start: 0, end: 100, total: 100 }],
    ['beyond its own end', 0, { piece: 0, start: 0, end: 100, total: 99 }],
    ['of a piece larger than the plain one', 0, { piece: 0, start: 0, end: 100, total: 101 }],
    ['beyond what was asked for', 0, { piece: 0, start: 50, end: 101, total: 101 }],
  ])('calls a frame unasked: %s', (_, lane, frame) => {
    const flow = flowOf([0, 1], 100);
    expect(of(0, flow.next(0))).toHaveLength(1);
    expect(flow.arrived(lane, frame, 1)).toBe('unasked');
  });

  it('calls a frame unasked that came already', () => {
    const flow = flowOf([0], 10 * KIB);
    flow.next(0);
    const frame = { piece: 0, start: 0, end: 5 * KIB, total: 10 * KIB };
    expect(flow.arrived(0, frame, 1)).toBe('taken');
    expect(flow.arrived(0, frame, 2)).toBe('unasked');
  });

  it('asks the other lanes at once, and before everything else, for what a lane owed that is gone', () => {
    const flow = flowOf([0, 1], 8 * MIB);
    const lost = of(1, flow.next(0));
    expect(lost.length).toBeGreaterThan(0);
    for (const range of of(0, flow.next(0))) flow.arrived(0, { ...range, total: 8 * MIB }, 40);
    flow.removeLane(1);
    flow.addLane(2, 40);
    expect(all(flow.next(40)).slice(0, lost.length)).toEqual(lost);
    expect(
      flow.arrived(1, { ...(lost[0] ?? { piece: 0, start: 0, end: 1 }), total: MIB }, 50),
    ).toBe('unasked');
  });

  it('asks another lane for what a lane should have brought when nothing else is left, and drops what comes twice', () => {
    const flow = flowOf([0, 1], 32 * KIB);
    const asking = flow.next(0);
    const [first] = of(0, asking);
    const [second] = of(1, asking);
    if (first === undefined || second === undefined) throw new Error('both lanes are asked');
    expect(flow.arrived(0, { ...first, total: 32 * KIB }, 40)).toBe('taken');
    expect(flow.next(41)).toEqual([]);
    expect(flow.next(2_000)).toEqual([{ lane: 0, ranges: [second] }]);
    expect(flow.arrived(0, { ...second, total: 32 * KIB }, 2_040)).toBe('taken');
    expect(flow.owedPieces).toBe(0);
    expect(flow.arrived(1, { ...second, total: 32 * KIB }, 2_500)).toBe('duplicate');
    expect(flow.arrived(1, { ...second, total: 32 * KIB }, 2_501)).toBe('unasked');
  });

  it('asks the others for what a stalled lane owes although other things are left', () => {
    const flow = flowOf([0, 1], ...Array.from({ length: 40 }, () => MIB));
    const begun = flow.next(0);
    const stuck = of(1, begun);
    let open = of(0, begun);
    const later: PieceRange[] = [];
    for (let now = 40; now <= 1_600; now += 40) {
      for (const range of open) flow.arrived(0, { ...range, total: MIB }, now);
      const asking = flow.next(now);
      open = of(0, asking);
      expect(
        of(
          1,
          asking.filter(() => now > 400),
        ),
      ).toEqual([]);
      later.push(...open);
    }
    expect(
      later.filter((range) =>
        stuck.some((one) => one.start === range.start && one.piece === range.piece),
      ),
    ).toEqual(stuck);
  });

  it('fills the window over the other lanes while one is late', () => {
    const flow = flowOf([0, 1], ...Array.from({ length: 80 }, () => MIB));
    const begun = flow.next(0);
    let [first, second] = [of(0, begun), of(1, begun)];
    for (let now = 40; now <= 600; now += 40) {
      for (const range of first) flow.arrived(0, { ...range, total: MIB }, now);
      if (now <= 240) for (const range of second) flow.arrived(1, { ...range, total: MIB }, now);
      const asking = flow.next(now);
      first = of(0, asking);
      if (now <= 240) second = of(1, asking);
    }
    expect(bytesOf(second)).toBeGreaterThan(200 * KIB);
    expect(bytesOf(first)).toBeGreaterThan(flow.report.windowBytes - 150 * KIB);
  });

  it('asks a lane again that is waited for in vain, because its sender left out what nobody needs', () => {
    const flow = flowOf([0, 1], 32 * KIB);
    for (const range of of(0, flow.next(0))) flow.arrived(0, { ...range, total: 32 * KIB }, 40);
    const again = of(0, flow.next(2_000));
    for (const range of again) flow.arrived(0, { ...range, total: 32 * KIB }, 2_040);
    expect(flow.owedPieces).toBe(0);
    flow.want([{ piece: 1, length: MIB }]);
    expect(of(1, flow.next(2_041))).not.toEqual([]);
  });

  it('does not take frames of a piece that was given up, and does not ask for it again', () => {
    const flow = flowOf([0, 1], MIB, MIB);
    const asking = flow.next(0);
    flow.forget(0);
    flow.forget(7);
    expect(flow.owedPieces).toBe(1);
    expect(flow.owedBytes).toBe(MIB);
    const arrivals = finish(flow, asking, () => MIB);
    expect(arrivals.filter((one) => one === 'duplicate')).toHaveLength(all(asking).length);
    expect(arrivals).not.toContain('unasked');
    expect(flow.owedPieces).toBe(0);
  });

  it('fetches a piece that is wanted again after it came', () => {
    const flow = flowOf([0], 10);
    finish(flow, flow.next(0), () => 10);
    flow.want([{ piece: 0, length: 10 }]);
    expect(finish(flow, flow.next(2_000), () => 10, 2_000)).toEqual(['taken']);
  });

  it('asks for nothing while paused, and takes what comes', () => {
    const flow = flowOf([0], MIB);
    const asking = flow.next(0);
    flow.pause();
    for (const range of all(asking)) {
      expect(flow.arrived(0, { ...range, total: MIB }, 40)).toBe('taken');
    }
    expect(flow.next(50)).toEqual([]);
    flow.resume(60_000);
    expect(flow.next(60_000)).not.toEqual([]);
    expect(flow.report.roundTripMs).toBeNull();
  });

  it('has lanes to spare only where more are open than it wants, and never the oldest or one that owes', () => {
    const flow = flowOf([3, 1, 2, 0, 5, 4, 7, 6, 9, 8], 10);
    expect(flow.lanesWanted).toBe(8);
    expect(flow.spareLanes).toEqual([9, 8]);
  });

  describe('with pieces that travel smaller than they are', () => {
    const half = (range: PieceRange) => (range.piece % 2 === 0 ? MIB / 2 : MIB / 4);

    it('does not wait for what lies beyond their end', () => {
      const flow = flowOf([0, 1], MIB, MIB, MIB, MIB);
      const arrivals = finish(flow, flow.next(0), half);
      expect(new Set(arrivals)).toEqual(new Set(['taken']));
      expect(flow.owedPieces).toBe(0);
      expect(flow.owedBytes).toBe(0);
    });

    it('asks first for as much as it expects after the pieces before, and for the rest when it is known', () => {
      const flow = flowOf([0], ...Array.from({ length: 13 }, () => MIB));
      let open = flow.next(0);
      let beyond = 0;
      for (let now = 10; open.length > 0; now += 10) {
        for (const range of all(open)) {
          const end = Math.min(range.end, MIB / 4);
          if (range.piece > 9) beyond += range.end - end;
          if (range.start < end) flow.arrived(0, { ...range, end, total: MIB / 4 }, now);
        }
        open = flow.next(now);
      }
      expect(flow.owedPieces).toBe(0);
      expect(beyond).toBeLessThan(3 * 100 * KIB);

      flow.want([{ piece: 20, length: MIB }]);
      expect(finish(flow, flow.next(5_000), () => MIB, 5_000)).not.toContain('unasked');
      expect(flow.owedPieces).toBe(0);
    });

    it('fetches a piece from its start that comes in another form than before', () => {
      const flow = flowOf([0], MIB);
      const [first, second, ...rest] = all(flow.next(0));
      if (first === undefined || second === undefined) throw new Error('several ranges');
      expect(flow.arrived(0, { ...first, total: MIB / 2 }, 40)).toBe('taken');
      expect(flow.arrived(0, { ...second, total: MIB }, 41)).toBe('changed');
      expect(flow.owedBytes).toBe(MIB);
      const asking = flow.next(42);
      expect(all(asking)[0]?.start).toBe(0);
      for (const range of rest) {
        expect(['taken', 'duplicate']).toContain(flow.arrived(0, { ...range, total: MIB }, 43));
      }
      const arrivals = finish(flow, asking, () => MIB, 43);
      expect(arrivals).not.toContain('unasked');
      expect(flow.owedPieces).toBe(0);
    });
  });
});
