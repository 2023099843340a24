import { roundTripMs } from '../links/line.ts';
import { VARIANTS, VARIANT_NAMES } from '../variants/variant.ts';
import { digits, markdownTable, spreadText } from './format.ts';
import { type GoalResult, judge } from './goals.ts';
import type { Machine } from './machine.ts';
import { type SamplingCost, samplingTable } from './sampling.ts';
import type { Summary } from './summary.ts';

/** What a start may take beside two round trips, in milliseconds. */
const START_MS = 50;

/** What a benchmark found, for people. */
export interface Findings {
  readonly machine: Machine;
  /** what emulated the lines */
  readonly means: string;
  readonly summaries: readonly Summary[];
  readonly sampling: readonly SamplingCost[];
}

/** The goals and the rates alone, as Markdown. */
export function markdownSummary({
  summaries,
  sampling,
}: Omit<Findings, 'machine' | 'means'>): string {
  return `${goalTable(judge(summaries, sampling))}\n\n${rateTable(summaries)}\n`;
}

/** The findings as a page of Markdown. */
export function markdownPage({ machine, means, summaries, sampling }: Findings): string {
  const sections = [
    ['Goals', goalTable(judge(summaries, sampling))],
    ['Rates', rateTable(summaries)],
    ['Start', startTable(summaries)],
    ['Through the server', serverTable(summaries)],
    ['On the path', pathTable(summaries)],
    ['What it takes', costTable(summaries)],
    ['What sampling takes', samplingTable(sampling)],
  ] as const;
  const shown = sections.filter(([, text]) => text !== '');
  return [
    '# Results of the benchmark',
    'Made by `npm run bench`; [README.md](../README.md) says how each number is measured. Medians, and in brackets the least and the most.',
    machineText(machine, means),
    '![Rates of Onehop and of other ways](results.svg)',
    ...shown.map(([title, text]) => `## ${title}\n\n${text}`),
  ]
    .join('\n\n')
    .concat('\n');
}

function machineText(machine: Machine, means: string): string {
  const { processor, processors, memoryGib, kernel, browser, node, congestionControl } = machine;
  return `${machine.date.slice(0, 10)}, commit ${machine.commit}. ${processors} processors (${processor}), ${memoryGib} GiB, ${kernel}, ${browser}, Node ${node}. TCP with ${congestionControl}. Lines emulated by ${means}. Both browsers, the lines and the servers share the processors.`;
}

function goalTable(results: readonly GoalResult[]): string {
  const measured = results.filter((result) => result.measured !== null);
  if (measured.length === 0) return '';
  return markdownTable(
    ['', 'goal', 'measured', 'met'],
    measured.map(({ goal, measured, met }) => [
      goal.title,
      `${goal.sense === 'at-least' ? '≥' : '≤'} ${goal.wanted}`,
      digits(measured ?? 0),
      met === true ? 'yes' : '**no**',
    ]),
  );
}

/** A row for each profile, in MB/s. */
function rateTable(summaries: readonly Summary[]): string {
  const variants = VARIANTS.filter((name) => summaries.some(({ variant }) => variant === name));
  const profiles = [...new Set(summaries.map(({ profile }) => profile))];
  return markdownTable(
    ['MB/s', ...variants.map((name) => VARIANT_NAMES[name]), 'Onehop uses of the path'],
    profiles.map((profile) => {
      const own = summaries.filter((summary) => summary.profile === profile);
      const rates = variants.map((name) => rateText(own.find(({ variant }) => variant === name)));
      const share = own.find(({ variant }) => variant === 'onehop')?.share ?? null;
      return [profile.title, ...rates, share === null ? '' : `${digits(share.median * 100)} %`];
    }),
  );
}

function rateText(summary: Summary | undefined): string {
  if (summary === undefined) return '';
  const failed = summary.failed === 0 ? '' : `, ${summary.failed} failed`;
  return `${spreadText(summary.rate)}${failed}`;
}

/** What happened to the packets. */
function pathTable(summaries: readonly Summary[]): string {
  const emulated = summaries.filter(({ profile }) => profile.lines !== null);
  if (emulated.length === 0) return '';
  return markdownTable(
    [
      '',
      '',
      'lanes at the end',
      'bytes sent for each byte',
      'wait at the bottleneck, ms',
      'dropped at the receiver',
    ],
    emulated.map((summary) => [
      summary.profile.title,
      VARIANT_NAMES[summary.variant],
      spreadText(summary.lanes),
      spreadText(summary.sentPerByte),
      spreadText(summary.queueMs),
      spreadText(summary.dropped),
    ]),
  );
}

/** How soon something comes after the click on Receive: within two round trips and 50 ms, on a warm connection. */
function startTable(summaries: readonly Summary[]): string {
  const known = summaries.flatMap(({ profile, variant, firstByteMs }) =>
    variant === 'onehop' && firstByteMs !== null && profile.lines !== null
      ? [{ profile, firstByteMs, goal: 2 * roundTripMs(profile.lines) + START_MS }]
      : [],
  );
  if (known.length === 0) return '';
  return markdownTable(
    ['first byte', 'goal, ms', 'measured, ms', 'met'],
    known.map(({ profile, firstByteMs, goal }) => [
      profile.title,
      `≤ ${goal}`,
      spreadText(firstByteMs),
      firstByteMs.median <= goal ? 'yes' : '**no**',
    ]),
  );
}

/** The two hops of what goes through a server. */
function serverTable(summaries: readonly Summary[]): string {
  const hops = summaries.flatMap(({ profile, variant, halves }) =>
    halves === null ? [] : [{ profile, variant, halves }],
  );
  if (hops.length === 0) return '';
  return markdownTable(
    ['', '', 'up, s', 'down, s', 'receiver later than the server, s'],
    hops.map(({ profile, variant, halves }) => [
      profile.title,
      VARIANT_NAMES[variant],
      spreadText(halves.up),
      spreadText(halves.down),
      spreadText(halves.lag),
    ]),
  );
}

/** Processor time and memory, on the loopback. */
function costTable(summaries: readonly Summary[]): string {
  const watched = summaries.filter(({ profile }) => profile.lines === null && profile.withMemory);
  if (watched.length === 0) return '';
  const mb = (summary: Summary, side: 'sender' | 'receiver', whose: 'all' | 'renderers'): string =>
    spreadText(summary.peakBytes[side][whose], 1 / 1e6);
  return markdownTable(
    [
      '',
      '',
      'processor seconds a GB',
      'of them in its renderers',
      'memory at most, MB',
      'of it in its renderers',
    ],
    watched.flatMap((summary) =>
      (['sender', 'receiver'] as const).map((side) => [
        `${summary.profile.title}: ${VARIANT_NAMES[summary.variant]}`,
        side,
        spreadText(summary.cpu[side].all),
        spreadText(summary.cpu[side].renderers),
        mb(summary, side, 'all'),
        mb(summary, side, 'renderers'),
      ]),
    ),
  );
}
