import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeFinished, makePlan, makeRun } from '../testing/make-comparison.ts';
import { COMPARE_METHODS, type CompareMethod, MAX_ROUNDS } from './comparison.ts';
import { fractionDone, planRuns, timeLeft } from './run-plan.ts';

const done = (method: CompareMethod, totalMs: number) => makeRun(method, 0, makeFinished(totalMs));
const failed = (method: CompareMethod) =>
  makeRun(method, 0, { type: 'failed', reason: 'connect-timeout' });

describe('order of runs', () => {
  it('interleaves the methods, and begins each round with the next', () => {
    const order = planRuns(makePlan(['direct', 'stored', 'streamed'], 4));
    expect(order.map(({ round, method }) => `${round} ${method}`).join(', ')).toBe(
      '0 direct, 0 stored, 0 streamed, 1 stored, 1 streamed, 1 direct, 2 streamed, 2 direct, 2 stored, ' +
        '3 direct, 3 stored, 3 streamed',
    );
  });

  it('has each method once in each round, and another first than in the one before', () => {
    const methods = fc.subarray([...COMPARE_METHODS], { minLength: 1 });
    fc.assert(
      fc.property(methods, fc.integer({ min: 1, max: MAX_ROUNDS }), (methods, rounds) => {
        const order = planRuns(makePlan(methods, rounds));
        expect(order).toHaveLength(methods.length * rounds);
        for (let round = 0; round < rounds; round += 1) {
          const at = order.slice(round * methods.length, (round + 1) * methods.length);
          expect(new Set(at.map(({ method }) => method))).toEqual(new Set(methods));
          expect(at.every((run) => run.round === round)).toBe(true);
          expect(at[0]?.method).toBe(methods[round % methods.length]);
        }
      }),
    );
  });
});

describe('time left', () => {
  const plan = makePlan(['direct', 'stored'], 3);

  it('cannot be told before every method that is to come has ended', () => {
    expect(timeLeft(plan, [], 0)).toBeNull();
    expect(timeLeft(plan, [done('direct', 1000)], 5000)).toBeNull();
  });

  it('takes each method for as long as its median, less what has passed of the run under way', () => {
    const runs = [done('direct', 1000), done('stored', 4000)];
    expect(timeLeft(plan, runs, 0)).toBe(10_000);
    expect(timeLeft(plan, runs, 1500)).toBe(8500);
    expect(timeLeft(plan, [...runs, done('stored', 6000)], 0)).toBe(1000 + 1000 + 5000);
  });

  it('does not fall below what is to come when a run takes longer than usual', () => {
    expect(timeLeft(plan, [done('direct', 1000), done('stored', 4000)], 60_000)).toBe(6000);
  });

  it('takes a method that always failed for as long as the others', () => {
    expect(timeLeft(plan, [done('direct', 1000), failed('stored')], 0)).toBe(4000);
    expect(timeLeft(plan, [failed('direct'), failed('stored')], 0)).toBeNull();
  });

  it('is nothing in the end', () => {
    const runs = Array.from({ length: 6 }, () => done('direct', 5));
    expect(timeLeft(plan, runs, 0)).toBe(0);
    expect(fractionDone(plan, runs, 0)).toBe(1);
  });
});

describe('fraction done', () => {
  it('counts runs, and the part of the one under way', () => {
    const plan = makePlan(['direct', 'stored'], 2);
    expect(fractionDone(plan, [], 0)).toBe(0);
    expect(fractionDone(plan, [failed('direct')], 0.5)).toBe(0.375);
    expect(fractionDone(plan, [failed('direct')], 7)).toBe(0.5);
    expect(fractionDone(plan, [failed('direct')], -1)).toBe(0.25);
  });
});
