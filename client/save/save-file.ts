import { makeSafeName } from '../sink/safe-names.ts';

/** A browser reads what a link leads to when the download starts, which may be once the user has said where to. */
const LINK_LIFETIME_MS = 600_000;

/**
 * Starts a browser download of `content`, under a name that every system takes.
 * @param path of the file as the sender gave it, which may be anything; its last part is what it is named after
 */
export function saveFile(content: Blob, path: string): void {
  // Of any other type, a browser may append the ending that it thinks belongs to it.
  const url = URL.createObjectURL(new Blob([content], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = makeSafeName(path);
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), LINK_LIFETIME_MS);
}
