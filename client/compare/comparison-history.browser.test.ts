import { createStore, keys, set } from 'idb-keyval';
import { beforeEach, describe, expect, it } from 'vitest';
import { compareTimes } from '../testing/make-comparison.ts';
import type { Comparison } from './comparison.ts';
import {
  MAX_KEPT_COMPARISONS,
  forgetAllComparisons,
  forgetComparison,
  keepComparison,
  listComparisons,
} from './comparison-history.ts';

/** The same database, as a page of another version might have written to it. */
const store = createStore('onehop-comparisons', 'comparisons');

function comparisonAt(at: number): Comparison {
  return { ...compareTimes({ direct: [1, 2] }), id: String(at).padStart(16, '0'), at };
}

beforeEach(forgetAllComparisons);

describe('history of comparisons', () => {
  it('lists what was kept, the newest first', async () => {
    expect(await listComparisons()).toEqual([]);
    for (const at of [2, 3, 1]) await keepComparison(comparisonAt(at));
    expect(await listComparisons()).toEqual([comparisonAt(3), comparisonAt(2), comparisonAt(1)]);
  });

  it('keeps the last of those with the same id', async () => {
    await keepComparison(comparisonAt(1));
    await keepComparison({ ...comparisonAt(1), stopped: true });
    expect(await listComparisons()).toEqual([{ ...comparisonAt(1), stopped: true }]);
  });

  it('forgets one, and all', async () => {
    for (const at of [1, 2, 3]) await keepComparison(comparisonAt(at));
    await forgetComparison(comparisonAt(2).id);
    expect((await listComparisons()).map(({ at }) => at)).toEqual([3, 1]);
    await forgetAllComparisons();
    expect(await listComparisons()).toEqual([]);
  });

  it('leaves out what is damaged, or of another version', async () => {
    const strange = comparisonAt(5);
    await set(strange.id, { ...strange, version: 2 }, store);
    await set(7, 'no comparison', store);
    expect(await listComparisons()).toEqual([]);
    await keepComparison(comparisonAt(1));
    expect(await listComparisons()).toEqual([comparisonAt(1)]);
    await forgetAllComparisons();
    expect(await keys(store)).toEqual([]);
  });

  it('keeps no more than its limit, and drops the oldest', async () => {
    for (let at = 1; at <= MAX_KEPT_COMPARISONS; at += 1) {
      await set(comparisonAt(at).id, comparisonAt(at), store);
    }
    await keepComparison(comparisonAt(1000));
    const found = await listComparisons();
    expect(found).toHaveLength(MAX_KEPT_COMPARISONS);
    expect([found[0]?.at, found.at(-1)?.at]).toEqual([1000, 2]);
    expect(await keys(store)).toHaveLength(MAX_KEPT_COMPARISONS);
  });
});
