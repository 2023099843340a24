/** What a receiving page tells of its transfer under Details; null where it does not. */
export interface OnehopDetails {
  /** from the click on Receive to the first byte */
  readonly firstByteMs: number | null;
  /** connections at the end */
  readonly lanes: number | null;
  /** all of its text */
  readonly details: string | null;
}

/** Of a page that has no Details. */
export const NO_DETAILS: OnehopDetails = { firstByteMs: null, lanes: null, details: null };

/** Reads the text of a page whose Details are open. */
export function parseDetails(text: string): OnehopDetails {
  const details = text.slice(text.indexOf('Details')).replaceAll(/\s+/g, ' ').trim();
  return {
    firstByteMs: numberIn(/First byte after ([\d,.]+) ms/.exec(details)),
    lanes: numberIn(/Lanes ([\d,.]+) connections?/.exec(details)),
    details,
  };
}

function numberIn(found: RegExpExecArray | null): number | null {
  return found === null ? null : Number(found[1]?.replaceAll(',', ''));
}
