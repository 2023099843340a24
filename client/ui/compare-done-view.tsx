import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { HostActions, HostState } from '../compare/compare-state.ts';
import type { Comparison } from '../compare/comparison.ts';
import { CompareResult } from './compare-result.tsx';
import type { HistoryActions } from './comparison-history.tsx';
import { MessageBox } from './message-box.tsx';
import { ResultButtons } from './result-buttons.tsx';
import { ShareLink } from './share-link.tsx';
import { TextbookSection } from './textbook-section.tsx';
import './sharing-view.css';

interface DoneViewProps {
  readonly state: Extract<HostState, { type: 'done' }>;
  readonly history: readonly Comparison[];
  readonly actions: Pick<HostActions, 'again' | 'say'>;
  readonly historyActions: Pick<HistoryActions, 'export'>;
  /** of a message */
  readonly draft: Signal<string>;
  /** beside the messages */
  readonly children: ComponentChildren;
}

/** The page of who compares once it is done: what came of it, and what can be done now. */
export function DoneView(props: DoneViewProps) {
  const { state, history, actions, historyActions, draft, children } = props;
  const { comparison, left, link, together } = state;
  return (
    <>
      <CompareResult comparison={comparison} history={history}>
        {left && (
          <p class="shortfall" role="status">
            The other side has left. To compare again, give somebody the link anew.
          </p>
        )}
        <ResultButtons
          comparison={comparison}
          actions={historyActions}
          onAgain={() => actions.again()}
        />
        {left && <ShareLink link={link} />}
      </CompareResult>
      <div class="result-pair">
        <MessageBox together={together} open={!left} actions={actions} draft={draft} />
        {children}
      </div>
      <TextbookSection comparison={comparison} />
    </>
  );
}

interface EarlierResultProps {
  readonly comparison: Comparison;
  readonly history: readonly Comparison[];
  readonly actions: Pick<HistoryActions, 'export'>;
  readonly onBack: () => void;
}

/** A comparison that this browser keeps, in place of the page. */
export function EarlierResult({ comparison, history, actions, onBack }: EarlierResultProps) {
  const place = useRef<HTMLDivElement>(null);
  // What was pressed may stand far below the heading, which is to be seen and read out.
  useLayoutEffect(() => place.current?.querySelector('h1')?.focus(), []);
  return (
    <div class="earlier" ref={place}>
      <CompareResult comparison={comparison} history={history}>
        <p class="buttons">
          <button type="button" class="button main" onClick={onBack}>
            Back
          </button>
        </p>
        <ResultButtons comparison={comparison} actions={actions} />
      </CompareResult>
      <TextbookSection comparison={comparison} />
    </div>
  );
}
