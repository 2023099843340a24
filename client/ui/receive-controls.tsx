import type { ReceiveActions, ReceiveState } from '../session/receive-state.ts';
import type { FileSummary } from '../session/file-summary.ts';
import type { Progress } from '../session/progress.ts';
import { ErrorNote } from './error-alert.tsx';
import { canTryAgain } from './can-try-again.ts';
import { formatBytes, formatPercentage } from './format.ts';
import { progressFraction } from './fraction.ts';
import { ProgressBar } from './progress-bar.tsx';
import { ReceivedFacts } from './received-facts.tsx';
import { totalSize } from './total-size.ts';
import { TransferFigures } from './transfer-figures.tsx';

interface ReceiveControlsProps {
  readonly state: ReceiveState;
  readonly actions: ReceiveActions;
}

/** What stands under the receiving page's status: figures, and what the user can do next. */
export function ReceiveControls({ state, actions }: ReceiveControlsProps) {
  switch (state.type) {
    case 'connecting':
      return (
        <p class="buttons">
          <Cancel actions={actions} />
        </p>
      );
    case 'offered':
      return <Offered files={state.files} actions={actions} />;
    case 'receiving':
      return <Receiving progress={state.progress} actions={actions} />;
    case 'done':
      return (
        <>
          <ReceivedFacts totalBytes={state.totalBytes} seconds={state.seconds} />
          <p class="lead">Save before you close this page: nothing is kept after that.</p>
          {state.saveFailure !== null && <ErrorNote reason={state.saveFailure} />}
          <SendYourself />
        </>
      );
    case 'failed':
      return (
        <>
          {state.kept !== null && <Kept kept={state.kept} />}
          {canTryAgain(state.reason) ? <TryAgain actions={actions} /> : <SendYourself />}
        </>
      );
    case 'cancelled':
      return (
        <>
          <p class="lead">
            What had arrived was dropped. You can join again while the sender shares.
          </p>
          <TryAgain actions={actions} />
        </>
      );
  }
}

interface OfferedProps {
  readonly files: readonly FileSummary[];
  readonly actions: ReceiveActions;
}

function Offered({ files, actions }: OfferedProps) {
  return (
    <>
      <p class="lead">
        {formatBytes(totalSize(files))}, straight from the sender’s browser. Keep this page open
        until everything is here.
      </p>
      <p class="buttons">
        <button type="button" class="button main" onClick={() => actions.receive()}>
          Receive
        </button>
        <Cancel actions={actions} />
      </p>
    </>
  );
}

interface ReceivingProps {
  readonly progress: Progress;
  readonly actions: ReceiveActions;
}

function Receiving({ progress, actions }: ReceivingProps) {
  const fraction = progressFraction(progress);
  return (
    <>
      <p class="percentage" aria-hidden="true">
        {formatPercentage(fraction)}
      </p>
      <ProgressBar name="Progress" fraction={fraction} progress={progress} />
      <TransferFigures progress={progress} />
      <p class="buttons">
        <Cancel actions={actions} />
      </p>
    </>
  );
}

function Kept({ kept }: { readonly kept: Progress }) {
  if (kept.bytes === 0) return null;
  return (
    <p class="kept">
      {formatBytes(kept.bytes)} of {formatBytes(kept.totalBytes)} are kept while this page stays
      open.
    </p>
  );
}

function Cancel({ actions }: { readonly actions: ReceiveActions }) {
  return (
    <button type="button" class="button quiet" onClick={() => actions.cancel()}>
      Cancel
    </button>
  );
}

function TryAgain({ actions }: { readonly actions: ReceiveActions }) {
  return (
    <p class="buttons">
      <button type="button" class="button main" onClick={() => actions.tryAgain()}>
        Try again
      </button>
    </p>
  );
}

function SendYourself() {
  return (
    <p>
      <a href="/">Send files yourself</a>
    </p>
  );
}
