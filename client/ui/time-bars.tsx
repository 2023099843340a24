import { useMemo } from 'preact/hooks';
import type { Comparison } from '../compare/comparison.ts';
import { METHOD_NAMES } from '../compare/method-words.ts';
import { runTime } from './compare-words.ts';
import { type MethodTimes, TIME_PARTS, type TimePart, methodTimes } from './time-parts.ts';
import './time-bars.css';

const PART_NAMES: Readonly<Record<TimePart, string>> = {
  upload: 'upload',
  connect: 'connect',
  'first-byte': 'first byte',
  transfer: 'transfer',
  verify: 'verify',
};

/** The total time of each method as a bar, by what it went into, with a mark for every single run. The same stands below each bar in words. */
export function TimeBars({ comparison }: { readonly comparison: Comparison }) {
  const times = useMemo(() => methodTimes(comparison), [comparison]);
  if (times.length === 0) return null;
  const longest = Math.max(1, ...times.flatMap(({ totalsMs }) => totalsMs));
  const shown = TIME_PARTS.filter((one) =>
    times.some(({ parts }) => parts.some(({ part }) => part === one)),
  );
  return (
    <section class="card">
      <h2 id="bars-title">Where the time went</h2>
      <p class="bars-legend" aria-hidden="true">
        {shown.map((part) => (
          <span key={part} class="legend">
            <span class="bars-sample" data-part={part} />
            {PART_NAMES[part]}
          </span>
        ))}
        <span class="legend">
          <span class="bars-sample bars-sample-run" />
          one run
        </span>
      </p>
      <ul class="bars" role="list" aria-labelledby="bars-title">
        {times.map((one) => (
          <MethodBar key={one.method} times={one} longest={longest} />
        ))}
      </ul>
      <p class="small-words">
        Each bar is the run in the middle; each mark is the total of one run.
      </p>
    </section>
  );
}

function MethodBar({ times, longest }: { readonly times: MethodTimes; readonly longest: number }) {
  const { method, medianMs, totalsMs, parts } = times;
  return (
    <li class="bars-method">
      <p class="bars-head">
        <strong>{METHOD_NAMES[method]}</strong>
        <span>{runTime(medianMs)}</span>
      </p>
      <div class="bars-track" aria-hidden="true">
        <div class="bars-bar">
          {parts.map(({ part, ms }) => (
            <span key={part} data-part={part} style={{ '--share': ms / longest }} />
          ))}
        </div>
        {totalsMs.map((ms, index) => (
          <span key={index} class="bars-run" style={{ '--share': ms / longest }} />
        ))}
      </div>
      <p class="small-words">
        {parts.map(({ part, ms }) => `${PART_NAMES[part]} ${runTime(ms)}`).join(' · ')}
        <br />
        {totalsMs.length === 1 ? 'One run' : `Runs: ${totalsMs.map(runTime).join(', ')}`}
      </p>
    </li>
  );
}
