import { type ReadonlySignal, type Signal, useSignal } from '@preact/signals';
import type { CompareOffer, HostActions, HostState } from '../compare/compare-state.ts';
import type { Comparison } from '../compare/comparison.ts';
import { listNames } from '../compare/method-words.ts';
import { DoneView, EarlierResult } from './compare-done-view.tsx';
import { CompareForm } from './compare-form.tsx';
import { CompareProgressView } from './compare-progress.tsx';
import { WaitingView } from './compare-waiting-view.tsx';
import { plannedRuns, roundWords, runWords, subjectWords } from './compare-words.ts';
import { ComparisonHistory, type HistoryActions } from './comparison-history.tsx';
import { ErrorAlert } from './error-alert.tsx';
import { Heading } from './heading.tsx';
import { Hop } from './hop.tsx';
import { MessageBox } from './message-box.tsx';
import { type Notice, NoticeButton } from './notice.tsx';
import { type DataState, Page } from './page.tsx';
import { type CompareSettings, useCompareSettings } from './use-compare-settings.ts';
import './compare-result.css';

interface ComparePageProps {
  readonly state: ReadonlySignal<HostState>;
  readonly offer: ReadonlySignal<CompareOffer>;
  readonly actions: HostActions;
  /** those that were chosen before this page was opened */
  readonly files: ReadonlySignal<readonly File[]>;
  /** comparisons that this browser keeps, the latest first */
  readonly history: ReadonlySignal<readonly Comparison[]>;
  readonly historyActions: HistoryActions;
  readonly notice?: Notice;
}

const DATA_STATES: Readonly<Record<HostState['type'], DataState>> = {
  opening: 'connecting',
  waiting: 'waiting',
  ready: 'ready',
  asking: 'asking',
  running: 'running',
  done: 'done',
  failed: 'failed',
};

/** The page of who compares, in all its states. */
export function ComparePage(props: ComparePageProps) {
  const { state, offer, files } = props;
  const settings = useCompareSettings(offer, files);
  const draft = useSignal('');
  const earlier = useSignal<Comparison | null>(null);
  const current = state.value;
  const hasHistory =
    current.type === 'waiting' || current.type === 'ready' || current.type === 'done';
  const shown = hasHistory ? earlier.value : null;
  return (
    <Page dataState={DATA_STATES[current.type]}>
      {shown === null ? (
        <HostView
          {...props}
          settings={settings}
          draft={draft}
          onShow={(one) => (earlier.value = one)}
        />
      ) : (
        <EarlierResult
          comparison={shown}
          history={props.history.value}
          actions={props.historyActions}
          onBack={() => (earlier.value = null)}
        />
      )}
    </Page>
  );
}

interface HostViewProps extends ComparePageProps {
  readonly settings: CompareSettings;
  /** of a message */
  readonly draft: Signal<string>;
  readonly onShow: (comparison: Comparison) => void;
}

function HostView(props: HostViewProps) {
  const { state, offer, actions, settings, draft, notice } = props;
  const current = state.value;
  const last = current.type === 'ready' ? current.last : null;
  const earlier = (
    <ComparisonHistory
      history={withLast(props.history.value, last)}
      actions={props.historyActions}
      onShow={props.onShow}
    />
  );
  switch (current.type) {
    case 'opening':
      return (
        <div class="primary">
          <Hop stage="waiting" fraction={0} from="You" to="Server" />
          <Heading>Making your link</Heading>
          <p class="lead">The server is setting up a place for the two browsers to meet.</p>
        </div>
      );
    case 'waiting':
      return <WaitingView link={current.link}>{earlier}</WaitingView>;
    case 'ready':
      return (
        <>
          <div class="primary">
            <Heading>Ready to compare</Heading>
            <p class="lead">The other side is here. Choose what to send, and press Compare.</p>
            {current.declined === true && (
              <p class="shortfall" role="status">
                The other side did not want to take part. You can ask again.
              </p>
            )}
            <CompareForm settings={settings} offer={offer} actions={actions} />
          </div>
          <div class="side">
            <MessageBox together={current.together} actions={actions} draft={draft} />
            {earlier}
          </div>
        </>
      );
    case 'asking':
      return (
        <>
          <div class="primary">
            <Hop stage="waiting" fraction={0} from="You" to="Receiver" />
            <Heading>Waiting for the other side to agree</Heading>
            <p class="lead" role="status">
              Their page asks them to take part: {subjectWords(current.plan.subject)},{' '}
              {runWords(plannedRuns(current.plan))} in {roundWords(current.plan.rounds)}, by{' '}
              {listNames(current.plan.methods)}.
            </p>
            <StopButton onPress={() => actions.stop()} />
          </div>
          <div class="side">
            <MessageBox together={current.together} actions={actions} draft={draft} />
          </div>
        </>
      );
    case 'running':
      return (
        <>
          <CompareProgressView
            progress={current.progress}
            from="You"
            to="Receiver"
            onStop={() => actions.stop()}
          >
            {notice !== undefined && <NoticeButton notice={notice} />}
          </CompareProgressView>
          <div class="side">
            <MessageBox together={current.together} actions={actions} draft={draft} />
          </div>
        </>
      );
    case 'done':
      return (
        <DoneView
          state={current}
          history={props.history.value}
          actions={actions}
          draft={draft}
          historyActions={props.historyActions}
        >
          {earlier}
        </DoneView>
      );
    case 'failed':
      return (
        <div class="primary">
          <Hop stage="broken" fraction={0} from="You" to="Receiver" />
          <ErrorAlert reason={current.reason} />
          <p class="buttons">
            <a class="button main" href="/compare">
              Start over
            </a>
          </p>
        </div>
      );
  }
}

/** The comparisons that are kept, and the last one, which may not be yet. */
function withLast(kept: readonly Comparison[], last: Comparison | null): readonly Comparison[] {
  return last === null || kept.some(({ id }) => id === last.id) ? kept : [last, ...kept];
}

function StopButton({ onPress }: { readonly onPress: () => void }) {
  return (
    <p class="buttons">
      <button type="button" class="button danger" onClick={onPress}>
        Stop
      </button>
    </p>
  );
}
