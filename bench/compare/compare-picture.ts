import { type CompareMethod, COMPARE_METHODS } from '../../client/compare/comparison.ts';
import { METHOD_NAMES } from '../../client/compare/method-words.ts';
import { escapeXml } from '../report/picture.ts';
import type { CompareMeasurements } from './compare-markdown.ts';
import { crossings } from './crossings.ts';
import { summarizeCrowds } from './crowd-summary.ts';
import { pairsOf, wayTimes } from './findings.ts';
import { type Series, logChart, CHART_HEIGHT, CHART_WIDTH } from './log-chart.ts';
import { CROWD_WAYS, type CrowdWay } from './measured.ts';

const COLUMNS = 2;
const MARGIN = 28;
const TOP = 118;
const ROW_GAP = 34;
const FOOT = 44;
const WIDTH = 2 * MARGIN + COLUMNS * CHART_WIDTH;

const COLOURS: Readonly<Record<CompareMethod, string>> = {
  direct: '#1f5fbf',
  relayed: '#8fb8e6',
  stored: '#2f8f6b',
  streamed: '#d9903d',
};
const CROWD_SERIES: Readonly<Record<CrowdWay, { readonly name: string; readonly colour: string }>> =
  {
    direct: { name: 'direct', colour: COLOURS.direct },
    server: { name: 'server', colour: COLOURS.stored },
  };

/**
 * Time by size on logarithmic axes, a chart for each profile with a line for each way; beneath, time by the number of receivers. Rings
 * are where two ways surely cross over. An SVG picture on a light ground.
 */
export function comparePicture(measurements: CompareMeasurements, caption: string): string {
  const charts = [...wholeRows(sizeCharts(measurements)), ...crowdCharts(measurements)];
  const rows = Math.ceil(charts.length / COLUMNS);
  const height = TOP + rows * (CHART_HEIGHT + ROW_GAP) + FOOT;
  const placed = charts.map((chart, index) => {
    const x = MARGIN + (index % COLUMNS) * CHART_WIDTH;
    const y = TOP + Math.floor(index / COLUMNS) * (CHART_HEIGHT + ROW_GAP);
    return `<g transform="translate(${x} ${y})">${chart}</g>`;
  });
  const lead =
    'Seconds until every byte is verified: medians, and thin lines from the least to the most. A ring: two ways surely cross over.';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title" font-family="system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif">`,
    '<title id="title">Time by size of direct, stored and streamed transfers over several lines</title>',
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="${MARGIN}" y="40" font-size="22" font-weight="650" fill="#16202c">Where the ways cross over</text>`,
    `<text x="${MARGIN}" y="62" font-size="12.5" fill="#5a6673">${escapeXml(lead)}</text>`,
    legend(measurements),
    ...placed,
    `<text x="${MARGIN}" y="${height - 20}" font-size="12.5" fill="#5a6673">${escapeXml(caption)}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

/** With empty places after them, so that what comes next begins a row. */
function wholeRows(charts: readonly string[]): readonly string[] {
  const missing = (COLUMNS - (charts.length % COLUMNS)) % COLUMNS;
  return [...charts, ...Array.from({ length: missing }, () => '')];
}

function legend({ compared }: CompareMeasurements): string {
  const shown = COMPARE_METHODS.filter((method) =>
    compared.some(({ comparison }) => wayTimes(comparison).some((way) => way.method === method)),
  );
  return shown
    .map((method, index) => {
      const x = MARGIN + index * 110;
      return `<rect x="${x}" y="80" width="12" height="12" rx="2" fill="${COLOURS[method]}"/><text x="${x + 18}" y="90.5" font-size="13" fill="#2c3844">${METHOD_NAMES[method]}</text>`;
    })
    .join('');
}

function sizeCharts({ profiles, compared }: CompareMeasurements): readonly string[] {
  return profiles.flatMap(({ id, title }) => {
    const own = compared.filter(({ profile }) => profile === id);
    const series: readonly Series[] = COMPARE_METHODS.map((method) => ({
      name: METHOD_NAMES[method],
      colour: COLOURS[method],
      points: own.flatMap(({ bytes, comparison }) =>
        wayTimes(comparison)
          .filter((way) => way.method === method)
          .map(({ median, min, max }) => ({ x: bytes / 1e6, y: median, low: min, high: max })),
      ),
    })).filter(({ points }) => points.length > 0);
    if (series.length === 0) return [];
    const marks = pairsOf(own)
      .flatMap(([one, other]) => crossings(own, one, other))
      .filter(({ sure }) => sure)
      .map(({ bytes }) => bytes / 1e6);
    return [logChart({ title, unit: 'MB', series, marks })];
  });
}

function crowdCharts({ profiles, crowds }: CompareMeasurements): readonly string[] {
  const summaries = summarizeCrowds(crowds);
  return profiles.flatMap(({ id, title }) => {
    const own = summaries.filter(({ profile }) => profile === id);
    const [first] = own;
    if (first === undefined) return [];
    const series: readonly Series[] = CROWD_WAYS.map((way) => ({
      ...CROWD_SERIES[way],
      points: own.flatMap(({ receivers, ways }) => {
        const { seconds } = ways[way];
        return seconds === null ? [] : [{ x: receivers, y: seconds, low: seconds, high: seconds }];
      }),
    })).filter(({ points }) => points.length > 0);
    if (series.length === 0) return [];
    const of = `${title}: ${first.bytes / 1e6} MB to several at once`;
    return [logChart({ title: of, unit: 'receivers', series, marks: [] })];
  });
}
