import { useEffect, useId, useMemo, useRef } from 'preact/hooks';
import type { CompareMethod, Comparison } from '../compare/comparison.ts';
import { METHOD_NAMES } from '../compare/method-words.ts';
import { type RateSeries, rateSeries } from '../compare/rate-series.ts';
import { type RatePoint, spreadOf } from '../progress/rate-history.ts';
import { formatDuration, formatRate } from './format.ts';
import type { RateLine } from './rate-chart.ts';
import './rate-lines.css';

/** Dashes tell the lines apart where colours do not. */
const LOOKS: Readonly<Record<CompareMethod, Omit<RateLine, 'points'>>> = {
  direct: { colour: '--accent', dash: [] },
  relayed: { colour: '--relayed', dash: [2, 4] },
  stored: { colour: '--stored', dash: [9, 4] },
  streamed: { colour: '--streamed', dash: [9, 4, 2, 4] },
};

const LEG_NAMES = { upload: ', upload', download: ', download', whole: '' } as const;

/** How fast each method's typical run was at each of its times, as a picture and in words. Where the picture's script cannot be loaded, the words are all. */
export function RateLines({ comparison }: { readonly comparison: Comparison }) {
  const place = useRef<HTMLDivElement>(null);
  const words = useId();
  const series = useMemo(() => rateSeries(comparison), [comparison]);

  useEffect(() => {
    let close = () => {};
    let isOver = false;
    const begin = async () => {
      const draw = await loadChart();
      // The page may show something else by now.
      if (draw === null || isOver || place.current === null) return;
      close = draw(place.current, series.map(lineOf));
    };
    void begin();
    return () => {
      isOver = true;
      close();
    };
  }, [series]);

  if (series.length === 0) return null;
  const methods = [...new Set(series.map(({ method }) => method))];
  return (
    <section class="card rate-lines">
      <h2>Speed over time</h2>
      <p class="rate-legend" aria-hidden="true">
        {methods.map((method) => (
          <span key={method} class="legend" data-method={method}>
            <svg class="rate-sample" viewBox="0 0 32 6">
              <path d="M1 3H31" stroke-dasharray={LOOKS[method].dash.join(' ')} />
            </svg>
            {METHOD_NAMES[method]}
          </span>
        ))}
      </p>
      <div class="rate-chart" ref={place} role="img" aria-labelledby={words} />
      <p class="rate-words" id={words}>
        {series.map((one) => (
          <span key={`${one.method} ${one.leg}`}>{seriesWords(one)}. </span>
        ))}
      </p>
    </section>
  );
}

/** How to draw a chart; null where that cannot be loaded, as when the server is away. */
async function loadChart() {
  try {
    return (await import('./rate-chart.ts')).drawRateLines;
  } catch {
    return null;
  }
}

function lineOf(series: RateSeries): RateLine {
  return { ...LOOKS[series.method], points: pointsOf(series) };
}

function pointsOf({ points }: RateSeries): readonly RatePoint[] {
  return points.map(({ seconds, bytesPerSecond }) => ({ seconds, rate: bytesPerSecond }));
}

/** `Direct: lowest 18 MB/s, median 24 MB/s, highest 26 MB/s, until 2.1 s`. */
function seriesWords(series: RateSeries): string {
  const spread = spreadOf(pointsOf(series));
  const name = `${METHOD_NAMES[series.method]}${LEG_NAMES[series.leg]}`;
  if (spread === null) return `${name}: too short to tell`;
  const [lowest, median, highest] = [spread.min, spread.median, spread.max].map(formatRate);
  const end = formatDuration(series.points.at(-1)?.seconds ?? 0);
  return `${name}: lowest ${lowest}, median ${median}, highest ${highest}, until ${end}`;
}
