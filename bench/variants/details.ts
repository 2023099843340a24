/** What a receiving page tells of its transfer under Details; null where it does not. */
export interface OnehopDetails {
  /** from the click on Receive to the first byte */
  readonly firstByteMs: number | null;
  /** connections at the end */
  readonly lanes: number | null;
  /** all of its text */
  readonly details: string | null;
  /** of ways that go through a server */
  readonly halves: Halves | null;
}

/** How long the two hops of a way through a server took, in seconds. */
export interface Halves {
  /** from the choice of the files, or the begin of the PUT, until the server has everything */
  readonly up: number;
  /** from the press of Receive, or the begin of the GET, until the receiver has; null where the two run together */
  readonly down: number | null;
  /** how much later than the server the receiver had everything; null where that was another time */
  readonly lag: number | null;
}

/** Of a page that has no Details. */
export const NO_DETAILS: OnehopDetails = {
  firstByteMs: null,
  lanes: null,
  details: null,
  halves: null,
};

/** Reads the text of a page whose Details are open. */
export function parseDetails(text: string): Omit<OnehopDetails, 'halves'> {
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
