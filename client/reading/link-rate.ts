/** What was sent is counted by spans of this length, in milliseconds. */
const SPAN_MS = 1_000;
/** How many whole spans are remembered: pauses, and waiting for the disk or the compressor, do not make a link slow. */
const SPANS = 8;

/** What a link was seen to take: bytes sent in each of the last spans. */
export interface LinkRate {
  /** number of the span that is under way */
  readonly span: number;
  readonly bytes: number;
  /** of the whole spans before it, the last one first */
  readonly past: readonly number[];
}

/** Nothing was sent yet. */
export const UNKNOWN_LINK: LinkRate = { span: 0, bytes: 0, past: [] };

/** Notes that bytes were sent at `now`, in milliseconds of a monotonic clock. */
export function noteSent(rate: LinkRate, bytes: number, now: number): LinkRate {
  const span = Math.floor(now / SPAN_MS);
  if (span === rate.span) return { ...rate, bytes: rate.bytes + bytes };
  const idle = Math.min(SPANS, span - rate.span - 1);
  const past = [...Array.from({ length: idle }, () => 0), rate.bytes, ...rate.past];
  return { span, bytes, past: past.slice(0, SPANS) };
}

/** The most that the link was seen to take, in bytes per second. */
export function linkBytesPerSecond({ past }: LinkRate): number {
  return (Math.max(0, ...past) * 1_000) / SPAN_MS;
}
