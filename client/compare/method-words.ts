import type { CompareMethod } from './comparison.ts';

/** What the methods are called on the page. */
export const METHOD_NAMES: Readonly<Record<CompareMethod, string>> = {
  direct: 'Direct',
  relayed: 'Relayed',
  stored: 'Stored',
  streamed: 'Streamed',
};

const significant = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });
const threeDigits = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** Names as in a sentence: `Direct`, `Direct and Stored`, `Direct, Stored and Streamed`. */
export function listNames(methods: readonly CompareMethod[]): string {
  const names = methods.map((method) => METHOD_NAMES[method]);
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** How many times, with two digits, and two after the point below 2: `1.8`, `1.06`, `12`. */
export function timesWords(ratio: number): string {
  if (ratio < 1.1) return ratio.toFixed(2);
  return ratio < 10 ? ratio.toFixed(1) : significant.format(Math.round(ratio));
}

/** A share of a whole, 0 to 1, in percent: `4 %`. */
export function percentWords(share: number): string {
  const percent = share * 100;
  return `${percent > 0 && percent < 1 ? 'under 1' : Math.round(percent)} %`;
}

/** Bytes per second with three digits: `2.4 MB/s`. */
export function rateWords(bytesPerSecond: number): string {
  if (bytesPerSecond >= 999.5e6) return `${threeDigits.format(bytesPerSecond / 1e9)} GB/s`;
  if (bytesPerSecond >= 999.5e3) return `${threeDigits.format(bytesPerSecond / 1e6)} MB/s`;
  if (bytesPerSecond >= 999.5) return `${threeDigits.format(bytesPerSecond / 1e3)} kB/s`;
  return `${threeDigits.format(bytesPerSecond)} B/s`;
}

/** Milliseconds with three digits: `120 ms`, `2.4 s`. */
export function timeWords(ms: number): string {
  return ms >= 999.5 ? `${threeDigits.format(ms / 1000)} s` : `${threeDigits.format(ms)} ms`;
}
