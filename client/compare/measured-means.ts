import type { CompareMethod, Comparison, FinishedRun } from './comparison.ts';
import { finishedRuns, rateOf, totalsOf } from './finished-runs.ts';
import { median } from './statistics.ts';

/** What a method's finished runs measured, in the middle. Milliseconds, bytes per second, shares from 0 to 1. */
export interface MethodMeans {
  readonly method: CompareMethod;
  readonly totalMs: number;
  /** connecting and waiting for the first byte, on the receiver's side */
  readonly startMs: number;
  readonly transferMs: number;
  /** of what was measured on the receiver's side, from the first byte on; null where there was no time to speak of */
  readonly rate: number | null;
  /** of the upload that came first; null where none did */
  readonly uploadRate: number | null;
  /** of a ping the same way; of stored and streamed, of Hello to the server; null where it was not measured */
  readonly roundTripMs: number | null;
  /** how many times as long the first half of the bytes took as the second; null where samples do not say */
  readonly firstHalf: number | null;
  readonly sinkBusy: number;
  readonly senderBusy: number | null;
  readonly receiverBusy: number | null;
  /** how all of the runs went; null where they differ, or where it is not known */
  readonly path: FinishedRun['path'];
}

/** The middle of what each method measured; methods without finished runs are not there. */
export function measuredMeans(comparison: Comparison): ReadonlyMap<CompareMethod, MethodMeans> {
  const { bytes } = comparison.plan.subject;
  return new Map(
    finishedRuns(comparison).map(({ method, runs }) => {
      const middle = (of: (run: FinishedRun) => number | null) =>
        median(runs.flatMap((run) => of(run) ?? []));
      const paths = new Set(runs.map(({ path }) => path));
      const means: MethodMeans = {
        method,
        totalMs: median(totalsOf(runs)) ?? 0,
        startMs: middle(({ times }) => times.connectMs + times.firstByteMs) ?? 0,
        transferMs: middle(({ times }) => times.transferMs) ?? 0,
        rate: middle(({ times }) => rateOf(bytes, times.transferMs)),
        uploadRate: middle(({ times }) => rateOf(bytes, times.uploadMs ?? 0)),
        roundTripMs: middle(({ roundTripMs }) => roundTripMs) ?? helloOf(comparison, method),
        firstHalf: middle(firstHalfOf),
        sinkBusy: middle(({ sinkBusy }) => sinkBusy) ?? 0,
        senderBusy: middle(({ senderBusy }) => senderBusy),
        receiverBusy: middle(({ receiverBusy }) => receiverBusy),
        path: paths.size === 1 ? (runs[0]?.path ?? null) : null,
      };
      return [method, means] as const;
    }),
  );
}

/** The round trip that Hello measured on the way that a method takes; a relay's is not Hello's. */
function helloOf({ hellos }: Comparison, method: CompareMethod): number | null {
  if (method === 'relayed') return null;
  const way = method === 'direct' ? 'peer' : 'server';
  return median(hellos.find((hello) => hello.way === way)?.roundTripsMs ?? []);
}

/** Fewer samples do not say when half of the bytes were there. */
const LEAST_SAMPLES = 5;

function firstHalfOf({ times, samples }: FinishedRun): number | null {
  const last = samples.at(-1);
  if (last === undefined || samples.length < LEAST_SAMPLES) return null;
  const half = samples.find(({ bytes }) => bytes >= last.bytes / 2);
  const first = (half?.atMs ?? 0) - times.connectMs - times.firstByteMs;
  const second = last.atMs - (half?.atMs ?? 0);
  return first > 0 && second > 0 ? first / second : null;
}
