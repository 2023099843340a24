import { useEffect, useId, useMemo, useRef } from 'preact/hooks';
import { type RateHistory, type RateSpread, ratesOf, spreadOf } from '../progress/rate-history.ts';
import { formatRate } from './format.ts';
import type { RateChart } from './rate-chart.ts';

/** The speed over the whole time, as a picture and in words. Where the picture's script cannot be loaded, the words are all. */
export function RateFigure({ history }: { readonly history: RateHistory }) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<RateChart | null>(null);
  const words = useId();
  const points = useMemo(() => ratesOf(history), [history]);
  const shown = useRef(points);
  shown.current = points;

  useEffect(() => {
    const begin = async () => {
      const draw = await loadChart();
      // It may have been closed by now.
      if (draw === null || place.current === null) return;
      chart.current = draw(place.current);
      chart.current.show(shown.current);
    };
    void begin();
    return () => {
      chart.current?.close();
      chart.current = null;
    };
  }, []);
  useEffect(() => chart.current?.show(points), [points]);

  const spread = spreadOf(points);
  return (
    <div class="rate" hidden={spread === null}>
      <div class="rate-chart" ref={place} role="img" aria-labelledby={words} />
      <p class="rate-words" id={words}>
        {spread === null ? '' : spreadWords(spread)}
      </p>
    </div>
  );
}

/** How to draw a chart; null where that cannot be loaded, as when the server is away. */
async function loadChart(): Promise<((place: HTMLElement) => RateChart) | null> {
  try {
    return (await import('./rate-chart.ts')).drawRateChart;
  } catch {
    return null;
  }
}

function spreadWords({ min, median, max }: RateSpread): string {
  return `Speed over time: lowest ${formatRate(min)}, median ${formatRate(median)}, highest ${formatRate(max)}`;
}
