import type { Lines } from '../links/line.ts';
import { PROFILES } from '../profiles.ts';

/** Where ways are compared. */
export interface CompareProfile {
  readonly id: string;
  /** for people */
  readonly title: string;
  /** null: the loopback of this machine */
  readonly lines: Lines | null;
  /** whether 1 GB is compared here where nobody names sizes: elsewhere it would take hours */
  readonly upToGigabyte: boolean;
  /** whether many receivers at once are measured here where nobody names profiles */
  readonly withCrowds: boolean;
}

/** Everything that is measured, in this order. The lines are those of the benchmark's profiles with these names. */
export const COMPARE_PROFILES: readonly CompareProfile[] = [
  {
    id: 'loopback',
    title: 'loopback',
    lines: null,
    upToGigabyte: true,
    withCrowds: true,
  },
  emulated('uplink', '20 Mbit/s up, 100 down, 40 ms', true),
  emulated('clean', '100 Mbit/s, 40 ms', false),
  emulated('fast', '300 Mbit/s, 4 ms', false),
];

function emulated(id: string, title: string, withCrowds: boolean): CompareProfile {
  const lines = PROFILES.find((profile) => profile.id === id)?.lines ?? null;
  if (lines === null) throw new Error(`no lines named ${id}`);
  return { id, title, lines, upToGigabyte: false, withCrowds };
}

/**
 * The lines of a profile with so many receivers: each as fast as one, all of them at the far end. They are in one place of the lab,
 * whose line carries what theirs would together.
 */
export function linesFor({ sender, receiver }: Lines, receivers: number): Lines {
  const { up, down } = receiver;
  return {
    sender,
    receiver: {
      up: { ...up, rate: up.rate * receivers },
      down: { ...down, rate: down.rate * receivers },
    },
  };
}
