import type { Comparison } from '../compare/comparison.ts';
import type { HistoryActions } from './comparison-history.tsx';

interface ResultButtonsProps {
  readonly comparison: Comparison;
  readonly actions: Pick<HistoryActions, 'export'>;
  /** back to the settings */
  readonly onAgain?: () => void;
}

/** What can be done with a result. */
export function ResultButtons({ comparison, actions, onAgain }: ResultButtonsProps) {
  return (
    <p class="buttons">
      {onAgain !== undefined && (
        <button type="button" class="button main" onClick={onAgain}>
          Compare again
        </button>
      )}
      <button type="button" class="button" onClick={() => actions.export(comparison, 'json')}>
        Export JSON
      </button>
      <button type="button" class="button" onClick={() => actions.export(comparison, 'csv')}>
        Export CSV
      </button>
    </p>
  );
}
