import * as v from 'valibot';

/**
 * The ways that are compared: straight across, straight across through a relay (TURN), from a finished upload, and
 * from the server while it is uploaded.
 */
export const COMPARE_METHODS = ['direct', 'relayed', 'stored', 'streamed'] as const;

/** Checks that a value from outside is one. */
export const compareMethodSchema = v.picklist(COMPARE_METHODS);

/** One of `COMPARE_METHODS`. */
export type CompareMethod = v.InferOutput<typeof compareMethodSchema>;

/** Whether a way's bytes go into the server and out of it again; else they go over lanes. */
export function isByServer(method: CompareMethod): boolean {
  return method === 'stored' || method === 'streamed';
}

/** The fewest and the most rounds of a comparison, and how many it has where nobody says. */
export const MIN_ROUNDS = 1;
export const MAX_ROUNDS = 10;
export const DEFAULT_ROUNDS = 3;

/** No run keeps more samples than this. */
export const MAX_RUN_SAMPLES = 240;
/** How many exchanges Hello is measured by, each way. */
export const HELLO_EXCHANGES = 50;

/** Milliseconds of one clock. */
const ms = v.pipe(v.number(), v.finite(), v.minValue(0));
const bytes = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Of a whole: 0 to 1. */
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const shortText = v.pipe(v.string(), v.maxLength(300));

/** How far a run was: so many bytes after so many milliseconds of its own clock. */
export const runSampleSchema = v.strictObject({ atMs: ms, bytes });
export type RunSample = v.InferOutput<typeof runSampleSchema>;
const samples = v.pipe(v.array(runSampleSchema), v.maxLength(MAX_RUN_SAMPLES));

/**
 * Where the time of a run went. Each interval was measured by one clock from its beginning to its end. `totalMs` is what
 * a user waits: `uploadMs` (where the upload came first) and then everything on the receiver's side.
 */
export const runTimesSchema = v.strictObject({
  totalMs: ms,
  /** the sender's clock: all of the upload; null where none came first */
  uploadMs: v.nullable(ms),
  /** the receiver's clock: from the beginning until there was something to ask */
  connectMs: ms,
  /** the receiver's clock: from there to the first byte */
  firstByteMs: ms,
  /** the receiver's clock: from there until every byte was verified in its sink */
  transferMs: ms,
  /** the receiver's clock: from there until both sides had the same hash over everything */
  verifyMs: ms,
});
export type RunTimes = v.InferOutput<typeof runTimesSchema>;

/** What came of a run that was finished. */
export const finishedRunSchema = v.strictObject({
  type: v.literal('done'),
  times: runTimesSchema,
  /** bytes of the files that passed through the server, in and out of it */
  serverBytes: bytes,
  /** bytes that went up from the sender */
  uplinkBytes: bytes,
  /** how the lanes went; null where there were none, or where that cannot be told */
  path: v.nullable(v.picklist(['direct', 'local-network', 'relayed'])),
  /** of a ping over the lanes; null where there were none */
  roundTripMs: v.nullable(ms),
  /** the most lanes that were up */
  lanes: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** the receiver's verified bytes, from its beginning on */
  samples,
  /** the sender's acknowledged bytes, where the upload came first */
  uploadSamples: samples,
  /** of the transfer's time: when the receiver's sink had something to check or write */
  sinkBusy: share,
  /** of the transfer's time: when the receiver's page could not answer at once; null where that was not measured */
  receiverBusy: v.nullable(share),
  /** the same of the sender's page */
  senderBusy: v.nullable(share),
});
export type FinishedRun = v.InferOutput<typeof finishedRunSchema>;

/** What came of a run. */
export const runOutcomeSchema = v.variant('type', [
  finishedRunSchema,
  v.strictObject({ type: v.literal('failed'), reason: shortText }),
]);
export type RunOutcome = v.InferOutput<typeof runOutcomeSchema>;

/** One transfer of a comparison. */
export const runSchema = v.strictObject({
  /** from 0 */
  round: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(MAX_ROUNDS - 1)),
  method: compareMethodSchema,
  outcome: runOutcomeSchema,
});
export type Run = v.InferOutput<typeof runSchema>;

/** Who answers a Hello: the server itself, the other side through the server, or the other side over a lane. */
export const HELLO_WAYS = ['server', 'through-server', 'peer'] as const;
export const helloWaySchema = v.picklist(HELLO_WAYS);
export type HelloWay = v.InferOutput<typeof helloWaySchema>;

/** The round trips of one way's Hellos; none where it could not be said that way. */
export const helloSchema = v.strictObject({
  way: helloWaySchema,
  roundTripsMs: v.pipe(v.array(ms), v.maxLength(HELLO_EXCHANGES)),
});
export type Hello = v.InferOutput<typeof helloSchema>;

/** Why a method was not tried. */
export const SKIP_REASONS = ['uploads-off', 'no-relay'] as const;
export const skippedMethodSchema = v.strictObject({
  method: compareMethodSchema,
  reason: v.picklist(SKIP_REASONS),
});
export type SkippedMethod = v.InferOutput<typeof skippedMethodSchema>;

/** What is sent, and how often. */
export const comparePlanSchema = v.strictObject({
  subject: v.strictObject({
    type: v.picklist(['generated', 'files']),
    bytes,
    files: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  }),
  methods: v.pipe(
    v.array(compareMethodSchema),
    v.minLength(1),
    v.maxLength(COMPARE_METHODS.length),
  ),
  skipped: v.pipe(v.array(skippedMethodSchema), v.maxLength(COMPARE_METHODS.length)),
  rounds: v.pipe(v.number(), v.safeInteger(), v.minValue(MIN_ROUNDS), v.maxValue(MAX_ROUNDS)),
});
export type ComparePlan = v.InferOutput<typeof comparePlanSchema>;

/** What a method was expected to take, and what it took. Milliseconds; `low` to `high` is meant to hold four times in five. */
export const predictionSchema = v.strictObject({
  method: compareMethodSchema,
  expectedMs: ms,
  /** what the probe alone says, before it is corrected by how far off earlier ones were */
  probedMs: ms,
  lowMs: ms,
  highMs: ms,
});
export type Prediction = v.InferOutput<typeof predictionSchema>;

/** A comparison with all that was measured: what is shown, kept and exported. */
export const comparisonSchema = v.strictObject({
  version: v.literal(1),
  /** 96 random bits, base64url */
  id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{16}$/)),
  /** when it began: milliseconds since 1970 */
  at: ms,
  plan: comparePlanSchema,
  /** in the order in which they were made */
  runs: v.pipe(v.array(runSchema), v.maxLength(MAX_ROUNDS * COMPARE_METHODS.length)),
  hellos: v.pipe(v.array(helloSchema), v.maxLength(HELLO_WAYS.length)),
  predictions: v.pipe(v.array(predictionSchema), v.maxLength(COMPARE_METHODS.length)),
  /** whether it was stopped before its plan was through */
  stopped: v.boolean(),
  /** the hash over everything, base64url, as the receiver had it after each run; null before the first is done */
  root: v.nullable(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/))),
  /** `navigator.userAgent` of both */
  sender: shortText,
  receiver: shortText,
});
export type Comparison = v.InferOutput<typeof comparisonSchema>;
