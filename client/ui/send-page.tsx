import type { ReadonlySignal } from '@preact/signals';
import type { SendActions, SendState } from '../session/send-state.ts';
import { ErrorAlert } from './error-alert.tsx';
import { FileList } from './file-list.tsx';
import { Heading } from './heading.tsx';
import { Hop } from './hop.tsx';
import { IdleView } from './idle-view.tsx';
import { type DataState, Page } from './page.tsx';
import { SharingView } from './sharing-view.tsx';
import { type Intake, type IntakeNote, useIntake } from './use-intake.ts';

interface SendPageProps {
  readonly state: ReadonlySignal<SendState>;
  readonly actions: SendActions;
}

const DATA_STATES: Readonly<Record<SendState['type'], DataState>> = {
  idle: 'idle',
  opening: 'connecting',
  sharing: 'sharing',
  failed: 'failed',
  cancelled: 'cancelled',
};

const NOTES: Readonly<Record<IntakeNote, string>> = {
  'folders-left-out': 'Folders cannot be sent yet: choose the files in them.',
  'already-sharing': 'Files are being shared already. Stop sharing first to send others.',
};

/** The sending page in all its states. It takes dropped and pasted files by itself while it is drawn. */
export function SendPage({ state, actions }: SendPageProps) {
  const intake = useIntake(state, actions);
  const note = intake.note.value;
  return (
    <Page dataState={DATA_STATES[state.value.type]}>
      <p class="note" aria-live="polite">
        {note !== null && NOTES[note]}
      </p>
      <SendView state={state.value} actions={actions} intake={intake} />
      {intake.hovering.value && (
        <div class="veil" aria-hidden="true">
          <p>Drop to share</p>
        </div>
      )}
    </Page>
  );
}

interface SendViewProps {
  readonly state: SendState;
  readonly actions: SendActions;
  readonly intake: Intake;
}

function SendView({ state, actions, intake }: SendViewProps) {
  switch (state.type) {
    case 'idle':
      return <IdleView onFiles={intake.take} />;
    case 'opening':
      return (
        <>
          <div class="primary">
            <Hop stage="waiting" fraction={0} from="You" to="Server" />
            <Heading>Making your link</Heading>
            <p class="lead">The server is setting up a place for the two browsers to meet.</p>
          </div>
          <FileList title="Files to send" files={state.files} />
        </>
      );
    case 'sharing':
      return <SharingView state={state} onStop={() => actions.stopSharing()} />;
    case 'failed':
      return (
        <>
          <div class="primary">
            <Hop stage="broken" fraction={0} from="You" to="Receiver" />
            <ErrorAlert reason={state.reason} />
            <StartOver words="Start over" onPress={() => actions.startOver()} />
          </div>
          {state.files.length > 0 && <FileList title="Files to send" files={state.files} />}
        </>
      );
    case 'cancelled':
      return (
        <div class="primary">
          <Hop stage="still" fraction={0} from="You" to="Receiver" />
          <Heading>Sharing has stopped</Heading>
          <p class="lead">The link no longer works. What receivers already have stays with them.</p>
          <StartOver words="Send other files" onPress={() => actions.startOver()} />
        </div>
      );
  }
}

interface StartOverProps {
  readonly words: string;
  readonly onPress: () => void;
}

function StartOver({ words, onPress }: StartOverProps) {
  return (
    <p class="buttons">
      <button type="button" class="button main" onClick={onPress}>
        {words}
      </button>
    </p>
  );
}
