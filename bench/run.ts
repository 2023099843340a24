import type { LineCountersByHost } from './links/line-counters.ts';
import type { UdpCounters } from './measure/udp-counters.ts';
import type { Usage } from './measure/usage.ts';
import type { OnehopDetails } from './variants/details.ts';
import type { Outcome } from './variants/outcome.ts';
import type { Variant } from './variants/variant.ts';

/** One of both sides. */
export interface OfBothSides<Value> {
  readonly sender: Value;
  readonly receiver: Value;
}

/** One transfer, and all that was measured of it. */
export interface Run extends OnehopDetails {
  readonly profile: string;
  readonly variant: Variant;
  /** from 1 */
  readonly round: number;
  readonly outcome: Outcome;
  /** how busy the machine's processors were, from 0 to 1 */
  readonly busy: number;
  /** null without browsers */
  readonly usage: OfBothSides<Usage> | null;
  /** null on the loopback */
  readonly lines: LineCountersByHost | null;
  readonly udp: OfBothSides<UdpCounters>;
}
