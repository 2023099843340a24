import type { ChosenEntry } from '../share/manifest.ts';

const collator = new Intl.Collator('en', { numeric: true });

/** Orders names as people expect (`2.jpg` before `10.jpg`), and different names never as equal. */
export function compareNames(left: string, right: string): number {
  const order = collator.compare(left, right);
  if (order !== 0) return order;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** The entries in the order of their paths, folder by folder. */
export function sortByPath(entries: readonly ChosenEntry[]): ChosenEntry[] {
  return entries
    .map((entry) => ({ entry, names: entry.path.split('/') }))
    .toSorted((left, right) => compareNameLists(left.names, right.names))
    .map(({ entry }) => entry);
}

function compareNameLists(left: readonly string[], right: readonly string[]): number {
  for (const [index, name] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = compareNames(name, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}
