import type { Spread } from './statistics.ts';

/** A number with about three digits that count. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return '∞';
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  return value.toFixed(size >= 10 ? 1 : 2);
}

/** The median and, in brackets, the least and the most. */
export function spreadText(spread: Spread | null, scale = 1): string {
  if (spread === null) return '–';
  const { median, min, max, count } = spread;
  const middle = digits(median * scale);
  return count === 1 ? middle : `${middle} (${digits(min * scale)} to ${digits(max * scale)})`;
}

/** A table in Markdown. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
