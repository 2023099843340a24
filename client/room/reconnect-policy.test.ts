import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ConnectionEffect,
  type ConnectionEvent,
  type ConnectionState,
  beginConnecting,
  stepConnection,
} from './reconnect-policy.ts';

const TICK_MS = 500;
/** When TCP sends its SYNs, in milliseconds from the first. */
const SYNS_MS = [0, 1_000, 3_000, 7_000];

/** A member's connection in a network that the test has: what it does, and when. */
class Line {
  now = 0;
  state: ConnectionState;
  effects: { readonly at: number; readonly effect: ConnectionEffect }[] = [];

  constructor() {
    const { state, effect } = beginConnecting(0, 0);
    this.state = state;
    if (effect !== null) this.effects.push({ at: 0, effect });
  }

  post(event: ConnectionEvent): void {
    const { state, effect } = stepConnection(this.state, event, this.now);
    this.state = state;
    if (effect !== null) this.effects.push({ at: this.now, effect });
  }

  /** Lets time pass, half a second after the other. */
  pass(ms: number): void {
    for (const end = this.now + ms; this.now < end;) {
      this.now += TICK_MS;
      this.post({ type: 'tick', wallTime: this.now });
    }
  }

  /** The clock stands still while the machine sleeps, the calendar does not. */
  sleep(ms: number): void {
    this.post({ type: 'tick', wallTime: this.state.wallTime + ms });
  }

  /** What it did in this time. */
  during(run: () => void): string[] {
    this.effects = [];
    run();
    return this.effects.map(({ effect }) => effect);
  }

  /** When attempts began, in milliseconds from `start` on. */
  attemptsFrom(start: number): number[] {
    return this.effects.flatMap(({ at, effect }) => (effect === 'connect' ? [at - start] : []));
  }
}

/** A member that has its place, after connecting took so long. */
function placedLine(connectMs = 100): Line {
  const line = new Line();
  line.now += connectMs;
  line.post({ type: 'asking', limitMs: 3_000 });
  line.post({ type: 'placed' });
  line.effects = [];
  return line;
}

describe('a connection that is there', () => {
  it('is left alone while the server is heard', () => {
    const line = placedLine();
    for (let ping = 0; ping < 10; ping += 1) {
      expect(line.during(() => line.pass(10_000))).toEqual([]);
      line.post({ type: 'heard' });
    }
  });

  it('is checked when the server was not heard for 12 s, and given up 2 s later', () => {
    const line = placedLine();
    expect(line.during(() => line.pass(12_000))).toEqual(['check']);
    expect(line.during(() => line.pass(2_000))).toEqual(['connect']);
  });

  it('is kept when the server answers the check', () => {
    const line = placedLine();
    line.pass(12_000);
    line.post({ type: 'heard' });
    expect(line.during(() => line.pass(11_000))).toEqual([]);
  });

  it('is checked once where it is doubted again and again, unless the server was heard just now', () => {
    const line = placedLine();
    expect(line.during(() => line.post({ type: 'doubted' }))).toEqual([]);
    line.pass(1_000);
    const doubt = () => {
      line.post({ type: 'doubted' });
      line.post({ type: 'doubted' });
      line.pass(500);
      line.post({ type: 'doubted' });
    };
    expect(line.during(doubt)).toEqual(['check']);
  });

  it('is checked after the machine slept, and given 2 s from then on', () => {
    const line = placedLine();
    expect(line.during(() => line.sleep(60_000))).toEqual(['check']);
    expect(line.during(() => line.pass(1_500))).toEqual([]);
    expect(line.during(() => line.sleep(60_000))).toEqual(['check']);
    expect(line.during(() => line.pass(1_500))).toEqual([]);
    expect(line.during(() => line.pass(500))).toEqual(['connect']);
  });

  it('is checked when the browser says that the network is back', () => {
    const line = placedLine();
    expect(line.during(() => line.post({ type: 'network-back' }))).toEqual(['check']);
  });

  it('is replaced at once when it drops, but not twice in half a second', () => {
    const line = placedLine();
    line.pass(5_000);
    expect(line.during(() => line.post({ type: 'dropped' }))).toEqual(['connect']);
    line.post({ type: 'asking', limitMs: 3_000 });
    line.post({ type: 'placed' });
    expect(line.during(() => line.post({ type: 'dropped' }))).toEqual(['disconnect']);
    expect(line.during(() => line.pass(500))).toEqual(['connect']);
  });
});

describe('attempts to connect', () => {
  it('follow each other without a rest where nothing comes back', () => {
    const line = placedLine();
    line.pass(5_000);
    const start = line.now;
    line.post({ type: 'dropped' });
    line.pass(6_000);
    expect(line.attemptsFrom(start)).toEqual([0, 1_500, 3_000, 4_500, 6_000]);
  });

  it('are a second apart where the server refuses at once, and up to 10 s after the first minute', () => {
    const line = placedLine();
    line.pass(5_000);
    const start = line.now;
    line.post({ type: 'dropped' });
    for (let passed = 0; passed < 600_000; passed += TICK_MS) {
      if (line.state.phase.type === 'connecting') line.post({ type: 'dropped' });
      line.pass(TICK_MS);
    }
    const attempts = line.attemptsFrom(start);
    expect(attempts.slice(0, 4)).toEqual([0, 500, 1_500, 2_500]);
    const pauses = attempts.map((at, index) => at - (attempts[index - 1] ?? 0));
    const late = pauses.filter((_, index) => (attempts[index] ?? 0) > 75_000);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(2_000);
    expect(Math.max(...pauses)).toBe(10_000);
    const afterAMinute = pauses.filter((_, index) => (attempts[index] ?? 0) < 75_000);
    expect(Math.max(...afterAMinute)).toBeLessThanOrEqual(3_000);
  });

  it('are given 8 s every third time once the connection is away for 15 s', () => {
    const line = placedLine();
    line.pass(5_000);
    const start = line.now;
    line.post({ type: 'dropped' });
    line.pass(40_000);
    const attempts = line.attemptsFrom(start).filter((at) => at >= 15_000);
    const given = attempts.slice(1).map((at, index) => at - (attempts[index] ?? 0));
    expect(given.slice(0, 5)).toEqual([1_500, 8_000, 1_500, 1_500, 8_000]);
  });

  it('are given 5 s and then 8 s while nobody knows how slow the line is', () => {
    const line = new Line();
    line.pass(13_000);
    expect(line.attemptsFrom(0)).toEqual([0, 5_000, 13_000]);
  });

  it('are given three times what connecting took on this line', () => {
    const line = placedLine(1_000);
    line.pass(5_000);
    const start = line.now;
    line.post({ type: 'dropped' });
    line.pass(6_000);
    expect(line.attemptsFrom(start)).toEqual([0, 3_000, 6_000]);
  });

  it('are given as long as the request for the place may take, once they are connected', () => {
    const line = placedLine();
    line.pass(5_000);
    line.post({ type: 'dropped' });
    line.pass(1_000);
    line.post({ type: 'asking', limitMs: 10_000 });
    expect(line.during(() => line.pass(9_500))).toEqual([]);
    expect(line.during(() => line.pass(500))).toEqual(['connect']);
  });

  it.each([
    [
      'the browser says that the network is back',
      (line: Line) => line.post({ type: 'network-back' }),
    ],
    ['the machine wakes', (line: Line) => line.sleep(60_000)],
  ])('begin anew when %s, with short ones', (_, happen) => {
    const line = placedLine();
    line.post({ type: 'dropped' });
    line.pass(300_000);
    const start = line.now;
    expect(line.during(() => happen(line))).toEqual(['connect']);
    line.pass(3_000);
    expect(line.attemptsFrom(start)).toEqual([0, 1_500, 3_000]);
  });

  /** How long after the network is back a SYN gets through, in milliseconds; it was away for `awayMs`. */
  const synAfter = (line: Line, awayMs: number): number => {
    const lost = line.now;
    line.post({ type: 'dropped' });
    line.pass(awayMs + 30_000);
    const attempts = line.attemptsFrom(lost);
    const syns = attempts.flatMap((at, index) =>
      SYNS_MS.map((ms) => at + ms).filter((ms) => ms < (attempts[index + 1] ?? Infinity)),
    );
    return Math.min(...syns.filter((ms) => ms >= awayMs)) - awayMs;
  };

  it('reach the server within a second after the network was gone for less than 15 s', () => {
    fc.assert(
      fc.property(fc.integer({ min: 500, max: 15_000 }), (awayMs) => {
        expect(synAfter(placedLine(), awayMs)).toBeLessThanOrEqual(1_000);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('reach the server within 4 s after the network was gone for two minutes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 15_000, max: 120_000 }), (awayMs) => {
        expect(synAfter(placedLine(), awayMs)).toBeLessThanOrEqual(4_000);
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

it('a connection that is not there is tried for again within 10.5 s, whatever happened before', () => {
  const plain = fc.constantFrom('heard', 'dropped', 'doubted', 'network-back', 'placed', 'tick');
  const happening = fc.record({
    type: plain,
    afterMs: fc.integer({ min: 0, max: 90_000 }),
  });
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 30 }), (happenings) => {
      const line = new Line();
      for (const { type, afterMs } of happenings) {
        line.pass(afterMs);
        if (type === 'tick') line.sleep(afterMs);
        else {
          // A place is taken only after it was asked for.
          if (type === 'placed') line.post({ type: 'asking', limitMs: 10_000 });
          line.post({ type });
        }
      }
      line.post({ type: 'dropped' });
      expect(line.state.phase.type).not.toBe('placed');
      expect(line.during(() => line.pass(10_500))).toContain('connect');
    }),
    { seed: 1, numRuns: 200 },
  );
});
