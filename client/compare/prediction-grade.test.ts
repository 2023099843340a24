import { describe, expect, it } from 'vitest';
import { compareTimes } from '../testing/make-comparison.ts';
import { seededRandom } from '../testing/random.ts';
import { normalNoise } from '../testing/simulated-times.ts';
import type { CompareMethod, Comparison, Prediction } from './comparison.ts';
import { accuracy, grade, LEAST_GRADED, learn } from './prediction-grade.ts';
import { predict } from './prediction.ts';

const expected = (method: CompareMethod, expectedMs: number, reach = 1.25): Prediction => ({
  method,
  expectedMs,
  probedMs: expectedMs,
  lowMs: expectedMs / reach,
  highMs: expectedMs * reach,
});
const predicted = (comparison: Comparison, ...predictions: readonly Prediction[]): Comparison => ({
  ...comparison,
  predictions: [...predictions],
});

describe('grade of a prediction', () => {
  it('says how many times as long it took, and whether the interval held', () => {
    expect(grade(expected('direct', 1000), 1100)).toEqual({ ratio: 1.1, inside: true });
    expect(grade(expected('direct', 1000), 1250).inside).toBe(true);
    expect(grade(expected('direct', 1000), 1251).inside).toBe(false);
    expect(grade(expected('direct', 1000), 799)).toEqual({ ratio: 0.799, inside: false });
  });
});

describe('accuracy of predictions', () => {
  it('is nothing without any', () => {
    const nothing = { inside: null, medianError: null, medianCost: null, worstCost: null };
    const none = { graded: 0, followed: 0, ...nothing };
    expect(accuracy([])).toEqual(none);
    expect(accuracy([compareTimes({ direct: [1] })])).toEqual(none);
    expect(accuracy([predicted(compareTimes({ direct: [1] }), expected('stored', 5))])).toEqual(
      none,
    );
  });

  it('holds the median of each method’s runs against what was expected', () => {
    const found = accuracy([
      predicted(
        compareTimes({ direct: [1000, 1200, 5000], stored: [500] }),
        expected('direct', 1000),
        expected('stored', 1000),
      ),
      predicted(compareTimes({ direct: [1000] }), expected('direct', 1000)),
    ]);
    expect(found).toMatchObject({ graded: 3, followed: 1 });
    expect(found.inside).toBeCloseTo(2 / 3);
    expect(found.medianError).toBeCloseTo(0.2);
  });

  it('says what following it would have cost over the best', () => {
    const found = accuracy([
      predicted(
        compareTimes({ direct: [1500], stored: [1000] }),
        expected('direct', 1),
        expected('stored', 2),
      ),
      predicted(
        compareTimes({ direct: [1000], stored: [1500] }),
        expected('direct', 1),
        expected('stored', 2),
      ),
    ]);
    expect(found).toMatchObject({ followed: 2, medianCost: 0.25, worstCost: 0.5 });
  });
});

describe('learning from earlier comparisons', () => {
  const once = (at: number, actualMs: number) => ({
    ...predicted(compareTimes({ direct: [actualMs] }), expected('direct', 1000)),
    at,
  });

  it('learns nothing of too few', () => {
    const few = Array.from({ length: LEAST_GRADED - 1 }, (_, at) => once(at, 2000));
    expect(learn(few).size).toBe(0);
    expect(learn([...few, once(9, 2000)]).get('direct')?.bias).toBeCloseTo(2);
  });

  it('forgets what is old', () => {
    const old = Array.from({ length: 60 }, (_, at) => once(at, 9000));
    const recent = Array.from({ length: 50 }, (_, at) => once(1000 + at, 2000));
    expect(learn([...recent, ...old]).get('direct')?.bias).toBeCloseTo(2);
    expect(learn([...old, ...recent]).get('direct')?.bias).toBeCloseTo(2);
  });

  it.each([1, 2, 3, 4])(
    'holds four times in five, whatever the probe gets wrong (seed %i)',
    (seed) => {
      const random = seededRandom(seed);
      const noise = normalNoise(0.25);
      const history: Comparison[] = [];
      const rate = { startMs: 100, bytesPerSecond: 1e6, noise: 0.02 };
      const probe = { direct: rate, relayed: null, upload: null, download: null };
      for (let at = 0; at < 300; at += 1) {
        const predictions = predict(probe, (1 + random.below(100)) * 1e6, learn(history));
        const [prediction] = predictions;
        // It takes 1.6 times as long as the probe says, and varies far more than the probe shows.
        const actualMs = (prediction?.probedMs ?? 0) * 1.6 * Math.exp(noise(random));
        history.push({ ...predicted(compareTimes({ direct: [actualMs] }), ...predictions), at });
      }
      const before = accuracy(history.slice(0, LEAST_GRADED));
      const after = accuracy(history.slice(50));
      expect(before.inside).toBeLessThan(0.5);
      expect(after.inside).toBeGreaterThan(0.73);
      expect(after.inside).toBeLessThan(0.88);
      expect(after.medianError).toBeLessThan(0.25);
      const learned = learn(history).get('direct');
      expect(learned?.bias).toBeGreaterThan(1.4);
      expect(learned?.bias).toBeLessThan(1.8);
    },
  );
});
