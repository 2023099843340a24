import type { LegProbe } from '../compare/prediction.ts';

/** A request that sent so many bytes, and what came of it: an answer after so many milliseconds, or none in so many. */
export interface ProbePost {
  readonly bytes: number;
  readonly ms: number;
  readonly isAnswered: boolean;
}

/** Bytes that came together. */
export interface ProbeChunk {
  readonly bytes: number;
  /** since the request, in milliseconds */
  readonly atMs: number;
}

/** What takes less is not told from nothing, in milliseconds: browsers' clocks have steps of up to one. */
const LEAST_MS = 1;

/**
 * What requests tell of the line to the server. The rate is the better one of the last two that were answered, without the
 * time that an answer takes anyhow; where not even the first was, it is no more than that one's.
 * @param small two of next to nothing: the first may have to connect, as the line's start has to
 * @param posts those after them, larger and larger
 * @returns null where they tell no rate
 */
export function uploadLeg(
  small: readonly ProbePost[],
  posts: readonly ProbePost[],
): LegProbe | null {
  const [start] = small;
  if (start === undefined) return null;
  const answerMs = Math.min(...small.map(({ ms }) => ms));
  const rates = posts
    .filter(({ isAnswered }) => isAnswered)
    .slice(-2)
    .map(({ bytes, ms }) => rateOf(bytes, ms - answerMs));
  const [first] = posts;
  // Before an answer can have come, no answer says nothing.
  if (rates.length === 0 && first !== undefined && first.ms > answerMs) {
    rates.push(rateOf(first.bytes, first.ms));
  }
  return rates.length === 0 ? null : legOf(start.ms, Math.max(...rates));
}

/**
 * What a download tells of the line from the server: how long until its first bytes came, and the rate from then on.
 * @param endMs when it was over, whole or not, in milliseconds since the request
 * @returns null where nothing came
 */
export function downloadLeg(chunks: readonly ProbeChunk[], endMs: number): LegProbe | null {
  const [first] = chunks;
  const last = chunks.at(-1);
  if (first === undefined || last === undefined) return null;
  const later = chunks.slice(1).reduce((sum, { bytes }) => sum + bytes, 0);
  // Where all came at once, or nothing more in time, those are all that is known.
  const bytes = later === 0 ? first.bytes : later;
  // After a pause like the others, the next ones were on their way; a longer one is the line's.
  const overMs = endMs - last.atMs > longestPause(chunks) ? endMs : last.atMs;
  return legOf(first.atMs, rateOf(bytes, overMs - first.atMs));
}

function longestPause(chunks: readonly ProbeChunk[]): number {
  const pauses = chunks.slice(1).map(({ atMs }, index) => atMs - (chunks[index]?.atMs ?? 0));
  return Math.max(0, ...pauses);
}

/** In bytes per second. */
function rateOf(bytes: number, ms: number): number {
  return (bytes * 1_000) / Math.max(LEAST_MS, ms);
}

/** How much a rate varies is not known of so little. */
function legOf(startMs: number, bytesPerSecond: number): LegProbe {
  return { startMs, bytesPerSecond, noise: 0 };
}
