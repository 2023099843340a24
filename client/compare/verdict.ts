import type { CompareMethod, Comparison } from './comparison.ts';
import { finishedRuns, totalsOf } from './finished-runs.ts';
import { listNames, METHOD_NAMES, percentWords, timesWords } from './method-words.ts';
import { mean, median, scatterWithin, spread, studentLimit } from './statistics.ts';

/** Who is less than so many times as fast is not called the winner, however sure it is: nobody notices. */
export const LEAST_RATIO = 1.05;
/** How often two equal methods may be told apart, at most: 5 %, both directions together. */
export const VERDICT_LEVEL = 0.05;
/** Fewer finished runs of a method say nothing of how much its times vary. */
export const LEAST_RUNS = 2;
/** The variance of the logarithm of the times of direct, stored and streamed in bench/results/server/results.json. */
const RECORDED_VARIANCE = 0.075 ** 2;
/** How much that counts, in degrees of freedom, beside what the comparison at hand shows itself. */
const RECORDED_FREEDOM = 5;
/** Runs whose standard deviation is more than so many times another are not of its kind, and do not count together with it. */
const UNUSUAL_REACH = 2;

/** How a verdict is come by, as the page says it. */
export const VERDICT_RULE =
  'The method with the shortest median time wins if it is at least 1.05 times as fast as the next best, and if the difference ' +
  'of their mean logarithmic times exceeds what chance makes of equal methods in 95 of 100 comparisons: a t-test at 5 %, with the ' +
  'variance pooled over all methods (but of a third that varies more than twice as much as these two, and as recorded runs) and, ' +
  'unless that is more than twice as much, with the 7.5 % that runs varied by in the recorded benchmark as five further degrees of ' +
  'freedom.';

/** One method's place in a comparison. */
export interface RankedMethod {
  readonly method: CompareMethod;
  readonly runs: number;
  /** the median of the total times, in milliseconds */
  readonly medianMs: number;
  /** half the range over the median; null where there are not two runs */
  readonly spread: number | null;
}

/** The best method against the next best. */
export interface Ranking {
  /** those with at least `LEAST_RUNS` finished runs, the fastest first; two or more */
  readonly ranked: readonly RankedMethod[];
  readonly best: RankedMethod;
  readonly next: RankedMethod;
  /** how many times as fast the best was, by the medians; at least 1 */
  readonly ratio: number;
  /** where that lies with 95 % confidence, for the geometric means */
  readonly low: number;
  readonly high: number;
  /** of the other ranked ones, those that the best one beats by the same rule, with how many times as fast it was */
  readonly behind: readonly { readonly method: CompareMethod; readonly ratio: number }[];
  /** methods with finished runs, but too few of them to be ranked */
  readonly unranked: readonly CompareMethod[];
}

/** What a comparison says about which way is the fastest. */
export type Verdict =
  | ({ readonly type: 'winner' } & Ranking)
  /** @param cause the difference is too small to matter, or the runs vary too much for what there are of them */
  | ({ readonly type: 'no-clear-winner'; readonly cause: 'too-close' | 'too-noisy' } & Ranking)
  /** fewer than two methods can be ranked */
  | { readonly type: 'too-few-runs'; readonly ranked: readonly RankedMethod[] };

/**
 * Says which method was the fastest, by `VERDICT_RULE`. Times are compared by their logarithms, as what disturbs a transfer
 * lengthens it by a factor. Effects of the rounds are not taken out: that would cost degrees of
 * freedom that three rounds do not have. That the recorded variance counts beside the observed is the moderated t-test
 * (Smyth, "Linear Models and Empirical Bayes Methods for Assessing Differential Expression", 2004).
 *
 * What it does was simulated (verdict.test.ts), for two methods and log-normal noise. With 3 rounds, at the recorded 7.5 %, it
 * calls equal methods no clear winner in 96 of 100 comparisons and finds a true 1.3-fold difference in 96. That power
 * holds up to a noise of 8 %; at 10 % it is 84 of 100 (and 7 of 100 equal pairs are given a winner), at 15 % it is 50 (and 11), as the
 * recorded variance no longer fits. More rounds: at 10 %, 5 of them find 97 of 100; at 15 %, 5 find 72 and 10 find 96. Direct alone,
 * on the slow processors of bench/results/results.json, varies by 13 % (2 % to 18 %, by line): there, 1.3-fold takes 8 rounds.
 */
export function verdict(comparison: Comparison): Verdict {
  const methods = finishedRuns(comparison).map(({ method, runs }) => ({
    method,
    totals: totalsOf(runs),
  }));
  const enough = methods.filter(({ totals }) => totals.length >= LEAST_RUNS);
  const unranked = methods.filter((of) => !enough.includes(of)).map(({ method }) => method);
  const candidates = enough
    .map(({ method, totals }) => candidateOf(method, totals))
    .toSorted((a, b) => a.place.medianMs - b.place.medianMs);
  const ranked = candidates.map(({ place }) => place);
  const [best, next] = candidates;
  if (best === undefined || next === undefined) return { type: 'too-few-runs', ranked };

  const { gap, chance, ratio } = hold(best, next, candidates);
  const ranking: Ranking = {
    ranked,
    best: best.place,
    next: next.place,
    ratio,
    low: Math.exp(gap - chance),
    high: Math.exp(gap + chance),
    behind: candidates.slice(2).flatMap((one) => {
      const held = hold(best, one, candidates);
      const isBehind = held.ratio >= LEAST_RATIO && held.gap > held.chance;
      return isBehind ? [{ method: one.place.method, ratio: held.ratio }] : [];
    }),
    unranked,
  };
  if (ratio < LEAST_RATIO) return { type: 'no-clear-winner', cause: 'too-close', ...ranking };
  return gap > chance
    ? { type: 'winner', ...ranking }
    : { type: 'no-clear-winner', cause: 'too-noisy', ...ranking };
}

interface Candidate {
  readonly place: RankedMethod;
  readonly logs: readonly number[];
  readonly logMean: number;
}

function candidateOf(method: CompareMethod, measured: readonly number[]): Candidate {
  // A browser's clock has no fractions of a millisecond to rely on, and 0 has no logarithm.
  const totals = measured.map((ms) => Math.max(1, ms));
  const logs = totals.map(Math.log);
  return {
    place: {
      method,
      runs: totals.length,
      medianMs: median(totals) ?? 0,
      spread: spread(totals),
    },
    logs,
    logMean: mean(logs) ?? 0,
  };
}

/** The best method against another one. */
function hold(best: Candidate, other: Candidate, all: readonly Candidate[]) {
  const pair = [best.logs, other.logs];
  const others = all.filter((one) => one !== best && one !== other).map(({ logs }) => logs);
  const chance = chanceOf([...pair, ...others.filter((logs) => isAlike(logs, pair))]);
  return {
    gap: other.logMean - best.logMean,
    chance: chance * Math.sqrt(1 / best.logs.length + 1 / other.logs.length),
    ratio: other.place.medianMs / best.place.medianMs,
  };
}

/** Whether runs vary as those of a pair may: a third method that varies far more would hide how clear the pair is. */
function isAlike(logs: readonly number[], pair: readonly (readonly number[])[]): boolean {
  const usual = Math.max(varianceWithin(pair), RECORDED_VARIANCE);
  return varianceWithin([logs]) <= usual * UNUSUAL_REACH ** 2;
}

/** What equal methods with one run each differ by, in logarithms, in one of 1 / `VERDICT_LEVEL` comparisons. */
function chanceOf(groups: readonly (readonly number[])[]): number {
  const { squares, freedom } = scatterWithin(groups);
  const strange = varianceWithin(groups) > RECORDED_VARIANCE * UNUSUAL_REACH ** 2;
  const trusted = strange ? 0 : RECORDED_FREEDOM;
  const variance = (squares + trusted * RECORDED_VARIANCE) / (freedom + trusted);
  return studentLimit(VERDICT_LEVEL, freedom + trusted) * Math.sqrt(variance);
}

function varianceWithin(groups: readonly (readonly number[])[]): number {
  const { squares, freedom } = scatterWithin(groups);
  return squares / freedom;
}

/** A verdict in a sentence or two: `Direct was 1.8 times as fast as Stored (median of 3; spread 4 %).` */
export function verdictWords(of: Verdict): string {
  if (of.type === 'too-few-runs') {
    return `Too few runs to say which was faster: two methods need ${LEAST_RUNS} finished runs each.`;
  }
  const left =
    of.unranked.length === 0 ? '' : ` ${listNames(of.unranked)} had too few finished runs.`;
  const { best, next, ratio } = of;
  const faster = `${METHOD_NAMES[best.method]} was ${timesWords(ratio)} times as fast as ${METHOD_NAMES[next.method]}`;
  if (of.type === 'winner') return `${faster} (${basis(of)}).${left}`;
  if (of.cause === 'too-close') {
    const names = listNames([best.method, next.method]);
    return `No clear winner: the medians of ${names} are within ${percentWords(ratio - 1)} of each other (${basis(of)}).${behindWords(of)}${left}`;
  }
  return `No clear winner: ${faster}, but runs vary too much to be sure with so few of them (${basis(of)}).${behindWords(of)}${left}`;
}

/** Where the best two cannot be told apart, what can be said of the others. */
function behindWords({ best, behind }: Ranking): string {
  return behind
    .map(
      ({ method, ratio }) =>
        ` ${METHOD_NAMES[best.method]} was ${timesWords(ratio)} times as fast as ${METHOD_NAMES[method]}.`,
    )
    .join('');
}

/** What the verdict rests on; of two methods with unlike numbers the smaller, of two spreads the larger. */
function basis({ best, next }: Ranking): string {
  const runs = Math.min(best.runs, next.runs);
  const widest = Math.max(best.spread ?? 0, next.spread ?? 0);
  return `median of ${runs}; spread ${percentWords(widest)}`;
}
