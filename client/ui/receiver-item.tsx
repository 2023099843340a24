import { type ReadonlySignal, useComputed } from '@preact/signals';
import type { ReceiverDetails } from '../session/receiver-watch.ts';
import type { Receiver, ReceiverStatus, SendActions } from '../session/send-state.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import { Details } from './details.tsx';
import { ERROR_WORDS } from './error-words.ts';
import { formatBytes } from './format.ts';
import { receiverFraction } from './fraction.ts';
import { ProgressBar } from './progress-bar.tsx';
import { TransferFigures } from './transfer-figures.tsx';

interface ReceiverItemProps {
  readonly receiver: Receiver;
  readonly details: ReadonlySignal<ReceiverDetails>;
  readonly actions: SendActions;
}

/** One receiver of a share: how far it is, and what it is doing. Only its status is read out as it changes. */
export function ReceiverItem({ receiver, details, actions }: ReceiverItemProps) {
  const { id, number, progress, status } = receiver;
  const own = useComputed(() => details.value.get(id) ?? null);
  return (
    <li class="receiver" data-status={status.type}>
      <p class="receiver-head">
        <span class="receiver-name" id={nameId(receiver)}>
          Receiver {number}
        </span>
        <span class="receiver-status" role="status">
          {statusWords(status)}
        </span>
      </p>
      <ProgressBar
        name={`Receiver ${number}`}
        fraction={receiverFraction(receiver)}
        progress={progress}
      />
      <div class="receiver-foot">
        <ReceiverFigures receiver={receiver} />
        <ReceiverButtons receiver={receiver} actions={actions} />
      </div>
      <Details details={own} of={nameId(receiver)} />
    </li>
  );
}

function ReceiverFigures({ receiver: { status, progress } }: { readonly receiver: Receiver }) {
  if (status.type === 'receiving') return <TransferFigures progress={progress} />;
  if (status.type === 'done') return <p class="figures">{formatBytes(progress.totalBytes)}</p>;
  const isHalfway = status.type === 'paused' || status.type === 'reconnecting';
  return isHalfway ? (
    <TransferFigures progress={{ ...progress, rate: null, secondsLeft: null }} />
  ) : null;
}

function ReceiverButtons({ receiver, actions }: Pick<ReceiverItemProps, 'receiver' | 'actions'>) {
  const { id, status } = receiver;
  if (!['receiving', 'paused', 'reconnecting'].includes(status.type)) return null;
  const isPaused = status.type === 'paused';
  const canPause = !isPaused || status.by !== 'receiver';
  const press = () => (isPaused ? actions.resumeReceiver(id) : actions.pauseReceiver(id));
  return (
    <p class="receiver-buttons">
      {canPause && (
        <button
          type="button"
          class="button small"
          aria-describedby={nameId(receiver)}
          onClick={press}
        >
          {isPaused ? 'Resume' : 'Pause'}
        </button>
      )}
      <button
        type="button"
        class="button small"
        aria-describedby={nameId(receiver)}
        onClick={() => actions.cancelReceiver(id)}
      >
        Cancel
      </button>
    </p>
  );
}

function nameId({ number }: Receiver): string {
  return `receiver-${number}`;
}

/** Where an error's words speak to the one it happened to, other words for the sender who reads of it. */
const FAILURES: Readonly<Partial<Record<ErrorReason, string>>> = {
  'storage-full': 'Has no room left',
  'storage-failed': 'Could not store the files',
  'folder-refused': 'May not write to its folder',
  'sender-cancelled': 'You cancelled',
  'lane-replaced': 'Connected anew',
};

const PAUSED = {
  you: 'Paused by you',
  receiver: 'Paused by the receiver',
  both: 'Paused on both sides',
} as const;

function statusWords(status: ReceiverStatus): string {
  switch (status.type) {
    case 'connecting':
      return 'Connecting';
    case 'choosing':
      return 'Looking at the files';
    case 'receiving':
      return 'Receiving';
    case 'paused':
      return PAUSED[status.by];
    case 'reconnecting':
      return 'Connection lost, waiting';
    case 'done':
      return 'Received and verified';
    case 'failed':
      return FAILURES[status.reason] ?? ERROR_WORDS[status.reason].title;
  }
}
