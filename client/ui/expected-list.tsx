import { useMemo } from 'preact/hooks';
import type { Comparison } from '../compare/comparison.ts';
import { METHOD_NAMES, percentWords } from '../compare/method-words.ts';
import { type Accuracy, accuracy, grade } from '../compare/prediction-grade.ts';
import { summarize } from '../compare/summary.ts';
import { runTime } from './compare-words.ts';
import { formatCount } from './format.ts';

interface ExpectedListProps {
  readonly comparison: Comparison;
  /** what this browser keeps: by it, the accuracy so far */
  readonly history: readonly Comparison[];
}

/** What each way was expected to take before the first run, beside what it took. */
export function ExpectedList({ comparison, history }: ExpectedListProps) {
  const rows = useMemo(() => summarize(comparison).methods, [comparison]);
  const soFar = useMemo(() => accuracy(history), [history]);
  const { predictions } = comparison;
  if (predictions.length === 0) return null;
  return (
    <section class="card">
      <h2 id="expected-title">Expected, and measured</h2>
      <table class="small-table" aria-labelledby="expected-title">
        <thead>
          <tr>
            <th scope="col">Method</th>
            <th scope="col">Expected</th>
            <th scope="col">Took</th>
            <th scope="col">In the range</th>
          </tr>
        </thead>
        <tbody>
          {predictions.map((prediction) => {
            const { method, expectedMs, lowMs, highMs } = prediction;
            const took = rows.find((row) => row.method === method)?.medianMs ?? null;
            return (
              <tr key={method}>
                <th scope="row">{METHOD_NAMES[method]}</th>
                <td>
                  {runTime(expectedMs)}
                  <span class="cell-words">
                    {runTime(lowMs)} to {runTime(highMs)}
                  </span>
                </td>
                <td>{took === null ? '–' : runTime(took)}</td>
                <td>{took === null ? '–' : rangeWords(grade(prediction, took).inside)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p class="small-words">
        Expected from a small transfer each way before the first run. {accuracyWords(soFar)}
      </p>
    </section>
  );
}

function rangeWords(inside: boolean): string {
  return inside ? '✓ yes' : 'no';
}

function accuracyWords({ graded, inside, medianError }: Accuracy): string {
  if (graded === 0 || inside === null || medianError === null) return '';
  return (
    `So far, ${percentWords(inside)} of ${formatCount(graded)} predictions were in their range, ` +
    `which is meant to hold for 80 %; half of them were off by less than ${percentWords(medianError)}.`
  );
}
