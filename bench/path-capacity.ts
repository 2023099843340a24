import { pathRate } from './links/line.ts';
import type { Profile } from './profiles.ts';

const BYTES_PER_MEGABIT = 125_000;

/** When the rate of a profile's path changes, in seconds from the start; null where it does not. */
export function changeSeconds({ lines, laterRate, bytes }: Profile): number | null {
  const rate = lines === null ? null : pathRate(lines);
  if (rate === null || laterRate === null) return null;
  return bytes / 2 / (rate * BYTES_PER_MEGABIT);
}

/** How many bytes of IP packets a profile's path carries at most in its first seconds; null without a limit. */
export function pathCapacity(profile: Profile, seconds: number): number | null {
  const rate = profile.lines === null ? null : pathRate(profile.lines);
  if (rate === null) return null;
  const change = changeSeconds(profile) ?? seconds;
  const later = Math.max(0, seconds - change) * (profile.laterRate ?? rate);
  return (Math.min(seconds, change) * rate + later) * BYTES_PER_MEGABIT;
}
