import { MAX_UPLOAD_LIFETIME_SECONDS } from '../../signaling/protocol/uploads.ts';

/** The longest that any server keeps an upload, in hours: what holds until this one says that it allows less. */
export const LONGEST_LIFETIME_HOURS = MAX_UPLOAD_LIFETIME_SECONDS / 3_600;

/** What is offered where the server allows it, in hours. */
const USUAL_HOURS: readonly number[] = [1, 24, 72, 168];

/** What was chosen, or the longest that the server allows where that is shorter. In hours. */
export function allowedLifetime(hours: number, maxHours: number): number {
  return Math.min(hours, maxHours);
}

/** The lifetimes to choose from, in hours, the shortest first: the usual ones that the server allows, its longest, and what is chosen already. */
export function offeredLifetimes(maxHours: number, chosen: number): readonly number[] {
  const offered = new Set([...USUAL_HOURS, maxHours, chosen]);
  return [...offered].filter((hours) => hours <= maxHours).toSorted((one, other) => one - other);
}
