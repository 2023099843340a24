import type { ChosenEntry } from '../share/manifest.ts';
import { sortByPath } from './path-order.ts';

/**
 * What was chosen in a file input: files in their order, or the files of a folder by path. The input is emptied, so
 * that choosing the same again is heard again. Browsers leave empty folders out of a chosen folder.
 */
export function takeChosen(input: HTMLInputElement): readonly ChosenEntry[] {
  const chosen = [...(input.files ?? [])].map((file) => ({
    path: file.webkitRelativePath || file.name,
    file,
  }));
  input.value = '';
  return input.hasAttribute('webkitdirectory') ? sortByPath(chosen) : chosen;
}
