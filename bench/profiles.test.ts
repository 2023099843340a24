import { describe, expect, it } from 'vitest';
import { pathRate, roundTripMs } from './links/line.ts';
import { changeSeconds, pathCapacity } from './path-capacity.ts';
import { PROFILES } from './profiles.ts';
import { GOALS, judge } from './report/goals.ts';
import { summarize } from './report/summary.ts';
import { makeProfile, makeRun } from './testing/make-run.ts';

function profile(id: string) {
  const found = PROFILES.find((one) => one.id === id);
  const lines = found?.lines ?? null;
  if (found === undefined || lines === null) throw new Error(`no emulated profile ${id}`);
  return { ...found, lines };
}

describe('the profiles', () => {
  it.each([
    ['clean', 100, 40, 0],
    ['loss-0.1', 100, 40, 0.1],
    ['loss-1', 100, 40, 1],
    ['uplink', 20, 40, 0],
    ['long', 50, 200, 0],
    ['fast', 300, 4, 0],
    ['halving', 100, 40, 0],
    ['json-lines', 20, 40, 0],
  ])(
    '%s has %d Mbit/s, %d ms there and back, %d %% loss towards the receiver',
    (id, rate, ms, loss) => {
      const { lines } = profile(id);
      expect([pathRate(lines), roundTripMs(lines)]).toEqual([rate, ms]);
      expect([lines.sender.up.loss, lines.receiver.down.loss, lines.receiver.up.loss]).toEqual([
        loss,
        0,
        0,
      ]);
    },
  );

  it('have names of their own, and what every goal asks for', () => {
    expect(new Set(PROFILES.map(({ id }) => id)).size).toBe(PROFILES.length);
    const runs = PROFILES.flatMap(({ id, variants }) =>
      variants.map((variant) => [1, 2].map((round) => makeRun(5, { profile: id, variant, round }))),
    ).flat();
    const cost = { median: 0, interval: [0, 0] } as const;
    const sampling = [{ profile: makeProfile({}), processor: cost, time: cost }];
    const results = judge(summarize(PROFILES, runs), sampling);
    expect(results).toHaveLength(GOALS.length);
    expect(results.filter(({ measured }) => measured === null)).toEqual([]);
  });
});

describe('what a path carries', () => {
  it('grows with the time, at its rate', () => {
    expect(pathCapacity(profile('clean'), 4)).toBe(50e6);
  });

  it('grows more slowly after its rate has changed, which is when half could have been sent', () => {
    const halving = profile('halving');
    expect(changeSeconds(halving)).toBe(4);
    expect(pathCapacity(halving, 2)).toBe(25e6);
    expect(pathCapacity(halving, 12)).toBe(50e6 + 50e6);
  });

  it('is without a limit on the loopback', () => {
    expect(pathCapacity(makeProfile({ lines: null }), 1)).toBeNull();
  });
});
