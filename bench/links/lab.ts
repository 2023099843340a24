import type { Direction, HostName, Lines } from './line.ts';
import type { LineCountersByHost } from './line-counters.ts';

/** Where programs of a measurement run. */
export type Place = HostName | 'hub';

/** A sender, a receiver and a hub with servers, joined by emulated lines. Each is a network namespace. */
export interface Lab {
  /** what emulates the lines */
  readonly means: 'star' | 'netem';
  /** The address of a place, for all the others. */
  addressOf(place: Place): string;
  /** The words before a command that have it run in a place. */
  commandIn(place: Place): readonly string[];
  /** Sets both hosts' lines. @param seed of what gets lost */
  setLines(lines: Lines, seed: number): Promise<void>;
  /** Changes one direction of a host's line while packets are on it. */
  setDirection(host: HostName, way: 'up' | 'down', direction: Direction): Promise<void>;
  /** What the lines did since this was asked last. */
  takeCounters(): Promise<LineCountersByHost>;
  /** Ends every process in the lab and removes it. */
  close(): Promise<void>;
}
