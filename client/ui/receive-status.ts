import type { Method } from '../session/delivery-state.ts';
import type { ReceiveState } from '../session/receive-state.ts';
import { fileTotals } from './file-totals.ts';
import { formatCount, formatFileCount } from './format.ts';

/** What the receiving page is doing, in words that change only when something is worth reading out. */
export function receiveStatus(state: ReceiveState, method: Method | null): string {
  switch (state.type) {
    case 'connecting':
      return CONNECTING[state.step];
    case 'offered':
      return 'Ready to receive';
    case 'receiving':
      return state.phase === 'transferring'
        ? TRANSFERRING[method ?? 'direct']
        : RECEIVING[state.phase];
    case 'paused':
      return PAUSED[state.by];
    case 'done':
      return doneWords(state);
    case 'cancelled':
      return 'Nothing more is received';
    case 'failed':
      return state.retrying ? 'Goes on by itself as soon as it can' : '';
  }
}

const CONNECTING = {
  kept: 'Looking for what has arrived before',
  room: 'Looking up the link',
  sender: 'Waiting for the sender’s browser to come back',
  peer: 'Connecting to the sender’s browser',
  manifest: 'Getting the list of files',
} as const;

const TRANSFERRING: Readonly<Record<Method, string>> = {
  direct: 'Receiving from the sender’s browser',
  stored: 'Receiving from the server',
  streamed: 'Receiving from the server, while the sender uploads',
};

const RECEIVING = {
  finishing: 'Checking the last pieces',
  reconnecting: 'Connection lost: connecting anew',
} as const;

const PAUSED = {
  you: 'Paused by you',
  sender: 'Paused by the sender: it goes on when they resume',
  both: 'Paused by you and by the sender',
  trouble: 'Stopped for now',
} as const;

/** Says less than everything where something is missing. */
function doneWords(state: Extract<ReceiveState, { type: 'done' }>): string {
  const { files, selected, failures } = state;
  if (failures.length === 0) return 'Received and verified';
  const had = fileTotals(files, selected).files - failures.length;
  return `${formatFileCount(had)} received and verified, ${formatCount(failures.length)} could not be had`;
}
