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

const HEIGHT = 140;
const FONT_SIZE = 12;
/** How wide the words at the vertical axis may be: `1.25 MB/s`. */
const RATE_WIDTH = 72;

/** Draws a chart of rates over time into an element, as wide as that is. The only user of uPlot, and loaded only where Details is opened. */
export function drawRateChart(place: HTMLElement): RateChart {
  const chart = new uPlot(optionsFor(place), [[], []], place);
  const watching = new ResizeObserver(() => {
    if (place.clientWidth > 0) chart.setSize({ width: place.clientWidth, height: HEIGHT });
  });
  watching.observe(place);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const redraw = () => chart.redraw();
  scheme.addEventListener('change', redraw);
  return {
    show: (points) =>
      chart.setData([points.map(({ seconds }) => seconds), points.map(({ rate }) => rate)]),
    close: () => {
      watching.disconnect();
      scheme.removeEventListener('change', redraw);
      chart.destroy();
    },
  };
}

function optionsFor(place: HTMLElement): uPlot.Options {
  // Asked for at every drawing: light and dark have colours of their own.
  const colour = (name: string) => () => getComputedStyle(place).getPropertyValue(name);
  const axis = {
    stroke: colour('--muted'),
    font: `${FONT_SIZE}px ${getComputedStyle(place).fontFamily}`,
    ticks: { show: false },
    gap: 4,
  } as const;
  return {
    // While it is empty, the place has no width.
    width: place.parentElement?.clientWidth ?? 0,
    height: HEIGHT,
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
        grid: { stroke: colour('--line'), width: 1 },
        values: (_, rates) => rates.map((one) => formatRate(one)),
      },
    ],
    series: [
      {},
      {
        stroke: colour('--accent'),
        fill: colour('--accent-soft'),
        width: 2,
        // A transfer that was over at once has a single point.
        points: { show: ({ data }) => (data[0]?.length ?? 0) === 1, size: 6 },
      },
    ],
  };
}
