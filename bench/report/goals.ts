import type { Variant } from '../variants/variant.ts';
import type { SamplingCost } from './sampling.ts';
import type { Summary } from './summary.ts';

/** What is to be reached. */
export interface Goal {
  readonly title: string;
  readonly wanted: number;
  /** whether the number is to be reached, or not to be gone beyond */
  readonly sense: 'at-least' | 'at-most';
  /** null where it was not measured */
  readonly measure: (
    summaries: readonly Summary[],
    sampling: readonly SamplingCost[],
  ) => number | null;
}

/** A goal, and what was measured of it. */
export interface GoalResult {
  readonly goal: Goal;
  readonly measured: number | null;
  readonly met: boolean | null;
}

/** The goals of fast transfers, in the order of their table. */
export const GOALS: readonly Goal[] = [
  atLeast(0.9, 'loopback, verified and on disk, against the raw channel', ratio('loopback', 'raw')),
  atLeast(0.9, 'the same, 1 GB', ratio('loopback-1gb', 'raw')),
  atLeast(0.9, '100 Mbit/s 40 ms clean, against TCP', ratio('clean', 'tcp')),
  atLeast(0.95, '20 Mbit/s up, against TCP', ratio('uplink', 'tcp')),
  atLeast(0.85, '100 Mbit/s 40 ms 0.1 % loss, against TCP', ratio('loss-0.1', 'tcp')),
  atLeast(8, 'the same, against the usual practice', ratio('loss-0.1', 'usual')),
  atLeast(0.7, '100 Mbit/s 40 ms 1 % loss, against TCP', ratio('loss-1', 'tcp')),
  atLeast(15, 'the same, against the usual practice', ratio('loss-1', 'usual')),
  atLeast(0.8, "50 Mbit/s 200 ms, against the link's rate", share('long')),
  atLeast(1.2, '300 Mbit/s 4 ms, against the usual practice', ratio('fast', 'usual')),
  atLeast(0.8, 'a rate that halves midway: share of what the link could carry', share('halving')),
  atLeast(
    4,
    'JSON lines over 20 Mbit/s, against TCP sending the plain file',
    ratio('json-lines', 'tcp'),
  ),
  atLeast(
    0.6,
    'through the server on the loopback, up and then down, against a plain PUT and GET',
    between('server', 'stored', 'http'),
  ),
  atMost(1.15, 'streamed on the loopback, against the slower half alone', againstSlowerHalf),
  atLeast(0.95, 'uploading over 20 Mbit/s, against TCP', uploadAgainstTcp),
  atMost(
    1,
    'streamed over 20 Mbit/s: seconds from the server’s last byte to the receiver’s',
    lagOf,
  ),
  atMost(
    0.02,
    'looking whether already compressed files shrink: share of the processor time',
    dearestSampling,
  ),
  atMost(1.5, 'variation between runs on one profile (max/min)', widestVariation),
];

/** Holds the goals against what was measured. */
export function judge(
  summaries: readonly Summary[],
  sampling: readonly SamplingCost[],
): readonly GoalResult[] {
  return GOALS.map((goal) => {
    const measured = goal.measure(summaries, sampling);
    if (measured === null) return { goal, measured, met: null };
    const met = goal.sense === 'at-least' ? measured >= goal.wanted : measured <= goal.wanted;
    return { goal, measured, met };
  });
}

function atLeast(wanted: number, title: string, measure: Goal['measure']): Goal {
  return { title, wanted, sense: 'at-least', measure };
}

function atMost(wanted: number, title: string, measure: Goal['measure']): Goal {
  return { title, wanted, sense: 'at-most', measure };
}

/** The median of a way in a profile. */
function find(
  summaries: readonly Summary[],
  profile: string,
  variant: Variant,
): Summary | undefined {
  return summaries.find((summary) => summary.profile.id === profile && summary.variant === variant);
}

/** The median rate of one way against that of another; a mark that failed is none. */
function between(profile: string, way: Variant, mark: Variant): Goal['measure'] {
  return (summaries) => {
    const ours = find(summaries, profile, way)?.rate.median;
    const theirs = find(summaries, profile, mark)?.rate.median;
    return ours === undefined || theirs === undefined || theirs === 0 ? null : ours / theirs;
  };
}

/** How long a streamed transfer takes, against the longer one of upload and download by themselves. */
function againstSlowerHalf(summaries: readonly Summary[]): number | null {
  const streamed = find(summaries, 'server', 'streamed');
  const halves = find(summaries, 'server', 'stored')?.halves ?? null;
  if (streamed === undefined || streamed.rate.median === 0 || halves === null) return null;
  const seconds = streamed.profile.bytes / 1e6 / streamed.rate.median;
  return seconds / Math.max(halves.up.median, halves.down?.median ?? 0);
}

function uploadAgainstTcp(summaries: readonly Summary[]): number | null {
  const up = find(summaries, 'server-uplink', 'stored')?.halves?.up.median;
  const tcp = find(summaries, 'server-uplink', 'tcp');
  if (up === undefined || tcp === undefined || tcp.rate.median === 0) return null;
  return tcp.profile.bytes / 1e6 / up / tcp.rate.median;
}

function lagOf(summaries: readonly Summary[]): number | null {
  return find(summaries, 'server-uplink', 'streamed')?.halves?.lag?.median ?? null;
}

/** Onehop's median rate against that of another way. */
function ratio(profile: string, variant: Variant): Goal['measure'] {
  return between(profile, 'onehop', variant);
}

/** The median of what Onehop used of the path. */
function share(profile: string): Goal['measure'] {
  return (summaries) => find(summaries, profile, 'onehop')?.share?.median ?? null;
}

/** The processor time of looking, where it takes the most. */
function dearestSampling(_: readonly Summary[], sampling: readonly SamplingCost[]): number | null {
  if (sampling.length === 0) return null;
  return Math.max(0, ...sampling.map(({ processor }) => processor.median));
}

/** How far Onehop's runs lie apart, where they do so the most. */
function widestVariation(summaries: readonly Summary[]): number | null {
  const ratios = summaries
    .filter(({ variant, rate }) => variant === 'onehop' && rate.count > 1)
    .map(({ rate }) => rate.max / rate.min);
  return ratios.length === 0 ? null : Math.max(...ratios);
}
