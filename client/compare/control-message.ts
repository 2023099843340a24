import * as v from 'valibot';
import { base64url } from '../../signaling/protocol/base64url.ts';
import {
  MAX_RUN_SAMPLES,
  comparePlanSchema,
  compareMethodSchema,
  comparisonSchema,
  helloWaySchema,
  runSampleSchema,
  runSchema,
} from './comparison.ts';
import { legProbeSchema } from './prediction.ts';
import { runFailureSchema } from './run-failures.ts';

/** How long the random name of a page is: a reload makes another one. */
export const PAGE_ID_BYTES = 12;

/** The longest text that can be said at once, in UTF-16 units. */
export const MAX_MESSAGE_LENGTH = 4_000;

/** No interval is longer: a year, in milliseconds. */
const ms = v.pipe(v.number(), v.minValue(0), v.maxValue(365 * 86_400_000));
/** Sums of a few are still exact. */
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(2 ** 50));
const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
/** Which run of this comparison; a probe is one too. */
const id = count;
const samples = v.pipe(v.array(runSampleSchema), v.maxLength(MAX_RUN_SAMPLES));

/** What the receiver's side of a run measured, by its own clock. */
export const receivedRunSchema = v.strictObject({
  connectMs: ms,
  firstByteMs: ms,
  transferMs: ms,
  verifyMs: ms,
  path: v.nullable(v.picklist(['direct', 'local-network', 'relayed'])),
  roundTripMs: v.nullable(ms),
  lanes: count,
  /** bytes that came, as they travelled */
  travelledBytes: count,
  samples,
  sinkBusy: fraction,
  busy: v.nullable(fraction),
  /** over everything that was received, base64url */
  root: base64url(32),
});
export type ReceivedRun = v.InferOutput<typeof receivedRunSchema>;

/** What is being done, as the guest's page shows it. */
export const stepSchema = v.variant('type', [
  v.strictObject({ type: v.literal('hello'), way: helloWaySchema }),
  v.strictObject({ type: v.literal('probe') }),
  v.strictObject({
    type: v.literal('run'),
    method: compareMethodSchema,
    round: count,
    leg: v.picklist(['upload', 'download', 'whole']),
    fraction,
  }),
]);

const { plan: _, runs: __, ...ending } = comparisonSchema.entries;

/** Everything that the two of a comparison say to each other. */
export const controlMessageSchema = v.variant('type', [
  /** both, first, and when they meet again: which browser it is, and which page of it */
  v.strictObject({
    type: v.literal('greet'),
    agent: v.pipe(v.string(), v.maxLength(300)),
    page: base64url(PAGE_ID_BYTES),
  }),
  /** host: will you take part in this? */
  v.strictObject({ type: v.literal('ask'), number: count, plan: comparePlanSchema }),
  /** guest */
  v.strictObject({ type: v.literal('answer'), number: count, agreed: v.boolean() }),
  /** host: get ready to receive the share with this secret; `began` answers */
  v.strictObject({
    type: v.literal('run'),
    id,
    method: compareMethodSchema,
    secret: base64url(16),
  }),
  /** guest: its clock runs */
  v.strictObject({ type: v.literal('began'), id }),
  /** host: the server has something of the share now; with `stored`, all of it */
  v.strictObject({ type: v.literal('go'), id }),
  /** guest: so many bytes are verified */
  v.strictObject({ type: v.literal('progress'), id, bytes: count }),
  v.strictObject({ type: v.literal('received'), id, run: receivedRunSchema }),
  /** guest: could not receive it */
  v.strictObject({
    type: v.literal('run-failed'),
    id,
    reason: runFailureSchema,
  }),
  /** host: probe your line from the server; and what came of it, null for nothing */
  v.strictObject({ type: v.literal('probe-line') }),
  v.strictObject({ type: v.literal('line-probed'), leg: v.nullable(legProbeSchema) }),
  /** host: it is given up */
  v.strictObject({ type: v.literal('drop'), id }),
  /** host: what it shows */
  v.strictObject({ type: v.literal('step'), step: stepSchema, fraction, leftMs: v.nullable(ms) }),
  /** host: what came of a run */
  v.strictObject({ type: v.literal('ran'), run: runSchema }),
  /** host: the comparison is over; everything but plan and runs, which the guest has */
  v.strictObject({ type: v.literal('over'), comparison: v.strictObject(ending) }),
  /** both: the other one is to stop as well */
  v.strictObject({ type: v.literal('stop') }),
  /** both: leaves for good */
  v.strictObject({ type: v.literal('bye') }),
  /** Hello, and the answer to it */
  v.strictObject({ type: v.literal('hello'), number: count }),
  v.strictObject({ type: v.literal('hello-back'), number: count }),
  /** a text for the other side's page, and that it is shown there */
  v.strictObject({
    type: v.literal('message'),
    number: count,
    text: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_MESSAGE_LENGTH)),
  }),
  v.strictObject({ type: v.literal('shown'), number: count }),
]);

/** One of them. */
export type ControlMessage = v.InferOutput<typeof controlMessageSchema>;

/** What a text from outside says; null where it is no message. */
export function parseControlMessage(text: string): ControlMessage | null {
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = v.safeParse(controlMessageSchema, value);
  return parsed.success ? parsed.output : null;
}
