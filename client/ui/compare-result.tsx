import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Comparison } from '../compare/comparison.ts';
import { verdict, verdictWords } from '../compare/verdict.ts';
import { roundWords, runWords, shortfallWords, subjectWords } from './compare-words.ts';
import { ComparisonTable } from './comparison-table.tsx';
import { ExpectedList } from './expected-list.tsx';
import { formatMoment } from './format.ts';
import { Heading } from './heading.tsx';
import { HowMeasured } from './how-measured.tsx';
import { RateLines } from './rate-lines.tsx';
import { TimeBars } from './time-bars.tsx';
import { WhyList } from './why-list.tsx';
import './compare-result.css';

interface CompareResultProps {
  readonly comparison: Comparison;
  /** beneath the verdict: what happened besides, and what can be done now */
  readonly children?: ComponentChildren;
  /** what this browser keeps; where it is not given, nothing is said of what was expected */
  readonly history?: readonly Comparison[];
}

/** What a comparison came to: the verdict, and all that it rests on. */
export function CompareResult({ comparison, children, history }: CompareResultProps) {
  const { plan, runs, at } = comparison;
  const words = useMemo(() => verdictWords(verdict(comparison)), [comparison]);
  const shortfall = shortfallWords(comparison);
  return (
    <div class="result">
      <div class="result-head">
        <Heading>{words}</Heading>
        <p class="lead">
          {subjectWords(plan.subject)}, {roundWords(plan.rounds)}, {runWords(runs.length)},{' '}
          {formatMoment(at)}.
        </p>
        {shortfall !== null && <p class="shortfall">{shortfall}</p>}
        {children}
      </div>
      <TimeBars comparison={comparison} />
      <ComparisonTable comparison={comparison} />
      <div class="result-pair">
        <WhyList comparison={comparison} />
        <RateLines comparison={comparison} />
      </div>
      {history !== undefined && <ExpectedList comparison={comparison} history={history} />}
      <HowMeasured />
    </div>
  );
}
