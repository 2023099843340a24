import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { RatePoint } from '../progress/rate-history.ts';
import { formatDuration, formatRate } from './format.ts';

/** A chart in the page. */
export interface RateChart {
  /** draws these points in place of those before */
  show(points: readonly RatePoint[]): void;
  /** takes it out of the page */
  close(): void;
}

/** One of several lines in a chart. */
export interface RateLine {
  /** the custom property that has its colour */
  readonly colour: string;
  /** lengths of its dashes and gaps; none for a whole line */
  readonly dash: readonly number[];
  readonly points: readonly RatePoint[];
}

const HEIGHT = 140;
/** Several lines need room to be told apart. */
const LINES_HEIGHT = 220;
const FONT_SIZE = 12;
/** How wide the words at the vertical axis may be: `1.25 MB/s`. */
const RATE_WIDTH = 72;

/** Draws a chart of rates over time into an element, as wide as that is. This is the only user of uPlot, and loaded only where a chart is asked for. */
export function drawRateChart(place: HTMLElement): RateChart {
  const chart = new uPlot(optionsFor(place, HEIGHT, [areaOf(place)]), [[], []], place);
  return {
    show: (points) => chart.setData([timesOf(points), speedsOf(points)]),
    close: keepDrawn(chart, place, HEIGHT),
  };
}

/** Draws several rates over time into an element, as wide as that is; returns what takes them out again. */
export function drawRateLines(place: HTMLElement, lines: readonly RateLine[]): () => void {
  const series = lines.map(({ colour, dash }) => ({
    stroke: colourOf(place, colour),
    dash: [...dash],
    width: 2,
    // Lines have points at different times.
    spanGaps: true,
    points: { show: false },
  }));
  const tables = lines.map(({ points }): uPlot.AlignedData => [timesOf(points), speedsOf(points)]);
  const data = uPlot.join(tables);
  const chart = new uPlot(optionsFor(place, LINES_HEIGHT, series), data, place);
  return keepDrawn(chart, place, LINES_HEIGHT);
}

const timesOf = (points: readonly RatePoint[]) => points.map(({ seconds }) => seconds);
const speedsOf = (points: readonly RatePoint[]) => points.map(({ rate }) => rate);

/** Draws a chart anew when its place or the colours change; returns what ends that and the chart. */
function keepDrawn(chart: uPlot, place: HTMLElement, height: number): () => void {
  const watching = new ResizeObserver(() => {
    if (place.clientWidth > 0) chart.setSize({ width: place.clientWidth, height });
  });
  watching.observe(place);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const redraw = () => chart.redraw();
  scheme.addEventListener('change', redraw);
  return () => {
    watching.disconnect();
    scheme.removeEventListener('change', redraw);
    chart.destroy();
  };
}

/** Asked for at every drawing: light and dark have colours of their own. */
function colourOf(place: HTMLElement, name: string): () => string {
  return () => getComputedStyle(place).getPropertyValue(name);
}

/** A line with its area, of a transfer that may still grow. */
function areaOf(place: HTMLElement): uPlot.Series {
  return {
    stroke: colourOf(place, '--accent'),
    fill: colourOf(place, '--accent-soft'),
    width: 2,
    // A transfer that was over at once has a single point.
    points: { show: ({ data }) => (data[0]?.length ?? 0) === 1, size: 6 },
  };
}

function optionsFor(
  place: HTMLElement,
  height: number,
  series: readonly uPlot.Series[],
): uPlot.Options {
  const axis = {
    stroke: colourOf(place, '--muted'),
    font: `${FONT_SIZE}px ${getComputedStyle(place).fontFamily}`,
    ticks: { show: false },
    gap: 4,
  } as const;
  return {
    // While it is empty, the place has no width.
    width: place.parentElement?.clientWidth ?? 0,
    height,
    padding: [FONT_SIZE / 2, FONT_SIZE, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      // From zero, and never of no width or height.
      x: { time: false, range: (_, __, max) => [0, Math.max(0.001, max)] },
      y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] },
    },
    axes: [
      {
        ...axis,
        size: 2 * FONT_SIZE,
        space: 64,
        grid: { show: false },
        values: (_, seconds) => seconds.map((one) => (one === 0 ? '0 s' : formatDuration(one))),
      },
      {
        ...axis,
        size: RATE_WIDTH,
        space: 36,
        grid: { stroke: colourOf(place, '--line'), width: 1 },
        values: (_, rates) => rates.map((one) => formatRate(one)),
      },
    ],
    series: [{}, ...series],
  };
}
