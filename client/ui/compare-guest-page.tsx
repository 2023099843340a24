import { type ReadonlySignal, type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { GuestActions, GuestState, Together } from '../compare/compare-state.ts';
import type { ComparePlan } from '../compare/comparison.ts';
import { listNames } from '../compare/method-words.ts';
import { CompareProgressView } from './compare-progress.tsx';
import { CompareResult } from './compare-result.tsx';
import { plannedRuns, roundWords, subjectWords } from './compare-words.ts';
import { ErrorAlert } from './error-alert.tsx';
import { formatBytes } from './format.ts';
import { Heading } from './heading.tsx';
import { Hop } from './hop.tsx';
import { MessageBox } from './message-box.tsx';
import { type DataState, Page } from './page.tsx';
import { WaysList } from './ways-list.tsx';
import './compare-result.css';

interface CompareGuestPageProps {
  readonly state: ReadonlySignal<GuestState>;
  readonly actions: GuestActions;
}

const DATA_STATES: Readonly<Record<GuestState['type'], DataState>> = {
  joining: 'connecting',
  waiting: 'waiting',
  asked: 'asked',
  running: 'running',
  done: 'done',
  ended: 'ended',
  failed: 'failed',
};

/** The page of who was asked to take part in a comparison, in all its states. */
export function CompareGuestPage({ state, actions }: CompareGuestPageProps) {
  const draft = useSignal('');
  return (
    <Page dataState={DATA_STATES[state.value.type]}>
      <GuestView state={state.value} actions={actions} draft={draft} />
    </Page>
  );
}

interface GuestViewProps {
  readonly state: GuestState;
  readonly actions: GuestActions;
  /** of a message */
  readonly draft: Signal<string>;
}

function GuestView({ state, actions, draft }: GuestViewProps) {
  switch (state.type) {
    case 'joining':
      return (
        <div class="primary">
          <Hop stage="waiting" fraction={0} from="Sender" to="You" />
          <Heading>Connecting to the other side</Heading>
          <p class="lead" role="status">
            Somebody wants to find out with you which way files go faster.
          </p>
        </div>
      );
    case 'waiting':
      return (
        <>
          <div class="primary">
            <Hop stage="done" fraction={1} from="Sender" to="You" />
            <Heading>Which way is faster?</Heading>
            <p class="lead" role="status">
              You are connected. Nothing is asked of you yet.
            </p>
            <p>
              The other side wants to find out which way files reach you faster: straight from their
              browser, or through the server. Before anything is sent, this page says how much it
              would be, and asks you.
            </p>
          </div>
          <Side together={state.together} actions={actions} draft={draft}>
            <WaysList />
          </Side>
        </>
      );
    case 'asked':
      return (
        <>
          <div class="primary">
            <Hop stage="still" fraction={0} from="Sender" to="You" />
            <AskedWords plan={state.plan} />
            <p class="buttons">
              <button type="button" class="button main" onClick={() => actions.takePart()}>
                Take part
              </button>
              <button type="button" class="button" onClick={() => actions.decline()}>
                Decline
              </button>
            </p>
          </div>
          <Side together={state.together} actions={actions} draft={draft}>
            <WaysList />
          </Side>
        </>
      );
    case 'running':
      return (
        <>
          <CompareProgressView
            progress={state.progress}
            from="Sender"
            to="You"
            onStop={() => actions.stop()}
          />
          <Side together={state.together} actions={actions} draft={draft} />
        </>
      );
    case 'done':
      return (
        <>
          <CompareResult comparison={state.comparison}>
            <p role="status">
              What was received has been thrown away. Keep this page open if the other side wants to
              compare again.
            </p>
          </CompareResult>
          <Side together={state.together} actions={actions} draft={draft} />
        </>
      );
    case 'ended':
      return <EndedView state={state} />;
    case 'failed':
      return (
        <div class="primary">
          <Hop stage="broken" fraction={0} from="Sender" to="You" />
          <ErrorAlert reason={state.reason} />
          <CompareYourself />
        </div>
      );
  }
}

/** How much would be moved, how often, and what becomes of it. */
function AskedWords({ plan }: { readonly plan: ComparePlan }) {
  const runs = plannedRuns(plan);
  return (
    <>
      <Heading>Take part in a comparison?</Heading>
      <p class="lead" role="status">
        The other side wants to send you {subjectWords(plan.subject)}{' '}
        {runs === 1 ? 'once' : `${runs} times over`}: {listNames(plan.methods)},{' '}
        {roundWords(plan.rounds)}.{' '}
        <strong>
          Your browser would download {formatBytes(plan.subject.bytes * runs)} in all.
        </strong>
      </p>
      <p>
        Everything received is checked and thrown away at once: nothing is left on your device. You
        can stop at any time.
      </p>
    </>
  );
}

interface SideProps {
  readonly together: Together;
  readonly actions: GuestActions;
  readonly draft: Signal<string>;
  readonly children?: ComponentChildren;
}

function Side({ together, actions, draft, children }: SideProps) {
  return (
    <div class="side">
      {children}
      <MessageBox together={together} actions={actions} draft={draft} />
    </div>
  );
}

function EndedView({ state: { comparison } }: { readonly state: GuestState & { type: 'ended' } }) {
  const words = 'The comparison has ended: one of you has left.';
  if (comparison !== null) {
    return (
      <CompareResult comparison={comparison}>
        <p role="status">{words} What was received has been thrown away.</p>
        <CompareYourself />
      </CompareResult>
    );
  }
  return (
    <div class="primary">
      <Hop stage="still" fraction={0} from="Sender" to="You" />
      <Heading>The comparison has ended</Heading>
      <p class="lead" role="status">
        One of you has left. Nothing was kept on this device.
      </p>
      <CompareYourself />
    </div>
  );
}

function CompareYourself() {
  return (
    <p class="buttons">
      <a class="button" href="/compare">
        Compare yourself
      </a>
    </p>
  );
}
