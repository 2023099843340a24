import type { ReceiveState } from '../session/receive-state.ts';
import { ErrorAlert } from './error-alert.tsx';
import { formatFileCount } from './format.ts';
import { Heading } from './heading.tsx';

/** The receiving page's heading: what there is to receive, or what failed. */
export function ReceiveHeading({ state }: { readonly state: ReceiveState }) {
  if (state.type === 'failed') return <ErrorAlert reason={state.reason} />;
  return <Heading>{headingWords(state)}</Heading>;
}

function headingWords(state: Exclude<ReceiveState, { type: 'failed' }>): string {
  switch (state.type) {
    case 'connecting':
      return 'Opening the share';
    case 'offered':
      return `${formatFileCount(state.files.length)} for you`;
    case 'receiving':
      return `Receiving ${formatFileCount(state.files.length)}`;
    case 'done':
      return state.files.length === 1
        ? 'Your file is here'
        : `All ${formatFileCount(state.files.length)} are here`;
    case 'cancelled':
      return 'You cancelled';
  }
}
