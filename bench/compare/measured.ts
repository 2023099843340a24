import type { Comparison } from '../../client/compare/comparison.ts';

/** How long a plain TCP connection took for as many bytes over each part of the way, in seconds. */
export interface TcpSeconds {
  /** from the sender to the receiver */
  readonly path: number;
  /** from the sender to where the server is */
  readonly up: number;
  /** from there to the receiver */
  readonly down: number;
}

/** A comparison by the built page, as it exported it. */
export interface ComparedSize {
  /** the id of the profile */
  readonly profile: string;
  readonly bytes: number;
  /** null where it did not come to an end */
  readonly comparison: Comparison | null;
  /** the page's verdict, as it stood there */
  readonly verdict: string | null;
  /** null on the loopback */
  readonly tcp: TcpSeconds | null;
  /** that went in and out of the server meanwhile: by every way together, probes, pages and signaling included */
  readonly serverBytes: number | null;
  /** why there is no comparison */
  readonly failure: string | null;
}

/** How many receivers get the same file: straight from the sender, or from the server once it has it. */
export const CROWD_WAYS = ['direct', 'server'] as const;
export type CrowdWay = (typeof CROWD_WAYS)[number];

/** A file for several receivers at once. */
export interface CrowdRun {
  readonly profile: string;
  readonly bytes: number;
  readonly receivers: number;
  readonly way: CrowdWay;
  /** from 1 */
  readonly round: number;
  /** from their clicks on Receive until the last has everything verified, after `upSeconds`; null where it failed */
  readonly downSeconds: number | null;
  /** from the choice of the file until the server has it; null where none is uploaded */
  readonly upSeconds: number | null;
  readonly serverBytes: number | null;
  readonly failure: string | null;
}

/** How long the last receiver waited, in seconds; null where it failed. */
export function crowdSeconds({ downSeconds, upSeconds }: CrowdRun): number | null {
  return downSeconds === null ? null : downSeconds + (upSeconds ?? 0);
}
