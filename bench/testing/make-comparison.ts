import type { CompareMethod, Comparison, Prediction } from '../../client/compare/comparison.ts';
import type { ComparedSize } from '../compare/measured.ts';

/** The times of the runs of each way, in seconds. */
export type RunSeconds = Partial<Readonly<Record<CompareMethod, readonly number[]>>>;

/** A comparison with these times, of as many rounds as the first of its ways has. */
export function makeComparison(
  seconds: RunSeconds,
  bytes = 10e6,
  expected: RunSeconds = {},
): Comparison {
  const ways = (['direct', 'relayed', 'stored', 'streamed'] as const).filter(
    (method) => seconds[method] !== undefined,
  );
  const rounds = seconds[ways[0] ?? 'direct']?.length ?? 1;
  return {
    version: 1,
    id: 'abcdefghijklmnop',
    at: 1_795_000_000_000,
    plan: {
      subject: { type: 'generated', bytes, files: 1 },
      methods: [...ways],
      skipped: [],
      rounds,
    },
    runs: ways.flatMap((method) =>
      (seconds[method] ?? []).map((of, round) => ({
        round,
        method,
        outcome: { type: 'done' as const, ...done(of * 1000), serverBytes: 0, uplinkBytes: bytes },
      })),
    ),
    hellos: [],
    predictions: ways.flatMap((method) => predictionsOf(method, expected[method])),
    stopped: false,
    root: null,
    sender: 'Chromium',
    receiver: 'Chromium',
  };
}

function predictionsOf(method: CompareMethod, of: readonly number[] = []): Prediction[] {
  return of.map((seconds) => {
    const ms = seconds * 1000;
    return { method, expectedMs: ms, probedMs: ms, lowMs: ms / 1.1, highMs: ms * 1.1 };
  });
}

function done(totalMs: number) {
  return {
    times: {
      totalMs,
      uploadMs: null,
      connectMs: 10,
      firstByteMs: 10,
      transferMs: totalMs - 30,
      verifyMs: 10,
    },
    path: null,
    roundTripMs: null,
    lanes: 0,
    samples: [],
    uploadSamples: [],
    sinkBusy: 0,
    receiverBusy: null,
    senderBusy: null,
  };
}

/** A measured comparison, but for what is said of it. */
export function makeCompared(
  seconds: RunSeconds,
  said: Partial<ComparedSize> & { readonly expected?: RunSeconds } = {},
): ComparedSize {
  const { expected, ...rest } = said;
  const bytes = rest.bytes ?? 10e6;
  return {
    profile: 'loopback',
    bytes,
    comparison: makeComparison(seconds, bytes, expected),
    verdict: 'Direct was 1.8 times as fast as Stored (median of 3; spread 4 %).',
    tcp: null,
    serverBytes: 40e6,
    failure: null,
    ...rest,
  };
}
