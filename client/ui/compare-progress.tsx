import type { ComponentChildren } from 'preact';
import type { CompareProgress } from '../compare/compare-state.ts';
import type { Run } from '../compare/comparison.ts';
import { METHOD_NAMES } from '../compare/method-words.ts';
import { failureWords, runTime, stepWords } from './compare-words.ts';
import { formatPercentage, formatTimeLeft } from './format.ts';
import { Heading } from './heading.tsx';
import { Hop } from './hop.tsx';
import { LiveNetwork } from './network-picture.tsx';
import './compare-progress.css';
import './compare-result.css';
import './progress-bar.css';

interface CompareProgressViewProps {
  readonly progress: CompareProgress;
  /** what stands at both ends of the picture */
  readonly from: string;
  readonly to: string;
  readonly onStop: () => void;
  /** beside the button that stops it */
  readonly children?: ComponentChildren;
}

/** A comparison under way: how far it is, what is being done now, and what was measured so far. */
export function CompareProgressView(props: CompareProgressViewProps) {
  const { progress, from, to, onStop, children } = props;
  const { comparison, step, fraction, leftMs } = progress;
  const { rounds, subject } = comparison.plan;
  const percentage = formatPercentage(fraction);
  return (
    <div class="primary">
      <Hop stage="moving" fraction={step.type === 'run' ? step.fraction : 0} from={from} to={to} />
      <Heading>Comparing</Heading>
      <p class="compare-step" role="status">
        {stepWords(step, rounds)}
      </p>
      <progress
        class="bar"
        max={1}
        value={fraction}
        aria-label="Comparison"
        aria-valuetext={`${percentage} of the whole comparison`}
      />
      <p class="figures">
        <span>{percentage} of the whole</span>
        <span>
          {leftMs === null ? 'Time left is not known yet' : formatTimeLeft(leftMs / 1000)}
        </span>
      </p>
      {step.type === 'run' && <LiveNetwork step={step} bytes={subject.bytes} />}
      <p class="lead">
        <strong>Keep both pages open and in view.</strong> Browsers slow down pages that are hidden.
      </p>
      <p class="buttons">
        <button type="button" class="button danger" onClick={onStop}>
          Stop
        </button>
        {children}
      </p>
      <RunList runs={comparison.runs} rounds={rounds} />
    </div>
  );
}

interface RunListProps {
  readonly runs: readonly Run[];
  readonly rounds: number;
}

/** The runs so far, by rounds, in the order in which they were made. */
function RunList({ runs, rounds }: RunListProps) {
  if (runs.length === 0) return null;
  return (
    <section class="card">
      <h2 id="runs-title">Runs so far</h2>
      <ol class="runs" role="list" aria-labelledby="runs-title">
        {runs.map((run, index) => (
          <li key={index} class="run" data-method={run.method} data-outcome={run.outcome.type}>
            <span class="run-method">{METHOD_NAMES[run.method]}</span>
            <span class="run-round">
              round {run.round + 1} of {rounds}
            </span>
            <span class="run-time">
              {run.outcome.type === 'done'
                ? runTime(run.outcome.times.totalMs)
                : `Failed: ${failureWords(run.outcome.reason)}`}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
