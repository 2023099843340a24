import type { FileSummary } from '../session/file-summary.ts';
import { type NumberSet, hasNumber } from '../share/number-set.ts';
import { formatCount, formatFileCount } from './format.ts';

/** What a list of files comes to. */
export interface FileTotals {
  readonly files: number;
  /** empty folders */
  readonly folders: number;
  readonly bytes: number;
}

/** A page is drawn several times a second with the same list, which may hold 100,000 files. */
const known = new WeakMap<object, FileTotals>();

/** The totals of all files, or of those in `selected`. Neither may be changed in place. */
export function fileTotals(files: readonly FileSummary[], selected?: NumberSet): FileTotals {
  const key = selected ?? files;
  const totals = known.get(key) ?? addUp(files, selected);
  known.set(key, totals);
  return totals;
}

/** How many files; empty folders count only where there is nothing else: `3 files`, `1 empty folder`. */
export function countWords({ files, folders }: FileTotals): string {
  if (files > 0 || folders === 0) return formatFileCount(files);
  return `${formatCount(folders)} empty ${folders === 1 ? 'folder' : 'folders'}`;
}

function addUp(files: readonly FileSummary[], selected?: NumberSet): FileTotals {
  let [folders, count, bytes] = [0, 0, 0];
  for (const [index, file] of files.entries()) {
    if (selected !== undefined && !hasNumber(selected, index)) continue;
    bytes += file.size;
    if (file.folder) folders += 1;
    else count += 1;
  }
  return { files: count, folders, bytes };
}
