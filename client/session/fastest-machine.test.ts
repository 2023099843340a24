import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FASTEST_UNKNOWN,
  type FastestEffect,
  type FastestEvent,
  type FastestLook,
  type FastestState,
  stepFastest,
} from './fastest-machine.ts';

const MB = 1_000_000;
const line = (bytesPerSecond: number) => ({ startMs: 50, bytesPerSecond, noise: 0 });
const offered = (megabytes: number | null): FastestEvent => ({
  type: 'offered',
  leg: megabytes === null ? null : line(megabytes * MB),
});
const probed = (megabytes: number | null): FastestEvent => ({
  type: 'probed',
  leg: megabytes === null ? null : line(megabytes * MB),
});

/** A share of 100 MB that comes directly at 2 MB/s, of which 4 are here. */
const seen: FastestLook = {
  carrier: 'direct',
  directRate: 2 * MB,
  upload: null,
  haveBytes: 4 * MB,
  wantedBytes: 100 * MB,
  shareBytes: 100 * MB,
  paused: false,
};
const look = (change: Partial<FastestLook> = {}): FastestEvent => ({
  type: 'look',
  seen: { ...seen, ...change },
});
const upload = { length: 100 * MB, offset: 0, complete: false };
const byServer = (megabytes: number): FastestEvent =>
  look({ carrier: 'server', directRate: null, upload, haveBytes: megabytes * MB });

/** Events, each with its time in seconds. */
function run(...events: readonly (readonly [number, FastestEvent])[]) {
  let state: FastestState = FASTEST_UNKNOWN;
  const effects: FastestEffect[] = [];
  for (const [seconds, event] of events) {
    const step = stepFastest(state, event, seconds * 1_000);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

const done = (effects: readonly FastestEffect[]) =>
  effects.map((effect) => (effect.type === 'prefer' ? effect.way : effect.type));

/** Both lines are known, and the server was asked for. */
const changed = [
  [0, offered(10)],
  [1, look({ carrier: null, directRate: null })],
  [2, probed(20)],
  [3, look()],
] as const;

describe('following the faster way', () => {
  it('does nothing where nothing is offered', () => {
    expect(run([0, look()], [9, look()]).effects).toEqual([]);
    expect(run([0, offered(10)], [1, offered(null)], [2, look()]).effects).toEqual([]);
  });

  it('probes its line once, before there is a transfer, and asks for an upload that is expected to be faster', () => {
    const { effects } = run(...changed, [4, look()]);
    expect(done(effects)).toEqual(['probe', 'weighed', 'ask-for-upload', 'server']);
    const told = effects.find((effect) => effect.type === 'weighed');
    expect(told).toMatchObject({ weighed: { direct: { ms: 48_000 }, server: { ms: 10_100 } } });
  });

  it('stays where it is as long as a rate is not known, and says once what it expects', () => {
    const { effects } = run(
      [0, offered(10)],
      [0, look({ directRate: null })],
      [1, probed(20)],
      [2, look({ directRate: null })],
      [3, look({ directRate: 9 * MB })],
      [4, look({ directRate: 9 * MB })],
    );
    expect(done(effects)).toEqual(['probe', 'weighed']);
  });

  it('changes later as well, where the direct way becomes slow', () => {
    const { effects } = run(
      [0, offered(10)],
      [0, look()],
      [1, probed(20)],
      [3, look({ directRate: 9 * MB })],
      [9, look({ directRate: MB })],
    );
    expect(done(effects)).toEqual(['probe', 'weighed', 'weighed', 'ask-for-upload', 'server']);
  });

  it('takes what the server has already, without asking anybody', () => {
    const complete = { length: 100 * MB, offset: 100 * MB, complete: true };
    const { effects } = run(
      [0, look({ upload: complete })],
      [1, probed(20)],
      [2, look({ upload: complete })],
    );
    expect(done(effects)).toEqual(['probe', 'weighed', 'server']);
  });

  it('probes nothing for what is over before that', () => {
    const small = { length: MB, offset: MB, complete: true };
    expect(run([0, look({ upload: small })]).effects).toEqual([]);
    const { effects } = run(...changed.slice(0, 3), [3, look({ haveBytes: 97 * MB })]);
    expect(done(effects)).toEqual(['probe']);
  });

  it('stays direct where its line could not be probed', () => {
    const { effects } = run([0, offered(10)], [1, look()], [2, probed(null)], [3, look()]);
    expect(done(effects)).toEqual(['probe']);
  });

  it('stays with the server while it is faster', () => {
    const looks = Array.from(
      { length: 12 },
      (_, index) => [4 + index, byServer(4 + 8 * index)] as const,
    );
    expect(run(...changed, ...looks).state).toMatchObject({ preferred: 'server', settled: false });
  });

  it('goes back for good where the server turns out slower', () => {
    const looks = Array.from(
      { length: 12 },
      (_, index) => [4 + index, byServer(4 + 1.5 * index)] as const,
    );
    const { state, effects } = run(...changed, ...looks, [20, look({ directRate: MB / 2 })]);
    expect(done(effects).slice(3)).toEqual(['server', 'direct']);
    expect(state.settled).toBe(true);
  });

  it('goes back where the server brings nothing, once it has had time to take in what is here already', () => {
    const late = (seconds: number) =>
      run(...changed, [4, byServer(40)], [4 + seconds, byServer(40)]).state.preferred;
    expect(late(8)).toBe('server');
    expect(late(10)).toBe('direct');
  });

  it('goes back where the server stops bringing anything, however little is left', () => {
    const late = (seconds: number) =>
      run(
        ...changed,
        [4, byServer(4)],
        [6, byServer(60)],
        [7, byServer(98)],
        [7 + seconds, byServer(98)],
      ).state;
    expect(late(14).preferred).toBe('server');
    expect(late(16)).toMatchObject({ preferred: 'direct', settled: true });
  });

  it('stays direct where the server’s way breaks once it carries', () => {
    const { effects } = run(...changed, [4, byServer(20)], [5, look()], [6, look()]);
    expect(done(effects).slice(3)).toEqual(['server', 'direct']);
  });

  it('measures nothing while either side has paused', () => {
    const paused = look({ carrier: 'server', upload, haveBytes: 40 * MB, paused: true });
    const { state } = run(
      ...changed,
      [4, byServer(40)],
      [5, paused],
      [99, paused],
      [100, byServer(40)],
      [104, byServer(40)],
    );
    expect(state.preferred).toBe('server');
  });

  it('goes back while it waits for an upload, where the direct way has become clearly faster', () => {
    const { effects } = run(
      ...changed,
      [4, look({ directRate: 9 * MB })],
      [5, look({ directRate: 30 * MB })],
    );
    expect(done(effects).slice(3)).toEqual(['server', 'weighed', 'direct']);
  });

  it('goes directly once its sender wants that, and weighs anew once it does not any more', () => {
    const taken = run(...changed, [4, byServer(10)], [5, offered(null)], [6, byServer(12)]);
    expect(done(taken.effects).slice(3)).toEqual(['server', 'direct']);
    const again = run(...changed, [5, offered(null)], [6, offered(10)], [7, look()]);
    expect(done(again.effects).slice(3)).toEqual([
      'server',
      'direct',
      'weighed',
      'ask-for-upload',
      'server',
    ]);
  });

  it('whatever happens: prefers one way at a time, probes once, and asks once for each offer', () => {
    const rate = fc.integer({ min: 1, max: 50 });
    const event = fc.oneof(
      fc.option(rate).map((megabytes) => offered(megabytes)),
      fc.option(rate).map((megabytes) => probed(megabytes)),
      fc
        .record({
          carrier: fc.constantFrom('direct', 'server', null),
          directRate: fc.option(rate.map((megabytes) => megabytes * MB)),
          upload: fc.constantFrom(null, upload, { ...upload, complete: true }),
          haveBytes: fc.nat(100 * MB),
          paused: fc.boolean(),
        })
        .map((change) => look(change)),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(9), event), { maxLength: 60 }), (events) => {
        let seconds = 0;
        const timed = events.map(([gap, one]) => [(seconds += gap), one] as const);
        const { effects } = run(...timed);
        const told = done(effects);
        expect(told.filter((one) => one === 'probe').length).toBeLessThanOrEqual(1);
        const offers = events.filter(([, { type }]) => type === 'offered').length;
        expect(told.filter((one) => one === 'ask-for-upload').length).toBeLessThanOrEqual(
          Math.max(1, offers + 1),
        );
        const ways = told.filter((one) => one === 'server' || one === 'direct');
        ways.forEach((way, index) => expect(way).toBe(index % 2 === 0 ? 'server' : 'direct'));
      }),
    );
  });
});
