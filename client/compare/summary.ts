import {
  COMPARE_METHODS,
  type CompareMethod,
  type Comparison,
  type FinishedRun,
  HELLO_WAYS,
  type HelloWay,
  type SkippedMethod,
} from './comparison.ts';
import { finishedRuns, methodOf, rateOf, totalsOf } from './finished-runs.ts';
import { median, quantile, spread } from './statistics.ts';

/** A row of the table **Transfer comparison**. Medians are over the finished runs; null where there are none. */
export interface MethodRow {
  readonly method: CompareMethod;
  readonly finished: number;
  readonly failed: number;
  /** why runs failed, each reason once */
  readonly failures: readonly string[];
  /** how many runs asked for this way went through a relay and are counted there: of direct only */
  readonly wentRelayed: number;
  /** milliseconds */
  readonly medianMs: number | null;
  /** half the range of the total times over their median; null where there are not two runs */
  readonly spread: number | null;
  /** all bytes over the median time */
  readonly bytesPerSecond: number | null;
  /** milliseconds from the beginning of everything, an upload that came first included, to the receiver's first byte */
  readonly firstByteMs: number | null;
  /** bytes of the files in and out of the server */
  readonly serverBytes: number | null;
  /** bytes up from the sender */
  readonly uplinkBytes: number | null;
  readonly worksWithoutSender: boolean;
  /** in words */
  readonly serverSees: string;
}

/** How long a Hello took there and back, in milliseconds. */
export interface HelloRow {
  readonly way: HelloWay;
  readonly exchanges: number;
  /** null where it could not be said that way */
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
}

/** A comparison as a table. */
export interface Summary {
  /** in the order of `COMPARE_METHODS`: every method that was planned, and what runs turned out to be */
  readonly methods: readonly MethodRow[];
  /** planned for, but not possible here */
  readonly skipped: readonly SkippedMethod[];
  /** in the order of `HELLO_WAYS`: those that were tried */
  readonly hellos: readonly HelloRow[];
}

const SEES_MEETING = 'that you two met, when, and your addresses';
const SEES_UPLOAD =
  'size, times, addresses and number of downloads; contents and names are sealed with a key that it does not have';

/** What the server can see of files that go each way. */
export const SERVER_SEES: Readonly<Record<CompareMethod, string>> = {
  direct: `${SEES_MEETING}; not a byte of the files`,
  relayed: `${SEES_MEETING}; its relay, the size and timing of the encrypted stream`,
  stored: SEES_UPLOAD,
  streamed: SEES_UPLOAD,
};

/** The table of a comparison, whatever has been done of it. */
export function summarize(comparison: Comparison): Summary {
  const { plan, hellos } = comparison;
  const finished = new Map(finishedRuns(comparison).map(({ method, runs }) => [method, runs]));
  return {
    methods: COMPARE_METHODS.filter(
      (method) => plan.methods.includes(method) || finished.has(method),
    ).map((method) => methodRow(comparison, method, finished.get(method) ?? [])),
    skipped: plan.skipped,
    hellos: HELLO_WAYS.flatMap((way) => {
      const said = hellos.filter((hello) => hello.way === way);
      return said.length === 0
        ? []
        : [
            helloRow(
              way,
              said.flatMap((hello) => hello.roundTripsMs),
            ),
          ];
    }),
  };
}

function methodRow(
  { plan, runs }: Comparison,
  method: CompareMethod,
  finished: readonly FinishedRun[],
): MethodRow {
  const totals = totalsOf(finished);
  const medianMs = median(totals);
  const asked = runs.filter((run) => run.method === method).map(({ outcome }) => outcome);
  const failures = asked.flatMap((outcome) => (outcome.type === 'failed' ? [outcome.reason] : []));
  return {
    method,
    finished: finished.length,
    failed: failures.length,
    failures: [...new Set(failures)],
    wentRelayed: asked.filter(
      (outcome) => outcome.type === 'done' && methodOf(method, outcome) !== method,
    ).length,
    medianMs,
    spread: spread(totals),
    bytesPerSecond: medianMs === null ? null : rateOf(plan.subject.bytes, medianMs),
    firstByteMs: median(
      finished.map(({ times }) => (times.uploadMs ?? 0) + times.connectMs + times.firstByteMs),
    ),
    serverBytes: median(finished.map(({ serverBytes }) => serverBytes)),
    uplinkBytes: median(finished.map(({ uplinkBytes }) => uplinkBytes)),
    worksWithoutSender: method === 'stored',
    serverSees: SERVER_SEES[method],
  };
}

function helloRow(way: HelloWay, roundTripsMs: readonly number[]): HelloRow {
  return {
    way,
    exchanges: roundTripsMs.length,
    medianMs: median(roundTripsMs),
    p95Ms: quantile(roundTripsMs, 0.95),
  };
}
