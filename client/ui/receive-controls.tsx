import type { ReceiveDelivery } from '../session/delivery-state.ts';
import type { ReceiveActions, ReceiveState } from '../session/receive-state.ts';
import type { Progress } from '../session/progress.ts';
import { CancelButton } from './cancel-button.tsx';
import { canTryAgain } from './can-try-again.ts';
import { DoneControls } from './done-controls.tsx';
import { FileFailures } from './file-failures.tsx';
import { formatBytes } from './format.ts';
import { GoHome } from './go-home.tsx';
import type { Notice } from './notice.tsx';
import { OfferedControls } from './offered-controls.tsx';
import { TransferControls } from './transfer-controls.tsx';

interface ReceiveControlsProps {
  readonly state: ReceiveState;
  readonly delivery: ReceiveDelivery;
  readonly actions: ReceiveActions;
  readonly notice: Notice;
  /** cancels, or asks first */
  readonly onCancel: () => void;
}

/** What stands under the receiving page's status: figures, and what the user can do next. */
export function ReceiveControls({
  state,
  delivery,
  actions,
  notice,
  onCancel,
}: ReceiveControlsProps) {
  switch (state.type) {
    case 'connecting':
      return (
        <>
          <Kept kept={state.kept} words="have arrived already." />
          <p class="buttons">
            <CancelButton onPress={onCancel} />
          </p>
        </>
      );
    case 'offered':
      return (
        <OfferedControls state={state} delivery={delivery} actions={actions} onCancel={onCancel} />
      );
    case 'receiving':
    case 'paused':
      return (
        <TransferControls
          state={state}
          delivery={delivery}
          actions={actions}
          notice={notice}
          onCancel={onCancel}
        />
      );
    case 'done':
      return <DoneControls state={state} delivery={delivery} actions={actions} />;
    case 'failed':
      return <Failed state={state} actions={actions} onCancel={onCancel} />;
    case 'cancelled':
      return (
        <>
          {state.kept === null || state.kept.bytes === 0 ? (
            <p class="lead">Nothing is kept. You can join again while the sender shares.</p>
          ) : (
            <Kept kept={state.kept} words="are kept. Another try fetches only the rest." />
          )}
          <TryAgain actions={actions} />
          <GoHome />
        </>
      );
  }
}

interface FailedProps {
  readonly state: Extract<ReceiveState, { type: 'failed' }>;
  readonly actions: ReceiveActions;
  readonly onCancel: () => void;
}

function Failed({ state, actions, onCancel }: FailedProps) {
  const { reason, files, failures, kept, retrying } = state;
  return (
    <>
      <Kept kept={kept} words="have arrived and are kept: only the rest is fetched." />
      <FileFailures files={files} failures={failures} side="receiver" />
      {retrying || canTryAgain(reason) ? (
        <TryAgain actions={actions} {...(retrying && { onCancel })} />
      ) : (
        <GoHome />
      )}
    </>
  );
}

interface KeptProps {
  readonly kept: Progress | null;
  readonly words: string;
}

function Kept({ kept, words }: KeptProps) {
  if (kept === null || kept.bytes === 0) return null;
  return (
    <p class="arrived">
      {formatBytes(kept.bytes)} of {formatBytes(kept.totalBytes)} {words}
    </p>
  );
}

interface TryAgainProps {
  readonly actions: ReceiveActions;
  /** where it goes on by itself, that can be cancelled */
  readonly onCancel?: () => void;
}

function TryAgain({ actions, onCancel }: TryAgainProps) {
  return (
    <p class="buttons">
      <button
        type="button"
        class={onCancel ? 'button' : 'button main'}
        onClick={() => actions.tryAgain()}
      >
        Try again
      </button>
      {onCancel && <CancelButton onPress={onCancel} />}
    </p>
  );
}
