import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Comparison, SkippedMethod } from '../compare/comparison.ts';
import { METHOD_NAMES, percentWords, timeWords } from '../compare/method-words.ts';
import { type HelloRow, type MethodRow, summarize } from '../compare/summary.ts';
import {
  HELLO_NAMES,
  SKIP_WORDS,
  failureWords,
  runTime,
  runWords,
  subjectWords,
} from './compare-words.ts';
import { formatBytes, formatRate } from './format.ts';
import './comparison-table.css';

/** Named above the columns, and where room is short in front of every value. */
const COLUMNS = {
  total: 'Total time',
  rate: 'Speed',
  first: 'First byte',
  server: 'Through the server',
  uplink: 'Up from the sender',
  leaves: 'Works when the sender leaves',
  sees: 'What the server can see',
} as const;
const COLUMN_COUNT = Object.keys(COLUMNS).length;

/** The figures of a comparison, a row for each method and each Hello. */
export function ComparisonTable({ comparison }: { readonly comparison: Comparison }) {
  const { methods, skipped, hellos } = useMemo(() => summarize(comparison), [comparison]);
  // Roles are named, as browsers forget them where style sheets draw rows as blocks.
  return (
    <section class="card">
      <table class="comparison-table" role="table">
        <caption>Transfer comparison</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">
              Method
            </th>
            {Object.entries(COLUMNS).map(([key, name]) => (
              <th key={key} role="columnheader" scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {methods.map((row) => (
            <MethodLine key={row.method} row={row} />
          ))}
          {skipped.map((one) => (
            <SkippedLine key={one.method} skipped={one} />
          ))}
        </tbody>
        {hellos.length > 0 && (
          <tbody role="rowgroup">
            {hellos.map((row) => (
              <HelloLine key={row.way} row={row} />
            ))}
          </tbody>
        )}
      </table>
      <p class="small-words">
        Medians over the finished runs of {subjectWords(comparison.plan.subject)}. ± is half of what
        lies between the fastest and the slowest run. Hello is a few bytes there and back: how long
        the smallest exchange takes.
      </p>
    </section>
  );
}

function MethodLine({ row }: { readonly row: MethodRow }) {
  const { method, finished, failed, failures, wentRelayed, medianMs } = row;
  const why = failures.map(failureWords).join('; ');
  if (medianMs === null) {
    const none = failed === 0 ? 'Not tried: stopped before its turn.' : `Failed: ${why}.`;
    return <EmptyLine name={METHOD_NAMES[method]} method={method} words={none} bad={failed > 0} />;
  }
  return (
    <tr role="row" data-method={method}>
      <th role="rowheader" scope="row">
        {METHOD_NAMES[method]}
        <span class="cell-words">{runWords(finished)}</span>
        {wentRelayed > 0 && (
          <span class="cell-words">{runWords(wentRelayed)} went through a relay</span>
        )}
        {failed > 0 && (
          <span class="cell-words cell-bad">
            {failed} failed: {why}
          </span>
        )}
      </th>
      <Cell of="total" strong>
        {runTime(medianMs)}
        {row.spread !== null && <span class="cell-words">± {percentWords(row.spread)}</span>}
      </Cell>
      <Cell of="rate">{row.bytesPerSecond === null ? '–' : formatRate(row.bytesPerSecond)}</Cell>
      <Cell of="first">{row.firstByteMs === null ? '–' : runTime(row.firstByteMs)}</Cell>
      <Cell of="server">{bytesOrNone(row.serverBytes)}</Cell>
      <Cell of="uplink">{bytesOrNone(row.uplinkBytes)}</Cell>
      <Cell of="leaves" words>
        {row.worksWithoutSender ? 'Yes, once uploaded' : 'No'}
      </Cell>
      <Cell of="sees" words>
        {row.serverSees}
      </Cell>
    </tr>
  );
}

function bytesOrNone(bytes: number | null): string {
  if (bytes === null) return '–';
  return bytes === 0 ? 'nothing' : formatBytes(bytes);
}

function SkippedLine({ skipped: { method, reason } }: { readonly skipped: SkippedMethod }) {
  const words = `Not tried. ${SKIP_WORDS[reason]}`;
  return <EmptyLine name={METHOD_NAMES[method]} method={method} words={words} />;
}

function HelloLine({ row: { way, exchanges, medianMs, p95Ms } }: { readonly row: HelloRow }) {
  const name = HELLO_NAMES[way];
  if (medianMs === null || p95Ms === null) {
    return <EmptyLine name={name} words="No answer came this way." />;
  }
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        {name}
      </th>
      <Cell of="total" strong>
        {timeWords(medianMs)}
      </Cell>
      <td role="cell" class="cell-rest" colSpan={COLUMN_COUNT - 1}>
        95 of 100 within {timeWords(p95Ms)}; {exchanges} round trips
      </td>
    </tr>
  );
}

interface EmptyLineProps {
  readonly name: string;
  readonly method?: string;
  readonly words: string;
  readonly bad?: boolean;
}

/** A row that has no figures, and says why. */
function EmptyLine({ name, method, words, bad = false }: EmptyLineProps) {
  return (
    <tr role="row" {...(method !== undefined && { 'data-method': method })}>
      <th role="rowheader" scope="row">
        {name}
      </th>
      <td role="cell" class={bad ? 'cell-rest cell-bad' : 'cell-rest'} colSpan={COLUMN_COUNT}>
        {words}
      </td>
    </tr>
  );
}

interface CellProps {
  readonly of: keyof typeof COLUMNS;
  readonly strong?: boolean;
  readonly words?: boolean;
  readonly children: ComponentChildren;
}

function Cell({ of, strong = false, words = false, children }: CellProps) {
  return (
    <td role="cell" data-label={COLUMNS[of]} data-strong={strong} data-words={words} data-of={of}>
      <div>{children}</div>
    </td>
  );
}
