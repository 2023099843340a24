import { useSignal } from '@preact/signals';
import type { Comparison } from '../compare/comparison.ts';
import { verdict, verdictWords } from '../compare/verdict.ts';
import { roundWords, subjectWords } from './compare-words.ts';
import { formatMoment } from './format.ts';
import { SideBySide } from './side-by-side.tsx';
import './comparison-history.css';
import './kept-lists.css';

/** What the user can do with comparisons, earlier ones included. */
export interface HistoryActions {
  /** forgets it for good */
  remove(id: string): void;
  /** saves it as a file */
  export(comparison: Comparison, format: 'json' | 'csv'): void;
}

/** So many are listed before the user asks for more. */
const FIRST_ITEMS = 5;

interface ComparisonHistoryProps {
  /** the latest first */
  readonly history: readonly Comparison[];
  readonly actions: HistoryActions;
  readonly onShow: (comparison: Comparison) => void;
}

/** The comparisons that this browser keeps: each can be shown, saved and deleted, and two be seen side by side. */
export function ComparisonHistory({ history, actions, onShow }: ComparisonHistoryProps) {
  const chosen = useSignal<readonly string[]>([]);
  const all = useSignal(false);
  if (history.length === 0) return null;
  const listed = all.value ? history : history.slice(0, FIRST_ITEMS);
  const pair = chosen.value.flatMap((id) => history.find((one) => one.id === id) ?? []);
  const [first, second] = pair;
  const choose = (id: string, wanted: boolean) => {
    const others = pair.map((one) => one.id).filter((one) => one !== id);
    // Of three, the one that was chosen first gives way.
    chosen.value = wanted ? [...others.slice(-1), id] : others;
  };
  return (
    <section class="card history">
      <h2 id="history-title">Earlier comparisons</h2>
      <p class="small-words">
        Kept in this browser only.{history.length > 1 && ' Choose two to see them side by side.'}
      </p>
      <ul class="history-list" role="list" aria-labelledby="history-title">
        {listed.map((comparison) => (
          <HistoryItem
            key={comparison.id}
            comparison={comparison}
            choice={
              history.length > 1
                ? {
                    chosen: pair.includes(comparison),
                    onChange: (wanted) => choose(comparison.id, wanted),
                  }
                : null
            }
            actions={actions}
            onShow={onShow}
          />
        ))}
      </ul>
      {listed.length < history.length && (
        <p class="buttons">
          <button type="button" class="button small" onClick={() => (all.value = true)}>
            Show all {history.length}
          </button>
        </p>
      )}
      {first !== undefined && second !== undefined && <SideBySide of={[first, second]} />}
    </section>
  );
}

interface HistoryItemProps extends Pick<ComparisonHistoryProps, 'actions' | 'onShow'> {
  readonly comparison: Comparison;
  /** null where there is nothing to see it beside */
  readonly choice: { readonly chosen: boolean; onChange(wanted: boolean): void } | null;
}

function HistoryItem({ comparison, choice, actions, onShow }: HistoryItemProps) {
  const { id, at, plan } = comparison;
  const moment = formatMoment(at);
  const button = (words: string, onPress: () => void) => (
    <button
      type="button"
      class="button small"
      aria-label={`${words} comparison of ${moment}`}
      onClick={onPress}
    >
      {words}
    </button>
  );
  return (
    <li class="kept">
      <div class="kept-words">
        <HistoryName moment={moment} choice={choice} />
        <p class="kept-facts">
          {subjectWords(plan.subject)}, {roundWords(plan.rounds)}
        </p>
        <p>{verdictWords(verdict(comparison))}</p>
      </div>
      <p class="kept-buttons">
        {button('Show', () => onShow(comparison))}
        {button('Export', () => actions.export(comparison, 'json'))}
        {button('Delete', () => actions.remove(id))}
      </p>
    </li>
  );
}

interface HistoryNameProps {
  readonly moment: string;
  readonly choice: HistoryItemProps['choice'];
}

function HistoryName({ moment, choice }: HistoryNameProps) {
  if (choice === null) return <strong>{moment}</strong>;
  return (
    <label class="choice">
      <input
        type="checkbox"
        checked={choice.chosen}
        aria-label={`Side by side: comparison of ${moment}`}
        onChange={({ currentTarget }) => choice.onChange(currentTarget.checked)}
      />
      <strong>{moment}</strong>
    </label>
  );
}
