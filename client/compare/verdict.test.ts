import { describe, expect, it } from 'vitest';
import { compareTimes, makeComparison, makeFinished, makeRun } from '../testing/make-comparison.ts';
import { seededRandom } from '../testing/random.ts';
import {
  type Noise,
  RECORDED_NOISE,
  noisyTimes,
  normalNoise,
  recordedNoise,
} from '../testing/simulated-times.ts';
import { VERDICT_RULE, verdict, verdictWords } from './verdict.ts';

describe('verdict', () => {
  it('names the winner, by how much, and how sure that is', () => {
    const found = verdict(
      compareTimes({
        direct: [1000, 980, 1020],
        stored: [1800, 1850, 1750],
        streamed: [2000, 2e3],
      }),
    );
    if (found.type !== 'winner') throw new Error(found.type);
    expect(found.best.method).toBe('direct');
    expect(found.next.method).toBe('stored');
    expect(found.ranked.map(({ method }) => method)).toEqual(['direct', 'stored', 'streamed']);
    expect(found.ratio).toBeCloseTo(1.8);
    expect(found.low).toBeGreaterThan(1.5);
    expect(found.low).toBeLessThan(1.8);
    expect(found.high).toBeGreaterThan(1.8);
    expect(found.high).toBeLessThan(2.1);
    expect(verdictWords(found)).toBe(
      'Direct was 1.8 times as fast as Stored (median of 3; spread 3 %).',
    );
  });

  it('calls no winner whom nobody would notice, however sure it is', () => {
    const found = verdict(compareTimes({ direct: [1000, 1000, 1000], stored: [1040, 1040, 1040] }));
    expect(found).toMatchObject({ type: 'no-clear-winner', cause: 'too-close' });
    expect(verdictWords(found)).toBe(
      'No clear winner: the medians of Direct and Stored are within 4 % of each other (median of 3; spread 0 %).',
    );
  });

  it('calls no winner where the runs vary too much', () => {
    const found = verdict(compareTimes({ direct: [1000, 1500, 700], stored: [1300, 900, 2000] }));
    expect(found).toMatchObject({ type: 'no-clear-winner', cause: 'too-noisy' });
    expect(verdictWords(found)).toBe(
      'No clear winner: Direct was 1.3 times as fast as Stored, but runs vary too much to be sure with so few of them ' +
        '(median of 3; spread 42 %).',
    );
  });

  it('does not decide by one run, nor with one method', () => {
    const one = verdict(compareTimes({ direct: [1000], stored: [9000] }));
    expect(one).toEqual({ type: 'too-few-runs', ranked: [] });
    expect(verdictWords(one)).toBe(
      'Too few runs to say which was faster: two methods need 2 finished runs each.',
    );
    expect(verdict(compareTimes({ direct: [1000, 1000, 1000] })).type).toBe('too-few-runs');
    expect(verdict(compareTimes({})).type).toBe('too-few-runs');
  });

  it('is not kept from a clear difference of two by a third that varies', () => {
    const found = verdict(
      compareTimes({
        direct: [1000, 1010, 990],
        stored: [1300, 1310, 1290],
        streamed: [3000, 9000, 1500],
      }),
    );
    expect(found).toMatchObject({ type: 'winner', next: { method: 'stored' } });
  });

  it('leaves out, and says so, a method with too few finished runs', () => {
    const found = verdict(
      compareTimes({ direct: [1000, 1000], stored: [2000, 2000], streamed: [10] }),
    );
    expect(found).toMatchObject({ type: 'winner', unranked: ['streamed'] });
    expect(verdictWords(found)).toContain('Streamed had too few finished runs.');
  });

  it('never takes a run that failed, nor a relayed one for direct', () => {
    const found = verdict(
      makeComparison([
        makeRun('direct', 0, makeFinished(100, { path: 'relayed' })),
        makeRun('direct', 1, makeFinished(100, { path: 'relayed' })),
        makeRun('direct', 2, { type: 'failed', reason: 'connect-timeout' }),
        makeRun('stored', 0, makeFinished(900)),
        makeRun('stored', 1, makeFinished(900)),
      ]),
    );
    expect(found).toMatchObject({ type: 'winner', best: { method: 'relayed', runs: 2 } });
  });

  it('takes times of nothing for the shortest that a clock tells', () => {
    const found = verdict(compareTimes({ direct: [0, 0, 0], stored: [0, 0, 0] }));
    expect(found).toMatchObject({ type: 'no-clear-winner', ratio: 1 });
  });

  it('states its rule with the numbers that it uses', () => {
    for (const part of ['1.05 times', '5 %', 'twice', '7.5 %'])
      expect(VERDICT_RULE).toContain(part);
    expect(RECORDED_NOISE).toBeCloseTo(0.075, 3);
  });
});

const COMPARISONS = 1000;

/** Of so many simulated comparisons, how many in 1,000 were called with a winner, and how many with the right one. */
function simulate(options: {
  readonly noise: Noise;
  /** how many times as long as direct the others take */
  readonly times: readonly [number, ...number[]];
  readonly rounds: number;
  readonly seed: number;
}): { readonly called: number; readonly right: number } {
  const random = seededRandom(options.seed);
  let called = 0;
  let right = 0;
  for (let index = 0; index < COMPARISONS; index += 1) {
    const draw = (times: number) =>
      noisyTimes(random, options.noise, 10_000 * times, options.rounds);
    const [stored, streamed] = options.times;
    const found = verdict(
      compareTimes({
        direct: draw(1),
        stored: draw(stored),
        ...(streamed === undefined ? {} : { streamed: draw(streamed) }),
      }),
    );
    if (found.type !== 'winner') continue;
    called += 1;
    if (found.best.method === 'direct') right += 1;
  }
  return { called, right };
}

const ENOUGH = 0.95 * COMPARISONS;
const noises = [
  ['log-normal noise of the recorded size', normalNoise(RECORDED_NOISE)],
  ['the recorded residuals', recordedNoise],
] as const;

describe.each(noises)('the verdict after 3 rounds, with %s', (_, noise) => {
  it.each([
    ['two', [1]],
    ['three', [1, 1]],
    ['two with a third far behind', [1, 3]],
  ] as const)('calls no winner of %s equal methods in 95 of 100', (_, times) => {
    const { called } = simulate({ noise, times, rounds: 3, seed: 1 });
    expect(COMPARISONS - called).toBeGreaterThanOrEqual(ENOUGH);
  });

  it.each([
    ['one other', [1.3]],
    ['two others', [1.3, 1.3]],
    ['one other, and a third far behind', [1.3, 3]],
  ] as const)('finds who is 1.3 times as fast as %s in 95 of 100', (_, times) => {
    const { right } = simulate({ noise, times, rounds: 3, seed: 2 });
    expect(right).toBeGreaterThanOrEqual(ENOUGH);
  });
});

/** What the doc comment of `verdict` says of two methods: at so much noise, after so many rounds, of 1,000. */
const STATED = [
  { deviation: 0.08, rounds: 3, found: 950, wrong: 50 },
  { deviation: 0.1, rounds: 3, found: 830, wrong: 75 },
  { deviation: 0.1, rounds: 5, found: 960, wrong: 75 },
  { deviation: 0.15, rounds: 3, found: 480, wrong: 110 },
  { deviation: 0.15, rounds: 5, found: 700, wrong: 90 },
  { deviation: 0.15, rounds: 10, found: 950, wrong: 70 },
] as const;

describe('the verdict at more noise than was recorded', () => {
  it.each(STATED)('after $rounds rounds at $deviation finds 1.3-fold as its comment says', (of) => {
    const noise = normalNoise(of.deviation);
    const { right } = simulate({ noise, times: [1.3], rounds: of.rounds, seed: 3 });
    expect(right).toBeGreaterThanOrEqual(of.found);
    const { called } = simulate({ noise, times: [1], rounds: of.rounds, seed: 4 });
    expect(called).toBeLessThanOrEqual(of.wrong);
  });

  it('says of a third method what can be said, where the best two cannot be told apart', () => {
    const of = verdict(
      compareTimes({
        direct: [5_000, 5_100, 5_200],
        stored: [1_020, 1_000, 1_030],
        streamed: [1_010, 1_000, 990],
      }),
    );
    expect(of).toMatchObject({ type: 'no-clear-winner', behind: [{ method: 'direct' }] });
    expect(verdictWords(of)).toMatch(
      /^No clear winner: .* Streamed was 5\.1 times as fast as Direct\.$/,
    );
    const near = verdict(
      compareTimes({
        direct: [1_040, 1_030, 1_050],
        stored: [1_020, 1_000, 1_030],
        streamed: [1_010, 1_000, 990],
      }),
    );
    expect(near).toMatchObject({ type: 'no-clear-winner', behind: [] });
  });
});
