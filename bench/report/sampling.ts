import type { Run } from '../run.ts';
import { digits, markdownTable } from './format.ts';
import { medianInterval, spreadOf } from './statistics.ts';
import type { Profile } from '../profiles.ts';

/** What it costs a sender to look whether files shrink, where they do not. */
export interface SamplingCost {
  readonly profile: Profile;
  /** of the processor time that its browser takes in all */
  readonly processor: Estimate;
  /** of the time that the transfer takes */
  readonly time: Estimate;
}

/** A share, and between what it lies with 95 % certainty. */
export interface Estimate {
  readonly median: number;
  readonly interval: readonly [number, number];
}

/**
 * Compares transfers to a receiver that inflates with the transfers of the same rounds to one that cannot, for which
 * nothing is looked at. Looking is done by the sending page's workers; their threads' time has little noise, which that of
 * the whole browser has not.
 */
export function samplingCosts(
  profiles: readonly Profile[],
  runs: readonly Run[],
): readonly SamplingCost[] {
  return profiles.flatMap((profile) => {
    const own = runs.filter((run) => run.profile === profile.id && run.outcome.type === 'whole');
    const pairs = own.flatMap((run) => {
      const other = own.find(
        ({ round, variant }) => round === run.round && variant === 'no-inflating',
      );
      return run.variant === 'onehop' && other !== undefined ? [{ run, other }] : [];
    });
    const processor = estimate(pairs.map(({ run, other }) => processorShare(run, other)));
    const time = estimate(pairs.map(({ run, other }) => secondsOf(run) / secondsOf(other) - 1));
    return processor === null || time === null ? [] : [{ profile, processor, time }];
  });
}

/** The costs as a table in Markdown; empty without any. */
export function samplingTable(costs: readonly SamplingCost[]): string {
  if (costs.length === 0) return '';
  return markdownTable(
    ['', "of the sending browser's processor time", "of the transfer's time"],
    costs.map(({ profile, processor, time }) => [profile.title, text(processor), text(time)]),
  );
}

function processorShare(run: Run, other: Run): number {
  const [looking, not] = [run.usage?.sender.cpuSeconds, other.usage?.sender.cpuSeconds];
  if (looking === undefined || not === undefined) return Number.NaN;
  return (looking.workers - not.workers) / not.all;
}

function secondsOf({ outcome }: Run): number {
  return outcome.type === 'failed' ? Number.NaN : outcome.seconds;
}

function estimate(values: readonly number[]): Estimate | null {
  const known = values.filter(Number.isFinite);
  const spread = spreadOf(known);
  return spread === null ? null : { median: spread.median, interval: medianInterval(known) };
}

function text({ median, interval: [from, to] }: Estimate): string {
  const percent = (value: number): string => digits(value * 100);
  return `${percent(median)} % (${percent(from)} to ${percent(to)})`;
}
