import type { FileSummary } from '../session/file-summary.ts';
import type { ReceiveState } from '../session/receive-state.ts';
import type { NumberSet } from '../share/number-set.ts';
import { ErrorAlert } from './error-alert.tsx';
import { countWords, fileTotals } from './file-totals.ts';
import { formatCount } from './format.ts';
import { Heading } from './heading.tsx';

/** The receiving page's heading: what there is to receive, or what failed. */
export function ReceiveHeading({ state }: { readonly state: ReceiveState }) {
  if (state.type === 'failed') return <ErrorAlert reason={state.reason} />;
  if (state.type === 'paused' && state.reason !== null) return <ErrorAlert reason={state.reason} />;
  return <Heading>{headingWords(state)}</Heading>;
}

function headingWords(state: Exclude<ReceiveState, { type: 'failed' }>): string {
  switch (state.type) {
    case 'connecting':
      return 'Opening the share';
    case 'offered':
      return `${countWords(fileTotals(state.files))} for you`;
    case 'receiving':
      return `Receiving ${selectedWords(state)}`;
    case 'paused':
      return `Paused: ${selectedWords(state)}`;
    case 'done':
      return doneWords(state);
    case 'cancelled':
      return 'You cancelled';
  }
}

interface Selection {
  readonly files: readonly FileSummary[];
  readonly selected: NumberSet;
}

/** `3 files`, or `2 of 3 files` where some were left out. */
function selectedWords({ files, selected }: Selection): string {
  const all = fileTotals(files);
  const taken = fileTotals(files, selected);
  return taken.files === all.files
    ? countWords(taken)
    : `${formatCount(taken.files)} of ${countWords(all)}`;
}

function doneWords({ files, selected, failures }: Extract<ReceiveState, { type: 'done' }>): string {
  const totals = fileTotals(files, selected);
  const had = totals.files - failures.length;
  if (failures.length > 0 && had === 0) return 'None of the files could be had';
  if (failures.length > 0) return `${formatCount(had)} of ${countWords(totals)} are here`;
  if (totals.files === 1) return 'Your file is here';
  if (selected.count === 1) return 'Your folder is here';
  return `All ${countWords(totals)} are here`;
}
