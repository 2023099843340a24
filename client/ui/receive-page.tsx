import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { refuseDrops } from '../intake/drop-target.ts';
import type { ReceiveDelivery } from '../session/delivery-state.ts';
import type { Progress } from '../session/progress.ts';
import type { ReceiveActions, ReceiveState } from '../session/receive-state.ts';
import type { TransferDetails } from '../session/transfer-details.ts';
import { CancelDialog } from './cancel-dialog.tsx';
import { Details } from './details.tsx';
import { savableFile } from './savable-file.ts';
import { FileList, FileSelection } from './file-list.tsx';
import { formatBytes } from './format.ts';
import { Hop } from './hop.tsx';
import type { Notice } from './notice.tsx';
import { type DataState, Page } from './page.tsx';
import { ReceiveControls } from './receive-controls.tsx';
import { ReceiveHeading } from './receive-heading.tsx';
import { InvitationNote } from './invitation-note.tsx';
import { receivePicture } from './receive-picture.ts';
import { receiveStatus } from './receive-status.ts';
import { ServerNote } from './server-note.tsx';
import './receive-page.css';

interface ReceivePageProps {
  readonly state: ReadonlySignal<ReceiveState>;
  readonly details: ReadonlySignal<TransferDetails | null>;
  readonly delivery: ReadonlySignal<ReceiveDelivery>;
  readonly actions: ReceiveActions;
  readonly notice: Notice;
}

/** The receiving page in all its states. Its one `status` stays in place, so that every change of it is read out. */
export function ReceivePage({ state, details, delivery, actions, notice }: ReceivePageProps) {
  const current = state.value;
  const asking = useSignal(false);
  useEffect(() => {
    const watching = new AbortController();
    refuseDrops(document, watching.signal);
    return () => watching.abort();
  }, []);

  const arrived = arrivedSoFar(current);
  const cancel = () => {
    if (arrived === null) actions.cancel(false);
    else asking.value = true;
  };
  const dataState = receiveDataState(current);
  return (
    <Page dataState={dataState}>
      <div class="primary">
        <Hop {...receivePicture(current)} from="Sender" to="You" />
        <ReceiveHeading state={current} />
        <p class="receive-status" role="status" data-state={dataState}>
          {receiveStatus(current, delivery.value.method)}
        </p>
        <ServerNote delivery={delivery} />
        <InvitationNote invitation={delivery.value.invitation} />
        <ReceiveControls
          state={current}
          delivery={delivery.value}
          actions={actions}
          notice={notice}
          onCancel={cancel}
        />
        <Details details={details} />
        {asking.value && arrived !== null && (
          <CancelDialog
            actions={actions}
            arrived={`${formatBytes(arrived.bytes)} of ${formatBytes(arrived.totalBytes)}`}
            onClose={() => (asking.value = false)}
          />
        )}
      </div>
      <OfferedFiles state={current} actions={actions} />
    </Page>
  );
}

function receiveDataState(state: ReceiveState): DataState {
  return state.type === 'done' && state.failures.length > 0 ? 'incomplete' : state.type;
}

/** What would be lost or kept if the user cancelled now; null where that is nothing, or nothing can be cancelled. */
function arrivedSoFar(state: ReceiveState): Progress | null {
  const progress = progressToCancel(state);
  return progress === null || progress.bytes === 0 ? null : progress;
}

function progressToCancel(state: ReceiveState): Progress | null {
  switch (state.type) {
    case 'connecting':
      return state.kept;
    case 'receiving':
    case 'paused':
      return state.progress;
    case 'failed':
      return state.retrying ? state.kept : null;
    case 'offered':
    case 'done':
    case 'cancelled':
      return null;
  }
}

const TITLE = 'Files offered';

interface OfferedFilesProps {
  readonly state: ReceiveState;
  readonly actions: ReceiveActions;
}

function OfferedFiles({ state, actions }: OfferedFilesProps) {
  // The same functions at every drawing spare a long list being drawn anew.
  const { onSave, onSelect } = useMemo(
    () => ({
      onSave: (file: number) => actions.save(file),
      onSelect: (files: readonly number[], included: boolean) => actions.select(files, included),
    }),
    [actions],
  );
  if (state.type === 'connecting' || state.files.length === 0) return null;
  const { files } = state;
  if (state.type === 'offered' && files.length > 1) {
    const { selected } = state;
    return <FileSelection title={TITLE} files={files} selected={selected} onSelect={onSelect} />;
  }
  const list = { title: TITLE, files };
  switch (state.type) {
    case 'offered':
    case 'cancelled':
      return <FileList {...list} />;
    case 'failed':
      return <FileList {...list} failures={state.failures} />;
    case 'receiving':
    case 'paused':
      return <FileList {...list} shown={state.selected} failures={state.failures} />;
    case 'done': {
      const shown = { ...list, shown: state.selected, failures: state.failures };
      // A single file is saved by the page's main button.
      const canSave = state.place.type !== 'folder' && savableFile(state) === null;
      return <FileList {...shown} {...(canSave && { onSave })} />;
    }
  }
}
