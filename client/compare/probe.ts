import type { FinishedRun, Run, RunSample } from './comparison.ts';
import type { LegProbe, Probe } from './prediction.ts';

/** How much a probe sends each way, in bytes: enough to see a rate, little enough to be over soon. */
export const PROBE_BYTES = 1_000_000;

/** What small transfers tell of each way, for `predict`. @param bytes how much each of them sent */
export function probeOf(runs: readonly Run[], bytes: number): Probe {
  const done = new Map(
    runs.flatMap(({ method, outcome }) => (outcome.type === 'done' ? [[method, outcome]] : [])),
  );
  const whole = (run: FinishedRun | undefined) =>
    run === undefined ? null : legOf(receivedIn(run), bytes);
  const server = done.get('stored') ?? done.get('streamed');
  const direct = done.get('direct');
  return {
    // Where a lane took a relay by itself, nothing is known of the other way.
    direct: direct?.path === 'relayed' ? null : whole(direct),
    relayed: whole(done.get('relayed')) ?? (direct?.path === 'relayed' ? whole(direct) : null),
    upload: server === undefined ? null : uploadOf(server, bytes),
    download: whole(server),
  };
}

/** How long until bytes came, and then. */
interface Leg {
  readonly startMs: number;
  readonly restMs: number;
}

function receivedIn({ times }: FinishedRun): Leg {
  const { connectMs, firstByteMs, transferMs, verifyMs } = times;
  return { startMs: connectMs + firstByteMs, restMs: transferMs + verifyMs };
}

/** A streamed run has one clock over both legs: its upload is taken to be as fast as the whole. */
function uploadOf({ times, uploadSamples, ...run }: FinishedRun, bytes: number): LegProbe {
  if (times.uploadMs === null) return legOf(receivedIn({ times, uploadSamples, ...run }), bytes);
  const startMs = lastEmpty(uploadSamples);
  return legOf({ startMs, restMs: times.uploadMs - startMs }, bytes);
}

/** Until when nothing was acknowledged. */
function lastEmpty(samples: readonly RunSample[]): number {
  const first = samples.findIndex(({ bytes }) => bytes > 0);
  return first > 0 ? (samples[first - 1]?.atMs ?? 0) : 0;
}

/** One small transfer is one part: how much it varies is not known of it. */
function legOf({ startMs, restMs }: Leg, bytes: number): LegProbe {
  return { startMs, bytesPerSecond: (bytes * 1_000) / Math.max(1, restMs), noise: 0 };
}
