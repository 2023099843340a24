import type { ReceiveState } from '../session/receive-state.ts';
import { numbersIn } from '../share/number-set.ts';

type Done = Extract<ReceiveState, { type: 'done' }>;

/** The number of the only thing that arrived, where that is a file; null where it is none or not the only one. */
export function savableFile({ files, selected, failures }: Done): number | null {
  if (selected.count - failures.length !== 1) return null;
  const failed = new Set(failures.map(({ file }) => file));
  for (const file of numbersIn(selected)) {
    if (!failed.has(file)) return files[file]?.folder === false ? file : null;
  }
  return null;
}
