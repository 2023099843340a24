/** A browser reads what a link leads to when the download starts; by then it certainly has. */
const LINK_LIFETIME_MS = 60_000;

/** Starts a browser download of `content` under this name; the browser itself replaces what a file name may not hold. */
export function saveFile(content: Blob, name: string): void {
  // Of any other type, a browser may append the ending that it thinks belongs to it.
  const url = URL.createObjectURL(new Blob([content], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), LINK_LIFETIME_MS);
}
