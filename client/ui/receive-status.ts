import type { ReceiveState } from '../session/receive-state.ts';

/** What the receiving page is doing, in words that change only when something is worth reading out. */
export function receiveStatus(state: ReceiveState): string {
  switch (state.type) {
    case 'connecting':
      return CONNECTING[state.step];
    case 'offered':
      return 'Ready to receive';
    case 'receiving':
      return state.phase === 'finishing'
        ? 'Checking the last pieces'
        : 'Receiving from the sender’s browser';
    case 'done':
      return 'Received and verified';
    case 'cancelled':
      return 'Nothing more is received';
    case 'failed':
      return '';
  }
}

const CONNECTING = {
  room: 'Looking up the link',
  sender: 'Waiting for the sender’s browser to come back',
  peer: 'Connecting to the sender’s browser',
  manifest: 'Getting the list of files',
} as const;
