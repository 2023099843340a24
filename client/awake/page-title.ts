import type { GuestState, HostState } from '../compare/compare-state.ts';
import type { Progress } from '../session/progress.ts';
import type { ReceiveState } from '../session/receive-state.ts';
import type { Receiver, SendState } from '../session/send-state.ts';

const NAME = 'Onehop';

/** The title of a receiving page: what a tab in the background has to say. */
export function receiveTitle(state: ReceiveState): string {
  switch (state.type) {
    case 'connecting':
      return titled('Connecting');
    case 'offered':
      return titled('Ready');
    case 'receiving':
      return state.phase === 'reconnecting'
        ? `Reconnecting · ${percent([state.progress])}`
        : titled(percent([state.progress]));
    case 'paused':
      return `Paused · ${percent([state.progress])}`;
    case 'done':
      return titled(state.failures.length === 0 ? 'Received' : 'Received in part');
    case 'failed':
      return titled(state.retrying ? 'Trying again' : 'Failed');
    case 'cancelled':
      return titled('Cancelled');
  }
}

/** The title of a sending page: how far its running receivers are together. */
export function sendTitle(state: SendState): string {
  switch (state.type) {
    case 'idle':
    case 'cancelled':
      return NAME;
    case 'interrupted':
      return titled('Interrupted');
    case 'opening':
      return titled('Opening');
    case 'sharing':
      return sharingTitle(state.receivers);
    case 'failed':
      return titled('Failed');
  }
}

/** The title of a page of a comparison, on either side. */
export function compareTitle(state: HostState | GuestState): string {
  switch (state.type) {
    case 'running':
      return titled(`Comparing ${Math.floor(state.progress.fraction * 100)}%`);
    case 'asked':
      return titled('Take part?');
    case 'done':
      return titled('Compared');
    case 'failed':
      return titled('Failed');
    default:
      return titled('Compare');
  }
}

/** Whether bytes move to this receiver, or shall again as soon as it is back. */
export function isRunning({ status }: Receiver): boolean {
  return status.type === 'receiving' || status.type === 'reconnecting';
}

function sharingTitle(receivers: readonly Receiver[]): string {
  const running = receivers.filter((receiver) => isRunning(receiver));
  if (running.length > 0) return titled(percent(running.map(({ progress }) => progress)));
  const paused = receivers.filter(({ status }) => status.type === 'paused');
  if (paused.length > 0) return `Paused · ${percent(paused.map(({ progress }) => progress))}`;
  return titled(receivers.some(({ status }) => status.type === 'done') ? 'Sent' : 'Sharing');
}

function titled(what: string): string {
  return `${what} · ${NAME}`;
}

/** Rounded down, as on the page: 100% is said of the whole only. Of no bytes at all, everything is there. */
function percent(parts: readonly Progress[]): string {
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  const totalBytes = parts.reduce((sum, part) => sum + part.totalBytes, 0);
  const fraction = totalBytes === 0 ? 1 : Math.min(1, bytes / totalBytes);
  return `${Math.floor(fraction * 100)}%`;
}
