import { clear, createStore, del, delMany, set, values } from 'idb-keyval';
import * as v from 'valibot';
import { type Comparison, comparisonSchema } from './comparison.ts';

/** No more comparisons than that are kept: the oldest go first. */
export const MAX_KEPT_COMPARISONS = 200;

/** Nothing else is in it: each comparison by its id. */
const kept = createStore('onehop-comparisons', 'comparisons');

/**
 * Keeps a comparison in this browser, in place of one with the same id.
 * @throws {DOMException} where the browser cannot or may not store it
 */
export async function keepComparison(comparison: Comparison): Promise<void> {
  await set(comparison.id, comparison, kept);
  const old = (await readAll()).slice(MAX_KEPT_COMPARISONS).map(({ id }) => id);
  if (old.length > 0) await delMany(old, kept);
}

/**
 * The comparisons that are kept, the newest first. What is damaged is left out.
 * @throws {DOMException} where the browser refuses
 */
export async function listComparisons(): Promise<readonly Comparison[]> {
  return (await readAll()).slice(0, MAX_KEPT_COMPARISONS);
}

/** Forgets a comparison. @throws {DOMException} where the browser refuses */
export async function forgetComparison(id: string): Promise<void> {
  await del(id, kept);
}

/** Forgets all comparisons. @throws {DOMException} where the browser refuses */
export async function forgetAllComparisons(): Promise<void> {
  await clear(kept);
}

/** What is no comparison of this version is left out but not deleted: a page of a newer version may have written it. */
async function readAll(): Promise<readonly Comparison[]> {
  const all: readonly unknown[] = await values(kept);
  const comparisons = all.flatMap((value) => {
    const checked = v.safeParse(comparisonSchema, value);
    return checked.success ? [checked.output] : [];
  });
  return comparisons.toSorted((a, b) => b.at - a.at);
}
