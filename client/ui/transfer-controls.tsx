import type { ReceiveDelivery } from '../session/delivery-state.ts';
import type { ReceiveActions, ReceivePlace, ReceiveState } from '../session/receive-state.ts';
import { CancelButton } from './cancel-button.tsx';
import { ExpectedWays } from './expected-ways.tsx';
import { FileFailures } from './file-failures.tsx';
import { FileName } from './file-name.tsx';
import { formatPercentage } from './format.ts';
import { progressFraction } from './fraction.ts';
import { type Notice, NoticeButton } from './notice.tsx';
import { ProgressBar } from './progress-bar.tsx';
import { TransferFigures } from './transfer-figures.tsx';

interface TransferControlsProps {
  readonly state: Extract<ReceiveState, { type: 'receiving' | 'paused' }>;
  readonly delivery: ReceiveDelivery;
  readonly actions: ReceiveActions;
  readonly notice: Notice;
  readonly onCancel: () => void;
}

/** A transfer that runs or stands still. The same elements serve both, so that the focus outlives Pause and Resume. */
export function TransferControls({
  state,
  delivery,
  actions,
  notice,
  onCancel,
}: TransferControlsProps) {
  const { progress, files, failures, place } = state;
  const fraction = progressFraction(progress);
  const isMoving = state.type === 'receiving' && state.phase === 'transferring';
  return (
    <>
      <p class="percentage" aria-hidden="true">
        {formatPercentage(fraction)}
      </p>
      <ProgressBar name="Progress" fraction={fraction} progress={progress} />
      <TransferFigures
        progress={isMoving ? progress : { ...progress, rate: null, secondsLeft: null }}
      />
      <ExpectedWays delivery={delivery} />
      <FileFailures files={files} failures={failures} side="receiver" />
      <p class="buttons">
        <PauseButton state={state} actions={actions} />
        <CancelButton onPress={onCancel} />
        {state.type === 'receiving' && <NoticeButton notice={notice} />}
      </p>
      <Place place={place} />
    </>
  );
}

type PauseButtonProps = Pick<TransferControlsProps, 'state' | 'actions'>;

/** Nothing where there is nothing to pause: while the last pieces are checked, and while the sender alone has paused. */
function PauseButton({ state, actions }: PauseButtonProps) {
  const isPaused = state.type === 'paused';
  if (isPaused ? state.by === 'sender' : state.phase === 'finishing') return null;
  return (
    <button
      type="button"
      class={isPaused ? 'button main' : 'button'}
      onClick={() => (isPaused ? actions.resume() : actions.pause())}
    >
      {isPaused ? 'Resume' : 'Pause'}
    </button>
  );
}

/** Where it goes, and whether it outlives the page. */
function Place({ place }: { readonly place: ReceivePlace }) {
  switch (place.type) {
    case 'browser':
      return (
        <p class="place">
          What has arrived is kept in this browser, even if you close the page: open the link again
          to go on.
        </p>
      );
    case 'memory':
      return (
        <p class="place">
          This browser lets the page keep nothing on disk: everything is lost if the page is closed.
        </p>
      );
    case 'folder':
      return (
        <p class="place">
          Everything is written straight to the folder{' '}
          <strong>
            <FileName name={place.name} />
          </strong>
          .
        </p>
      );
  }
}
