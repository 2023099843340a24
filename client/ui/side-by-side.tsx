import { COMPARE_METHODS, type Comparison } from '../compare/comparison.ts';
import { METHOD_NAMES, percentWords, timesWords } from '../compare/method-words.ts';
import { type MethodRow, summarize } from '../compare/summary.ts';
import { runTime, subjectWords } from './compare-words.ts';
import { formatMoment, formatRate } from './format.ts';

/** Two comparisons: the median time and the speed of each method in both, and how they relate. */
export function SideBySide({ of }: { readonly of: readonly [Comparison, Comparison] }) {
  const [first, second] = [summarize(of[0]).methods, summarize(of[1]).methods];
  const find = (rows: readonly MethodRow[], method: string) =>
    rows.find((row) => row.method === method && row.medianMs !== null);
  const methods = COMPARE_METHODS.filter((one) => find(first, one) ?? find(second, one));
  return (
    <table class="small-table">
      <caption>Side by side</caption>
      <thead>
        <tr>
          <th scope="col">Method</th>
          {of.map(({ id, at, plan }) => (
            <th key={id} scope="col">
              {formatMoment(at)}
              <span class="cell-words">{subjectWords(plan.subject)}</span>
            </th>
          ))}
          <th scope="col">Speed, second to first</th>
        </tr>
      </thead>
      <tbody>
        {methods.map((method) => {
          const [one, other] = [find(first, method), find(second, method)];
          return (
            <tr key={method}>
              <th scope="row">{METHOD_NAMES[method]}</th>
              <td>{figureOf(one)}</td>
              <td>{figureOf(other)}</td>
              <td>{ratioOf(one, other)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function figureOf(row: MethodRow | undefined) {
  if (row === undefined || row.medianMs === null || row.bytesPerSecond === null) return 'not run';
  return (
    <>
      {runTime(row.medianMs)}
      {row.spread !== null && ` ± ${percentWords(row.spread)}`}
      <span class="cell-words">{formatRate(row.bytesPerSecond)}</span>
    </>
  );
}

/** By the speeds: the two may have sent different amounts. */
function ratioOf(one: MethodRow | undefined, other: MethodRow | undefined): string {
  const [before, after] = [one?.bytesPerSecond ?? 0, other?.bytesPerSecond ?? 0];
  return before === 0 || after === 0 ? '–' : `${timesWords(after / before)} ×`;
}
