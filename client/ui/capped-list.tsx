import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { formatCount } from './format.ts';

/** Drawing 100,000 rows freezes a page; these many do not. */
const FIRST_ROWS = 200;
const MORE_ROWS = 500;

interface CappedListProps<Item> {
  /** id of the element that names the list */
  readonly labelledBy: string;
  readonly items: readonly Item[];
  /** draws one item as an `li`; the rows are drawn anew only when this or `items` changes */
  readonly row: (item: Item, index: number) => ComponentChildren;
}

/** A list that draws its first few hundred items, and more on demand. */
export function CappedList<Item>({ labelledBy, items, row }: CappedListProps<Item>) {
  const limit = useSignal(FIRST_ROWS);
  const most = limit.value;
  const rows = useMemo(() => items.slice(0, most).map(row), [items, most, row]);
  const hidden = items.length - most;
  return (
    <>
      <ul class="files-list" role="list" aria-labelledby={labelledBy}>
        {rows}
      </ul>
      {hidden > 0 && (
        <p class="files-more">
          <span>and {formatCount(hidden)} more</span>
          <button type="button" class="button quiet" onClick={() => (limit.value += MORE_ROWS)}>
            Show more
          </button>
        </p>
      )}
    </>
  );
}
