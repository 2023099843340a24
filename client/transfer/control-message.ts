import * as v from 'valibot';
import { laneNumberSchema } from '../../signaling/protocol/requests.ts';
import { signalSchema } from '../../signaling/protocol/signal.ts';
import { OnehopError } from '../errors/onehop-error.ts';
import { MAX_FILES, MAX_PIECES, PIECE_BYTES, manifestEntrySchema } from '../share/manifest.ts';
import { CONTROL_HEADER_BYTES, FRAME_TYPE, FRAME_VERSION } from './data-frame.ts';

/** The largest control message, header included, in bytes. */
export const MAX_CONTROL_BYTES = 64 * 1024;
/** How many ranges one request may name. */
export const MAX_RANGES_PER_REQUEST = 256;
/** How many manifest entries one part may hold; its sender also keeps it below `MAX_CONTROL_BYTES`. */
export const MAX_ENTRIES_PER_PART = 500;

/** How many parts a manifest may travel in: 64 MiB of names, which a receiver holds before its user has agreed to anything. */
export const MAX_MANIFEST_PARTS = 1_024;

const count = (most: number) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(most));
const sha256 = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/));
/** Files of the manifest as `encodeNumberSet` writes them. */
const fileSet = v.pipe(
  v.string(),
  v.maxLength(Math.ceil((Math.ceil(MAX_FILES / 8) * 4) / 3)),
  v.regex(/^[A-Za-z0-9_-]*$/),
);
const receiverId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{16}$/));

/** Why a peer says good-bye. */
export const BYE_REASONS = [
  'sender-stopped',
  'sender-left',
  'sender-cancelled',
  'share-expired',
  'receiver-cancelled',
  'receiver-left',
  'lane-replaced',
  'peer-silent',
  'protocol-mismatch',
  'message-malformed',
  'message-unexpected',
  'frame-malformed',
  'frame-out-of-range',
  'frame-unasked',
  'request-out-of-range',
  'request-overflow',
  'manifest-invalid',
  'source-stalled',
  'source-changed',
  'source-unreadable',
  'channel-too-small',
  'hash-mismatch',
  'root-mismatch',
  'storage-full',
  'storage-failed',
  'unexpected',
] as const;

/** One of `BYE_REASONS`. */
export type ByeReason = (typeof BYE_REASONS)[number];

/** Why a file cannot be had any more, although the others can. */
export const FILE_FAILURES = ['source-changed', 'source-unreadable'] as const;

/** One of `FILE_FAILURES`. */
export type FileFailureReason = (typeof FILE_FAILURES)[number];

/** File, piece of it, offset in it, length: bytes of a piece in the form it travels in. */
const range = v.strictTuple([
  count(MAX_FILES),
  count(MAX_PIECES),
  count(PIECE_BYTES),
  v.pipe(count(PIECE_BYTES), v.minValue(1)),
]);

const controlMessageSchema = v.variant('type', [
  /** `inflates`: whether pieces may come deflated */
  v.strictObject({
    type: v.literal('hello'),
    protocol: count(0xffff),
    inflates: v.optional(v.boolean(), false),
  }),
  v.strictObject({ type: v.literal('signal'), lane: laneNumberSchema, signal: signalSchema }),
  v.strictObject({ type: v.literal('ping'), id: count(Number.MAX_SAFE_INTEGER) }),
  v.strictObject({ type: v.literal('pong'), id: count(Number.MAX_SAFE_INTEGER) }),
  v.strictObject({ type: v.literal('manifest-request'), part: count(MAX_MANIFEST_PARTS) }),
  v.strictObject({
    type: v.literal('manifest-part'),
    part: count(MAX_MANIFEST_PARTS),
    parts: v.pipe(count(MAX_MANIFEST_PARTS), v.minValue(1)),
    entries: v.pipe(v.array(manifestEntrySchema), v.maxLength(MAX_ENTRIES_PER_PART)),
  }),
  v.strictObject({
    type: v.literal('request'),
    ranges: v.pipe(v.array(range), v.minLength(1), v.maxLength(MAX_RANGES_PER_REQUEST)),
  }),
  v.strictObject({
    type: v.literal('select'),
    manifest: sha256,
    files: fileSet,
    receiver: receiverId,
  }),
  v.strictObject({
    type: v.literal('unavailable'),
    file: count(MAX_FILES),
    reason: v.picklist(FILE_FAILURES),
  }),
  v.strictObject({
    type: v.literal('pause'),
    number: count(Number.MAX_SAFE_INTEGER),
    paused: v.boolean(),
  }),
  v.strictObject({ type: v.literal('progress'), bytes: count(Number.MAX_SAFE_INTEGER) }),
  v.strictObject({ type: v.literal('checking'), bytes: count(Number.MAX_SAFE_INTEGER) }),
  v.strictObject({ type: v.literal('root'), root: sha256, files: fileSet }),
  v.strictObject({ type: v.literal('complete'), root: sha256 }),
  v.strictObject({ type: v.literal('bye'), reason: v.picklist(BYE_REASONS) }),
]);

/** Everything that peers tell each other besides data. PROTOCOL.md says who sends what when. */
export type ControlMessage = v.InferOutput<typeof controlMessageSchema>;

/** The bytes of a control message: version, type, two zero bytes, JSON in UTF-8. */
export function encodeControlMessage(message: ControlMessage): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(message));
  const bytes = new Uint8Array(CONTROL_HEADER_BYTES + json.length);
  bytes[0] = FRAME_VERSION;
  bytes[1] = FRAME_TYPE.control;
  bytes.set(json, CONTROL_HEADER_BYTES);
  return bytes;
}

/** Reads a control message. @throws {OnehopError} `message-malformed` */
export function decodeControlMessage(message: ArrayBuffer): ControlMessage {
  const head = new Uint8Array(message, 0, Math.min(CONTROL_HEADER_BYTES, message.byteLength));
  if (
    message.byteLength > MAX_CONTROL_BYTES ||
    head.length < CONTROL_HEADER_BYTES ||
    head[0] !== FRAME_VERSION ||
    head[1] !== FRAME_TYPE.control ||
    head[2] !== 0 ||
    head[3] !== 0
  ) {
    throw new OnehopError('message-malformed');
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      new Uint8Array(message, CONTROL_HEADER_BYTES),
    );
    return v.parse(controlMessageSchema, JSON.parse(text));
  } catch (cause) {
    throw new OnehopError('message-malformed', { cause });
  }
}
