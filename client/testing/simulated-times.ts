import type { Random } from './random.ts';

/**
 * Rates in MB/s as bench/results/server/results.json has them (commit 7720d4b+, 28 November 2026): the ways that Compare
 * compares, three interleaved rounds each, on the loopback, over 20 Mbit/s up, and over 100 Mbit/s.
 */
const RECORDED_RATES = [
  { profile: 'server', way: 'stored', rates: [12.578, 14.976, 14.241] },
  { profile: 'server', way: 'streamed', rates: [13.67, 14.494, 12.074] },
  { profile: 'server-uplink', way: 'stored', rates: [1.853, 1.804, 1.857] },
  { profile: 'server-uplink', way: 'streamed', rates: [2.138, 2.1, 2.122] },
  { profile: 'server-uplink', way: 'direct', rates: [2.215, 2.217, 2.191] },
  { profile: 'server-clean', way: 'stored', rates: [4.933, 5.048, 4.965] },
  { profile: 'server-clean', way: 'streamed', rates: [5.715, 6.686, 6.574] },
  { profile: 'server-clean', way: 'direct', rates: [2.985, 3.912, 3.682] },
] as const;

/**
 * How far each recorded time is from the mean of its way, as logarithms; stretched to the size that they had if the means
 * had not been taken from the same three.
 */
export const RECORDED_RESIDUALS: readonly number[] = RECORDED_RATES.flatMap(({ rates }) => {
  const logs = rates.map((rate) => -Math.log(rate));
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  return logs.map((log) => (log - mean) * Math.sqrt(logs.length / (logs.length - 1)));
});

/** The standard deviation of the logarithm of a time, pooled over all that was recorded. */
export const RECORDED_NOISE = Math.sqrt(
  RECORDED_RESIDUALS.reduce((sum, residual) => sum + residual ** 2, 0) / RECORDED_RESIDUALS.length,
);

/** By what a time is off, as a logarithm. */
export type Noise = (random: Random) => number;

/** Normal noise of that standard deviation: times are log-normal. (Box and Muller, 1958.) */
export function normalNoise(deviation: number): Noise {
  return (random) => {
    const uniform = () => (random.below(2 ** 32) + 0.5) / 2 ** 32;
    return deviation * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  };
}

/** One of what was recorded. */
export const recordedNoise: Noise = (random) =>
  RECORDED_RESIDUALS[random.below(RECORDED_RESIDUALS.length)] ?? 0;

/** So many times in milliseconds about this one. */
export function noisyTimes(
  random: Random,
  noise: Noise,
  aboutMs: number,
  count: number,
): readonly number[] {
  return Array.from({ length: count }, () => aboutMs * Math.exp(noise(random)));
}
