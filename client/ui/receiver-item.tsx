import type { Receiver, ReceiverStatus } from '../session/send-state.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import { ERROR_WORDS } from './error-words.ts';
import { formatBytes } from './format.ts';
import { receiverFraction } from './fraction.ts';
import { ProgressBar } from './progress-bar.tsx';
import { TransferFigures } from './transfer-figures.tsx';

/** One receiver of a share: how far it is, and what it is doing. Only its status is read out as it changes. */
export function ReceiverItem({ receiver }: { readonly receiver: Receiver }) {
  const { number, progress, status } = receiver;
  return (
    <li class="receiver" data-status={status.type}>
      <p class="receiver-head">
        <span class="receiver-name">Receiver {number}</span>
        <span class="receiver-status" role="status">
          {statusWords(status)}
        </span>
      </p>
      <ProgressBar
        name={`Receiver ${number}`}
        fraction={receiverFraction(receiver)}
        progress={progress}
      />
      {status.type === 'receiving' && <TransferFigures progress={progress} />}
      {status.type === 'done' && <p class="figures">{formatBytes(progress.totalBytes)}</p>}
    </li>
  );
}

/** Where an error's words speak to the one it happened to, other words for the sender who reads of it. */
const FAILURES: Readonly<Partial<Record<ErrorReason, string>>> = {
  'storage-full': 'Has no room left',
  'storage-failed': 'Could not store the files',
};

function statusWords(status: ReceiverStatus): string {
  switch (status.type) {
    case 'connecting':
      return 'Connecting';
    case 'choosing':
      return 'Looking at the files';
    case 'receiving':
      return 'Receiving';
    case 'done':
      return 'Received and verified';
    case 'failed':
      return FAILURES[status.reason] ?? ERROR_WORDS[status.reason].title;
  }
}
