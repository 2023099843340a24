import type { ReadonlySignal } from '@preact/signals';
import type { SendDelivery } from '../session/delivery-state.ts';
import type { KeptActions, KeptState } from '../session/kept-state.ts';
import type { ReceiverDetails } from '../session/receiver-watch.ts';
import type { SendActions, SendState } from '../session/send-state.ts';
import { ErrorAlert } from './error-alert.tsx';
import { FileList } from './file-list.tsx';
import { Heading } from './heading.tsx';
import { Hop } from './hop.tsx';
import { IdleView } from './idle-view.tsx';
import { IntakeNote } from './intake-note.tsx';
import { InterruptedView } from './interrupted-view.tsx';
import { KeptLists } from './kept-lists.tsx';
import type { Notice } from './notice.tsx';
import { type DataState, Page } from './page.tsx';
import { ReadingView } from './reading-view.tsx';
import { SendByChoice } from './send-by-choice.tsx';
import { SharingView } from './sharing-view.tsx';
import { type Intake, useIntake } from './use-intake.ts';

interface SendPageProps {
  readonly state: ReadonlySignal<SendState>;
  /** of each receiver */
  readonly details: ReadonlySignal<ReceiverDetails>;
  readonly delivery: ReadonlySignal<SendDelivery>;
  readonly actions: SendActions;
  /** what earlier visits left, listed on the home page */
  readonly kept: ReadonlySignal<KeptState>;
  readonly keptActions: KeptActions;
  readonly notice: Notice;
}

const DATA_STATES: Readonly<Record<SendState['type'], DataState>> = {
  idle: 'idle',
  interrupted: 'interrupted',
  opening: 'connecting',
  sharing: 'sharing',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** The sending page in all its states. It takes dropped and pasted files by itself while it is drawn. */
export function SendPage(props: SendPageProps) {
  const { state, actions, kept, keptActions } = props;
  const intake = useIntake(state, actions);
  const isReading = intake.reading.value !== null;
  return (
    <Page dataState={DATA_STATES[state.value.type]}>
      <IntakeNote note={intake.note.value} />
      <SendView {...props} intake={intake} />
      {state.value.type === 'idle' && !isReading && (
        <KeptLists kept={kept.value} keptActions={keptActions} actions={actions} />
      )}
      {intake.hovering.value && (
        <div class="veil" aria-hidden="true">
          <p>Drop to share</p>
        </div>
      )}
    </Page>
  );
}

interface SendViewProps {
  readonly state: ReadonlySignal<SendState>;
  readonly details: ReadonlySignal<ReceiverDetails>;
  readonly delivery: ReadonlySignal<SendDelivery>;
  readonly actions: SendActions;
  readonly notice: Notice;
  readonly intake: Intake;
}

function SendView(props: SendViewProps) {
  const { details, delivery, actions, notice, intake } = props;
  const state = props.state.value;
  if (intake.reading.value !== null) {
    return <ReadingView count={intake.reading.value} onCancel={intake.stopReading} />;
  }
  switch (state.type) {
    case 'idle':
      return (
        <>
          <IdleView onChosen={intake.take} />
          <SendByChoice delivery={delivery.value} actions={actions} />
        </>
      );
    case 'interrupted':
      return <InterruptedView state={state} actions={actions} onChosen={intake.take} />;
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
      return (
        <SharingView
          state={state}
          details={details}
          delivery={delivery}
          actions={actions}
          notice={notice}
        />
      );
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
