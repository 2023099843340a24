import { pathCapacity } from '../path-capacity.ts';
import type { Profile } from '../profiles.ts';
import type { Run } from '../run.ts';
import { rateOf } from '../variants/outcome.ts';
import type { Variant } from '../variants/variant.ts';
import { type Spread, spreadOf } from './statistics.ts';

/** What the runs of one way in one profile came to. */
export interface Summary {
  readonly profile: Profile;
  readonly variant: Variant;
  /** MB/s, failed ones as 0 */
  readonly rate: Spread;
  readonly failed: number;
  readonly stopped: number;
  /** of what the path could have carried meanwhile, from 0 to 1; null where it has no limit */
  readonly share: Spread | null;
  readonly firstByteMs: Spread | null;
  /** of ways through a server, in seconds */
  readonly halves: {
    readonly up: Spread;
    readonly down: Spread | null;
    readonly lag: Spread | null;
  } | null;
  /** connections at the end */
  readonly lanes: Spread | null;
  /** bytes of packets on the sender's line out for each byte of the files; null on the loopback */
  readonly sentPerByte: Spread | null;
  /** how long packets waited at the sender's line out, on average */
  readonly queueMs: Spread | null;
  /** datagrams that the receiver's kernel dropped because the browser's buffer was full */
  readonly dropped: Spread | null;
  /** for each GB of the files */
  readonly cpu: Record<'sender' | 'receiver', { all: Spread | null; renderers: Spread | null }>;
  readonly peakBytes: Record<
    'sender' | 'receiver',
    { all: Spread | null; renderers: Spread | null }
  >;
}

/** Sums up each way of each profile, in the order of the profiles. */
export function summarize(profiles: readonly Profile[], runs: readonly Run[]): readonly Summary[] {
  return profiles.flatMap((profile) =>
    profile.variants.flatMap((variant) => {
      const own = runs.filter((run) => run.profile === profile.id && run.variant === variant);
      const rate = spreadOf(own.map(({ outcome }) => rateOf(outcome)));
      return rate === null ? [] : [summaryOf(profile, variant, own, rate)];
    }),
  );
}

function summaryOf(
  profile: Profile,
  variant: Variant,
  runs: readonly Run[],
  rate: Spread,
): Summary {
  const spread = (of: (run: Run) => number | null | undefined): Spread | null =>
    spreadOf(runs.map(of).filter((value) => value !== null && value !== undefined));
  const both = (
    of: (
      run: Run,
      side: 'sender' | 'receiver',
      whose: 'all' | 'renderers',
    ) => number | null | undefined,
  ) => {
    const side = (name: 'sender' | 'receiver') => ({
      all: spread((run) => of(run, name, 'all')),
      renderers: spread((run) => of(run, name, 'renderers')),
    });
    return { sender: side('sender'), receiver: side('receiver') };
  };
  return {
    profile,
    variant,
    rate,
    failed: runs.filter(({ outcome }) => outcome.type === 'failed').length,
    stopped: runs.filter(({ outcome }) => outcome.type === 'stopped').length,
    share: spread((run) => shareOf(profile, run)),
    firstByteMs: spread(({ firstByteMs }) => firstByteMs),
    halves: halvesOf(spread),
    lanes: spread(({ lanes }) => lanes),
    sentPerByte: spread(sentPerByte),
    queueMs: spread(({ lines }) => lines?.sender.up.meanQueueMs),
    dropped: spread(({ udp }) => udp.receiver.receiveBufferErrors),
    cpu: both((run, side, whose) => perGigabyte(run, run.usage?.[side].cpuSeconds[whose])),
    peakBytes: both((run, side, whose) => run.usage?.[side].peakBytes?.[whose]),
  };
}

type SpreadOfRuns = (of: (run: Run) => number | null | undefined) => Spread | null;

function halvesOf(spread: SpreadOfRuns): Summary['halves'] {
  const up = spread(({ halves }) => halves?.up);
  if (up === null) return null;
  return {
    up,
    down: spread(({ halves }) => halves?.down),
    lag: spread(({ halves }) => halves?.lag),
  };
}

function shareOf(profile: Profile, { outcome }: Run): number | null {
  if (outcome.type === 'failed') return profile.lines === null ? null : 0;
  const capacity = pathCapacity(profile, outcome.seconds);
  return capacity === null ? null : outcome.bytes / capacity;
}

function sentPerByte({ outcome, lines }: Run): number | null {
  if (lines === null || outcome.type !== 'whole') return null;
  return lines.sender.up.bytes / outcome.bytes;
}

function perGigabyte({ outcome }: Run, seconds: number | undefined): number | null {
  if (seconds === undefined || outcome.type === 'failed' || outcome.bytes === 0) return null;
  return (seconds / outcome.bytes) * 1e9;
}
