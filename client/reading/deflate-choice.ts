import type { DeflateCost } from './deflate-calls.ts';

/** A piece is sent deflated where that takes off at least 7 % of it. */
export const PAYING_RATIO = 0.93;
/** Deflating begins where it gains clearly, and ends where it clearly does not: between the two, nothing changes. */
const BEGIN = { ratio: 0.9, gain: 1.2 };
const END = { ratio: 0.95, gain: 0.8 };
/** How much one piece counts among those before it. */
const WEIGHT = 0.25;
/** While pieces go as they are, one after so many is tried all the same; after each in vain, twice as many. */
const FIRST_SKIP = 64;
const LAST_SKIP = 1_024;

/** What deflating was found to come to for the pieces of one file, or of small files of one kind. */
export interface DeflateChoice {
  readonly deflating: boolean;
  /** bytes after for each byte before; null before the first was tried */
  readonly ratio: number | null;
  /** how fast it was, in bytes before per second */
  readonly bytesPerSecond: number;
  /** pieces that went as they are since one was tried */
  readonly skipped: number;
  /** how many of them there are to be before the next is tried */
  readonly skip: number;
}

/** Nothing was tried yet: the first piece is. */
export const FRESH_CHOICE: DeflateChoice = {
  deflating: true,
  ratio: null,
  bytesPerSecond: 0,
  skipped: 0,
  skip: FIRST_SKIP,
};

/**
 * Whether to try the next piece. One after the other, deflating and sending a byte takes 1 / speed + ratio / link; sending it as
 * it is takes 1 / link: so deflating gains while (1 - ratio) × speed is above the link's rate.
 * @param linkBytesPerSecond what the link was seen to take
 */
export function chooseDeflate(
  choice: DeflateChoice,
  linkBytesPerSecond: number,
): { readonly choice: DeflateChoice; readonly tries: boolean } {
  const { deflating: was, ratio, bytesPerSecond, skip } = choice;
  const mark = was ? END : BEGIN;
  const gain = (1 - (ratio ?? 0)) * bytesPerSecond;
  const deflating =
    ratio === null || (ratio <= mark.ratio && gain >= mark.gain * linkBytesPerSecond);
  if (deflating)
    return { choice: { ...choice, deflating, skipped: 0, skip: FIRST_SKIP }, tries: true };
  const tries = choice.skipped >= skip;
  const next = tries
    ? { skipped: 0, skip: Math.min(2 * skip, LAST_SKIP) }
    : { skipped: choice.skipped + 1 };
  return { choice: { ...choice, deflating, ...next }, tries };
}

/** Notes what deflating a piece, or a sample, came to. */
export function noteDeflated(choice: DeflateChoice, cost: DeflateCost): DeflateChoice {
  const ratio = cost.deflatedBytes / cost.plainBytes;
  // A clock of whole tenths of a millisecond says 0 of a small piece.
  const bytesPerSecond = (cost.plainBytes * 1_000) / Math.max(cost.ms, 0.1);
  if (choice.ratio === null) return { ...choice, ratio, bytesPerSecond };
  return {
    ...choice,
    ratio: choice.ratio + WEIGHT * (ratio - choice.ratio),
    bytesPerSecond: choice.bytesPerSecond + WEIGHT * (bytesPerSecond - choice.bytesPerSecond),
  };
}
