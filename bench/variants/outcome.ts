/** How a transfer came out. */
export type Outcome =
  /** everything arrived */
  | { readonly type: 'whole'; readonly bytes: number; readonly seconds: number }
  /** so many bytes had arrived after so long, when it was stopped because the rest would have taken too long */
  | { readonly type: 'stopped'; readonly bytes: number; readonly seconds: number }
  | { readonly type: 'failed'; readonly why: string };

/** MB/s; 0 for one that failed. */
export function rateOf(outcome: Outcome): number {
  if (outcome.type === 'failed' || outcome.seconds === 0) return 0;
  return outcome.bytes / outcome.seconds / 1e6;
}
