import * as v from 'valibot';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const milliseconds = v.pipe(v.number(), v.minValue(0));

const directionCountersSchema = v.strictObject({
  /** delivered */
  packets: count,
  bytes: count,
  /** at random, on the wire; null where the network does not tell: then `overflowed` counts them as well */
  lost: v.nullable(count),
  /** at the tail of the queue */
  overflowed: count,
  /** how long packets waited to be sent; null where the network does not tell */
  meanQueueMs: v.nullable(milliseconds),
  longestQueueMs: v.nullable(milliseconds),
});
/** What one direction of a line did. */
export type DirectionCounters = v.InferOutput<typeof directionCountersSchema>;

const lineCountersSchema = v.strictObject({
  up: directionCountersSchema,
  down: directionCountersSchema,
});
/** What the lines of both hosts did. */
export const lineCountersByHostSchema = v.object({
  sender: lineCountersSchema,
  receiver: lineCountersSchema,
});
export type LineCountersByHost = v.InferOutput<typeof lineCountersByHostSchema>;

/**
 * Reads what `star` prints.
 * @throws ValiError where it is not that
 */
export function readLineCounters(text: string): LineCountersByHost {
  return v.parse(lineCountersByHostSchema, JSON.parse(text));
}

const netemSchema = v.looseTuple([
  v.object({ kind: v.literal('netem'), bytes: count, packets: count, drops: count }),
]);

/**
 * Reads what `tc -s -j qdisc show` prints of a device with netem.
 * @throws ValiError where it is not that
 */
export function readNetemCounters(text: string): DirectionCounters {
  const [{ bytes, packets, drops }] = v.parse(netemSchema, JSON.parse(text));
  const unknown = { lost: null, meanQueueMs: null, longestQueueMs: null };
  return { packets, bytes, overflowed: drops, ...unknown };
}

/** What a direction of netem did between two readings. */
export function countersSince(
  before: DirectionCounters,
  now: DirectionCounters,
): DirectionCounters {
  return {
    ...now,
    packets: now.packets - before.packets,
    bytes: now.bytes - before.bytes,
    overflowed: now.overflowed - before.overflowed,
  };
}

/** Of the packets that a direction transmitted, the share that got lost on the wire, from 0 to 1; null where nobody knows. */
export function lossOf({ packets, lost }: DirectionCounters): number | null {
  if (lost === null) return null;
  return packets + lost === 0 ? 0 : lost / (packets + lost);
}
