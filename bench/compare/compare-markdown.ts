import { METHOD_NAMES } from '../../client/compare/method-words.ts';
import { LEAST_RATIO } from '../../client/compare/verdict.ts';
import { digits, markdownTable } from '../report/format.ts';
import type { Machine } from '../report/machine.ts';
import type { CompareProfile } from './compare-profiles.ts';
import { crossings } from './crossings.ts';
import { summarizeCrowds } from './crowd-summary.ts';
import {
  againstTcp,
  followed,
  followingCost,
  medianOf,
  methodsOf,
  pairsOf,
  runNoise,
  wayTimes,
} from './findings.ts';
import type { ComparedSize, CrowdRun } from './measured.ts';

/** Everything that was measured. */
export interface CompareMeasurements {
  readonly machine: Machine;
  /** what emulated the lines */
  readonly means: string;
  readonly profiles: readonly CompareProfile[];
  readonly compared: readonly ComparedSize[];
  readonly crowds: readonly CrowdRun[];
}

/** What the verdict's rule assumes that runs vary by. */
const ASSUMED_NOISE = 0.075;

/** The measurements as a page of Markdown. */
export function comparePage(measurements: CompareMeasurements): string {
  const {
    date,
    commit,
    processors,
    processor,
    memoryGib,
    kernel,
    browser,
    node,
    congestionControl,
  } = measurements.machine;
  return [
    '# Which way is the fastest',
    'Made by `npm run bench -- compare`; [README.md](../../README.md) says how. The page /compare measured and judged; its own export is in [results.json](results.json).',
    `${date.slice(0, 10)}, commit ${commit}. ${processors} processors (${processor}), ${memoryGib} GiB, ${kernel}, ${browser}, Node ${node}. TCP with ${congestionControl}. Lines emulated by ${measurements.means}. All browsers, the lines and the server share the processors.`,
    '![Time by size, for each way](results.svg)',
    compareTables(measurements),
  ]
    .join('\n\n')
    .concat('\n');
}

/** The tables alone. */
export function compareTables(measurements: CompareMeasurements): string {
  const sections = [
    ['By size', sizeTable(measurements)],
    ['Where the ways cross over', crossingList(measurements)],
    ['How much runs vary', noiseTable(measurements)],
    ['What following the prediction would have cost', predictionText(measurements)],
    ['Several receivers at once', crowdTable(measurements)],
  ] as const;
  return sections
    .filter(([, text]) => text !== '')
    .map(([title, text]) => `## ${title}\n\n${text}`)
    .join('\n\n');
}

/** The comparisons of a profile. */
function within(
  { compared }: CompareMeasurements,
  { id }: CompareProfile,
): readonly ComparedSize[] {
  return compared.filter(({ profile }) => profile === id);
}

function sizeTable(measurements: CompareMeasurements): string {
  const { compared, profiles } = measurements;
  if (compared.length === 0) return '';
  const methods = methodsOf(compared);
  const rows = profiles.flatMap((profile) =>
    within(measurements, profile).map((one) => {
      const { comparison, tcp, bytes, failure, verdict } = one;
      const times = wayTimes(comparison);
      const against = againstTcp(one);
      const chosen = followed(one);
      return [
        profile.title,
        sizeWords(bytes),
        ...methods.map((method) => {
          const way = times.find((time) => time.method === method);
          return way === undefined ? '–' : spread(way);
        }),
        verdict ?? `failed: ${failure}`,
        tcp === null ? '' : `${digits(tcp.path)} (${digits(tcp.up)}, ${digits(tcp.down)})`,
        numberOr(against?.direct),
        numberOr(against?.stored),
        chosen === null
          ? ''
          : `${(chosen.took / chosen.best).toFixed(2)} (${METHOD_NAMES[chosen.method]})`,
      ];
    }),
  );
  return [
    'Seconds: the median, and in brackets the least and the most. TCP: one plain connection with as many bytes from sender to receiver (in brackets: from the sender to where the server is, and from there to the receiver).',
    markdownTable(
      [
        '',
        'size',
        ...methods.map((method) => METHOD_NAMES[method]),
        'the page’s verdict',
        'TCP',
        'direct ÷ TCP',
        'stored ÷ (bytes/up + bytes/down)',
        'following the prediction ÷ the best way',
      ],
      rows,
    ),
  ].join('\n\n');
}

function spread({ median, min, max }: { median: number; min: number; max: number }): string {
  return min === max ? digits(median) : `${digits(median)} (${digits(min)} to ${digits(max)})`;
}

function numberOr(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : value.toFixed(2);
}

function sizeWords(bytes: number): string {
  return bytes >= 1e9 ? `${digitsOf(bytes / 1e9)} GB` : `${digitsOf(bytes / 1e6)} MB`;
}

/** `1`, `10`, `2.3`. */
function digitsOf(value: number): string {
  return String(Number(value.toPrecision(2)));
}

function crossingList(measurements: CompareMeasurements): string {
  return measurements.profiles
    .flatMap((profile) => {
      const own = within(measurements, profile);
      return pairsOf(own).map(([one, other]) => {
        const names = `${METHOD_NAMES[one]} and ${METHOD_NAMES[other]}`;
        const found = crossings(own, one, other).map(
          ({ bytes, below, above, sure }) =>
            `at about ${sizeWords(bytes)} (${METHOD_NAMES[below]} is faster below, ${METHOD_NAMES[above]} above${sure ? '' : '; but runs vary by more than that'})`,
        );
        const words = found.length > 0 ? found.join(', ') : alwaysWords(own, one, other);
        return `- ${profile.title}: ${names} ${words}.`;
      });
    })
    .join('\n');
}

/** Two ways that do not cross over. */
function alwaysWords(
  own: readonly ComparedSize[],
  one: Parameters<typeof medianOf>[1],
  other: Parameters<typeof medianOf>[1],
): string {
  const ratios = own.flatMap(({ comparison }) => {
    const [first, second] = [medianOf(comparison, one), medianOf(comparison, other)];
    return first === null || second === null ? [] : [second / first];
  });
  const close = ratios.every((ratio) => Math.max(ratio, 1 / ratio) < LEAST_RATIO);
  if (close) return 'do not cross over: they are as fast as each other at every size';
  const faster = ratios.every((ratio) => ratio >= 1) ? one : other;
  return `do not cross over: ${faster === null ? 'neither' : METHOD_NAMES[faster]} is faster at every size`;
}

function noiseTable(measurements: CompareMeasurements): string {
  const { compared, profiles } = measurements;
  const overall = runNoise(compared);
  if (overall === null) return '';
  const methods = methodsOf(compared);
  const cells = (own: readonly ComparedSize[]): readonly string[] =>
    [null, ...methods].map((method) => {
      const noise = runNoise(own, method);
      return noise === null ? '' : `${digits(noise.deviation * 100)} %`;
    });
  return [
    `The standard deviation of the logarithm of the times of one way in one comparison, pooled (${overall.freedom} degrees of freedom in all). The verdict’s rule assumes ${ASSUMED_NOISE * 100} %.`,
    markdownTable(
      ['', 'all ways', ...methods.map((method) => METHOD_NAMES[method])],
      [
        ...profiles.map((profile) => [profile.title, ...cells(within(measurements, profile))]),
        ...sizesIn(compared).map((bytes) => [
          sizeWords(bytes),
          ...cells(compared.filter((one) => one.bytes === bytes)),
        ]),
        ['all', ...cells(compared)],
      ],
    ),
  ].join('\n\n');
}

function sizesIn(compared: readonly ComparedSize[]): readonly number[] {
  return [...new Set(compared.map(({ bytes }) => bytes))].toSorted((one, other) => one - other);
}

function predictionText({ compared, profiles }: CompareMeasurements): string {
  const row = (title: string, own: readonly ComparedSize[]): readonly (readonly string[])[] => {
    const cost = followingCost(own);
    if (cost === null) return [];
    const percent = (share: number): string => `${digits(share * 100)} %`;
    const { comparisons, median, mean, worst, inAll } = cost;
    return [
      [title, String(comparisons), percent(median), percent(mean), percent(worst), percent(inAll)],
    ];
  };
  const rows = [
    ...profiles.flatMap(({ id, title }) =>
      row(
        title,
        compared.filter((one) => one.profile === id),
      ),
    ),
    ...row('all', compared),
  ];
  if (rows.length === 0) return '';
  return [
    'By how much longer the way that the page’s prediction called the fastest took than the best way of the same comparison, by medians. Every comparison was a browser’s first, so that nothing was learned of earlier ones.',
    markdownTable(['', 'comparisons', 'median', 'mean', 'at worst', 'of all time together'], rows),
  ].join('\n\n');
}

function crowdTable({ crowds, profiles }: CompareMeasurements): string {
  const summaries = summarizeCrowds(crowds);
  const [first] = summaries;
  if (first === undefined) return '';
  const titleOf = (id: string): string => profiles.find((one) => one.id === id)?.title ?? id;
  return [
    `A file of ${sizeWords(first.bytes)} by the ordinary page to so many receivers who press Receive at once: seconds until the last has verified everything, and what went in and out of the server (pages and signaling included). Through the server, the upload (in brackets) comes first.`,
    markdownTable(
      [
        '',
        'receivers',
        'direct, s',
        'through the server, s',
        'server’s MB, direct',
        'server’s MB, through it',
      ],
      summaries.map(({ profile, receivers, ways: { direct, server } }) => [
        titleOf(profile),
        String(receivers),
        secondsWords(direct),
        `${secondsWords(server)}${server.upSeconds === null ? '' : ` (${digits(server.upSeconds)})`}`,
        megabytes(direct.serverBytes),
        megabytes(server.serverBytes),
      ]),
    ),
  ].join('\n\n');
}

function secondsWords({
  seconds,
  failed,
  runs,
}: {
  seconds: number | null;
  failed: number;
  runs: number;
}): string {
  const words = seconds === null ? '–' : digits(seconds);
  return failed === 0 ? words : `${words}, ${failed} of ${runs} failed`;
}

function megabytes(bytes: number | null): string {
  return bytes === null ? '–' : digits(bytes / 1e6);
}
