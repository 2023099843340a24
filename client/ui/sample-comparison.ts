import type { CompareProgress, CompareStep, Together } from '../compare/compare-state.ts';
import type {
  CompareMethod,
  Comparison,
  ComparePlan,
  FinishedRun,
  Run,
  RunSample,
} from '../compare/comparison.ts';

const BYTES = 50_000_000;

export const SAMPLE_PLAN = {
  subject: { type: 'generated', bytes: BYTES, files: 1 },
  methods: ['direct', 'stored', 'streamed'],
  skipped: [{ method: 'relayed', reason: 'no-relay' }],
  rounds: 3,
} as const satisfies ComparePlan;

/** For tests: bytes that came in evenly, a little slower in the beginning. */
function sampleSamples(ms: number, startMs: number): readonly RunSample[] {
  const count = 24;
  return Array.from({ length: count + 1 }, (_, index) => {
    const share = index / count;
    return {
      atMs: startMs + share * ms,
      bytes: Math.round(BYTES * share ** 1.15),
    };
  });
}

interface SampleTimes {
  readonly uploadMs?: number;
  readonly connectMs?: number;
  readonly transferMs: number;
}

/** For tests: a run that took as long. */
export function sampleFinished(method: CompareMethod, times: SampleTimes): FinishedRun {
  const { uploadMs = null, connectMs = 180, transferMs } = times;
  const [firstByteMs, verifyMs] = [60, 12];
  const isDirect = method === 'direct';
  const hasLanes = isDirect || method === 'relayed';
  return {
    type: 'done',
    times: {
      totalMs: (uploadMs ?? 0) + connectMs + firstByteMs + transferMs + verifyMs,
      uploadMs,
      connectMs,
      firstByteMs,
      transferMs,
      verifyMs,
    },
    serverBytes: isDirect ? 0 : 2 * BYTES,
    uplinkBytes: BYTES,
    path: hasLanes ? (isDirect ? 'direct' : 'relayed') : null,
    roundTripMs: hasLanes ? 8.4 : null,
    lanes: hasLanes ? 4 : 0,
    samples: [...sampleSamples(transferMs, connectMs + firstByteMs)],
    uploadSamples: uploadMs === null ? [] : [...sampleSamples(uploadMs, 0)],
    sinkBusy: 0.2,
    receiverBusy: 0.1,
    senderBusy: 0.1,
  };
}

/** For tests: three rounds of three methods, of which direct is the fastest. */
export const SAMPLE_RUNS: readonly Run[] = [
  sampleRun(0, 'direct', { transferMs: 2_050 }),
  sampleRun(0, 'stored', { uploadMs: 2_240, transferMs: 1_480, connectMs: 40 }),
  sampleRun(0, 'streamed', { transferMs: 2_750, connectMs: 40 }),
  sampleRun(1, 'stored', { uploadMs: 2_310, transferMs: 1_510, connectMs: 42 }),
  sampleRun(1, 'streamed', { transferMs: 2_910, connectMs: 38 }),
  sampleRun(1, 'direct', { transferMs: 1_990 }),
  sampleRun(2, 'streamed', { transferMs: 2_800, connectMs: 41 }),
  sampleRun(2, 'direct', { transferMs: 2_120 }),
  sampleRun(2, 'stored', { uploadMs: 2_390, transferMs: 1_450, connectMs: 44 }),
];

/** For tests: a finished run of a round. */
export function sampleRun(round: number, method: CompareMethod, times: SampleTimes): Run {
  return { round, method, outcome: sampleFinished(method, times) };
}

/** For tests: round trips around so many milliseconds. */
function sampleTrips(ms: number): number[] {
  return Array.from(
    { length: 50 },
    (_, index) => ms * (0.9 + (0.3 * ((index * 7) % 50) ** 2) / 2500),
  );
}

export const SAMPLE_COMPARISON: Comparison = {
  version: 1,
  id: 'q1Zk3m0bVw9cD4yR',
  at: Date.UTC(2026, 10, 28, 9, 30),
  plan: {
    ...SAMPLE_PLAN,
    methods: [...SAMPLE_PLAN.methods],
    skipped: [...SAMPLE_PLAN.skipped],
  },
  runs: [...SAMPLE_RUNS],
  hellos: [
    { way: 'server', roundTripsMs: sampleTrips(11) },
    { way: 'through-server', roundTripsMs: sampleTrips(24) },
    { way: 'peer', roundTripsMs: sampleTrips(8) },
  ],
  predictions: [
    { method: 'direct', expectedMs: 2_200, probedMs: 2_100, lowMs: 1_800, highMs: 2_700 },
    { method: 'stored', expectedMs: 3_100, probedMs: 3_000, lowMs: 2_700, highMs: 3_500 },
  ],
  stopped: false,
  root: null,
  sender: 'Mozilla/5.0 Chrome/141',
  receiver: 'Mozilla/5.0 Firefox/140',
};

/** For tests: what of it was there after so many runs. */
export function sampleComparison(runs: number, change: Partial<Comparison> = {}): Comparison {
  return { ...SAMPLE_COMPARISON, runs: SAMPLE_COMPARISON.runs.slice(0, runs), ...change };
}

/** For tests: some runs failed, one method never ran, and Hello was not answered everywhere. */
export const SAMPLE_TROUBLED: Comparison = {
  ...SAMPLE_COMPARISON,
  id: 'troubledtroubled',
  at: Date.UTC(2026, 10, 27, 18, 5),
  plan: { ...SAMPLE_COMPARISON.plan, subject: { type: 'files', bytes: BYTES, files: 12 } },
  runs: [
    ...SAMPLE_COMPARISON.runs.filter(
      ({ method, round }) => method !== 'streamed' && !(method === 'direct' && round === 1),
    ),
    { round: 1, method: 'direct', outcome: { type: 'failed', reason: 'connection-lost' } },
    { round: 0, method: 'streamed', outcome: { type: 'failed', reason: 'server-storage-full' } },
  ],
  hellos: [
    { way: 'server', roundTripsMs: sampleTrips(11) },
    { way: 'peer', roundTripsMs: [] },
  ],
  stopped: true,
};

/** For tests: nothing has been written, and a lane is up. */
export const SAMPLE_TOGETHER: Together = { messages: [], peerUp: true };

/** For tests: a conversation, of which the last word has not arrived. */
export const SAMPLE_TALK: Together = {
  peerUp: true,
  messages: [
    {
      from: 'other',
      text: 'Hello! Is this the right page?',
      way: 'through-server',
      delivered: true,
    },
    { from: 'me', text: 'It is. Press Take part.', way: 'peer', delivered: true },
    {
      from: 'me',
      text: 'https://example.org/a/very/long/address/that/does/not/break/anywhere/at/all',
      way: 'peer',
      delivered: false,
    },
  ],
};

/** For tests: five runs are done, and a sixth is on its way. */
export function sampleCompareProgress(
  step: CompareStep = {
    type: 'run',
    method: 'streamed',
    round: 1,
    leg: 'whole',
    fraction: 0.4,
  },
  runs = 4,
): CompareProgress {
  return { comparison: sampleComparison(runs), step, fraction: 0.52, leftMs: 14_200 };
}
