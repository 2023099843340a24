import type { ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { refuseDrops } from '../intake/drop-target.ts';
import type { ReceiveActions, ReceiveState } from '../session/receive-state.ts';
import { FileList } from './file-list.tsx';
import { Hop } from './hop.tsx';
import { Page } from './page.tsx';
import { ReceiveControls } from './receive-controls.tsx';
import { ReceiveHeading } from './receive-heading.tsx';
import { receivePicture } from './receive-picture.ts';
import { receiveStatus } from './receive-status.ts';
import './receive-page.css';

interface ReceivePageProps {
  readonly state: ReadonlySignal<ReceiveState>;
  readonly actions: ReceiveActions;
}

/** The receiving page in all its states. Its one `status` stays in place, so that every change of it is read out. */
export function ReceivePage({ state, actions }: ReceivePageProps) {
  const current = state.value;
  useEffect(() => {
    const watching = new AbortController();
    refuseDrops(document, watching.signal);
    return () => watching.abort();
  }, []);

  return (
    <Page dataState={current.type}>
      <div class="primary">
        <Hop {...receivePicture(current)} from="Sender" to="You" />
        <ReceiveHeading state={current} />
        <p class="receive-status" role="status" data-state={current.type}>
          {receiveStatus(current)}
        </p>
        <ReceiveControls state={current} actions={actions} />
      </div>
      <OfferedFiles state={current} actions={actions} />
    </Page>
  );
}

interface OfferedFilesProps {
  readonly state: ReceiveState;
  readonly actions: ReceiveActions;
}

function OfferedFiles({ state, actions }: OfferedFilesProps) {
  if (state.type === 'connecting' || state.files.length === 0) return null;
  if (state.type !== 'done') return <FileList title="Files offered" files={state.files} />;
  return (
    <FileList
      title="Files offered"
      files={state.files}
      onSave={(fileIndex) => actions.save(fileIndex)}
    />
  );
}
