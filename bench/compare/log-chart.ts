import { digits } from '../report/format.ts';
import { escapeXml } from '../report/picture.ts';

/** How much room a chart takes, its title and the words on its axes included. */
export const CHART_WIDTH = 430;
export const CHART_HEIGHT = 270;

const LEFT = 46;
const RIGHT = 106;
const UPPER = 26;
const LOWER = 34;
/** Words at the ends of lines are at least so far apart. */
const NAME_GAP = 14;

/** One line of a chart, with what its points vary by. */
export interface Series {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly low: number;
    readonly high: number;
  }[];
}

/** What a chart shows. All numbers are above 0. */
export interface Chart {
  readonly title: string;
  /** of x; y is in seconds */
  readonly unit: string;
  readonly series: readonly Series[];
  /** where two lines cross over, by x */
  readonly marks: readonly number[];
}

/** Lines on two logarithmic axes, as the inside of an SVG picture from 0, 0 on. */
export function logChart({ title, unit, series, marks }: Chart): string {
  const points = series.flatMap((one) => one.points);
  const xs = [...new Set(points.map(({ x }) => x))].toSorted((a, b) => a - b);
  const xOf = logScale(Math.min(...xs), Math.max(...xs), LEFT + 10, CHART_WIDTH - RIGHT);
  const least = Math.min(...points.map(({ low }) => low));
  const most = Math.max(...points.map(({ high }) => high));
  const bottom = CHART_HEIGHT - LOWER;
  const yOf = logScale(least / 1.15, most * 1.15, bottom, UPPER + 8);
  const ticks = timeTicks(least / 1.15, most * 1.15);
  return [
    text(0, 12, title, 'font-size="14" font-weight="600" fill="#16202c"'),
    ...ticks.map((seconds) => {
      const y = round(yOf(seconds));
      const line = `<path d="M${LEFT} ${y}H${CHART_WIDTH - RIGHT + 6}" stroke="#e3e7ec"/>`;
      return line + text(LEFT - 6, y + 4, `${digitsOf(seconds)} s`, `text-anchor="end" ${SMALL}`);
    }),
    ...xs.map((x) => {
      const words = x === xs.at(-1) ? `${digitsOf(x)} ${unit}` : digitsOf(x);
      return text(xOf(x), bottom + 18, words, `text-anchor="middle" ${SMALL}`);
    }),
    `<path d="M${LEFT} ${bottom}H${CHART_WIDTH - RIGHT + 6}" stroke="#9aa3ad"/>`,
    ...series.map((one) => lineOf(one, xOf, yOf)),
    ...marks.flatMap((x) => {
      const y = crossingHeight(series, x);
      return y === null
        ? []
        : [
            `<circle cx="${round(xOf(x))}" cy="${round(yOf(y))}" r="6" fill="none" stroke="#16202c" stroke-width="1.5"/>`,
            text(xOf(x), yOf(y) - 11, `${digitsOf(x)} ${unit}`, `text-anchor="middle" ${VALUE}`),
          ];
    }),
    ...names(series, yOf),
  ].join('\n');
}

const SMALL = 'font-size="12" fill="#5a6673"';
const VALUE =
  'font-size="12" font-weight="600" fill="#16202c" paint-order="stroke" stroke="#ffffff" stroke-width="4" stroke-linejoin="round"';

/** 1, 2 and 5 times the powers of ten between two numbers. */
export function timeTicks(least: number, most: number): readonly number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(least)); 10 ** power <= most; power += 1) {
    for (const part of [1, 2, 5]) {
      const tick = part * 10 ** power;
      if (tick >= least && tick <= most) ticks.push(tick);
    }
  }
  return ticks;
}

/** The least that a crossing of two lines can be at this x: null where no two lines meet there. */
export function crossingHeight(series: readonly Series[], x: number): number | null {
  const heights = series
    .flatMap(({ points }) => heightAt(points, x) ?? [])
    .toSorted((a, b) => a - b);
  const pair = heights.findIndex((height, index) => {
    const next = heights[index + 1];
    return next !== undefined && next / height < 1.001;
  });
  return heights[pair] ?? null;
}

/** Between two neighbours by a straight line on logarithmic axes. */
function heightAt(points: Series['points'], x: number): number | null {
  const sorted = points.toSorted((a, b) => a.x - b.x);
  const next = sorted.findIndex((point) => point.x >= x);
  const [before, after] = [sorted[next - 1], sorted[next]];
  if (before === undefined || after === undefined) return null;
  const part = Math.log(x / before.x) / Math.log(after.x / before.x);
  return before.y * (after.y / before.y) ** part;
}

function logScale(
  least: number,
  most: number,
  from: number,
  to: number,
): (value: number) => number {
  if (least === most) return () => (from + to) / 2;
  return (value) => from + (Math.log(value / least) / Math.log(most / least)) * (to - from);
}

type Scale = (value: number) => number;

function lineOf({ colour, points }: Series, xOf: Scale, yOf: Scale): string {
  const places = points
    .toSorted((a, b) => a.x - b.x)
    .map(({ x, y, low, high }) => ({
      x: round(xOf(x)),
      y: round(yOf(y)),
      low: round(yOf(low)),
      high: round(yOf(high)),
    }));
  const line = places.map(({ x, y }) => `${x} ${y}`).join('L');
  const marks = places.map(
    ({ x, y, low, high }) =>
      `<path d="M${x} ${low}V${high}" stroke="${colour}" stroke-opacity="0.7"/><circle cx="${x}" cy="${y}" r="3.5" fill="${colour}"/>`,
  );
  return `<path d="M${line}" fill="none" stroke="${colour}" stroke-width="2"/>${marks.join('')}`;
}

/** What the lines are, and how high they end, at their right ends. */
function names(series: readonly Series[], yOf: Scale): readonly string[] {
  const ends = series
    .flatMap(({ name, colour, points }) => {
      const end = points.toSorted((a, b) => a.x - b.x).at(-1);
      return end === undefined ? [] : [{ name, colour, seconds: end.y, y: yOf(end.y) + 4 }];
    })
    .toSorted((a, b) => a.y - b.y);
  let last = -Infinity;
  return ends.map(({ name, colour, seconds, y }) => {
    last = Math.max(y, last + NAME_GAP);
    const words = `${name} ${digits(seconds)}`;
    return text(CHART_WIDTH - RIGHT + 10, last, words, `font-size="12" fill="${colour}"`);
  });
}

function text(x: number, y: number, words: string, attributes: string): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escapeXml(words)}</text>`;
}

/** `0.2`, `1`, `10`, `2.3`. */
function digitsOf(value: number): string {
  return String(Number(value.toPrecision(2)));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
