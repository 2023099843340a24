import * as v from 'valibot';
import { MAX_LANES } from './limits.ts';
import { laneNumberSchema, noteSchema, peerIdSchema, rejoinTokenSchema } from './requests.ts';
import { signalingErrorCodeSchema } from './signaling-error-code.ts';
import { signalSchema } from './signal.ts';
import { uploadSummarySchema } from './uploads.ts';

/** One entry of RTCConfiguration.iceServers, as the operator set it. */
export const iceServerSchema = v.strictObject({
  urls: v.union([v.string(), v.array(v.string())]),
  username: v.optional(v.string()),
  credential: v.optional(v.string()),
});
export type IceServer = v.InferOutput<typeof iceServerSchema>;

/** The most lanes that the operator lets one transfer use. */
export const maxLanesSchema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_LANES));

const peerSchema = v.strictObject({ peerId: peerIdSchema, online: v.boolean() });

const stored = {
  /** whether the server takes uploads */
  uploads: v.boolean(),
  /** what the share has there */
  upload: v.nullable(uploadSummarySchema),
};

const membership = {
  peerId: peerIdSchema,
  token: rejoinTokenSchema,
  iceServers: v.array(iceServerSchema),
  maxLanes: maxLanesSchema,
  ...stored,
};

/** The sender's place in its new room. */
export const createRoomReplySchema = v.strictObject(membership);
/** A receiver's place in a room, and whom to connect to. */
export const joinRoomReplySchema = v.strictObject({ ...membership, sender: peerSchema });
/** The old place again, and who else is there now: for a receiver its sender, for a sender its receivers. */
export const rejoinRoomReplySchema = v.strictObject({ peers: v.array(peerSchema), ...stored });
export const emptyReplySchema = v.strictObject({});

export const peerEventSchema = v.strictObject({ peerId: peerIdSchema });
/** Why a room ended: its sender stopped sharing, was away too long, or the share's lifetime is over. */
export const roomClosedEventSchema = v.strictObject({
  reason: v.picklist(['sender-stopped', 'sender-left', 'share-expired']),
});
export const signalEventSchema = v.strictObject({
  from: peerIdSchema,
  lane: laneNumberSchema,
  signal: signalSchema,
});
export const noteEventSchema = v.strictObject({ from: peerIdSchema, note: noteSchema });
/** The server's own answer to a Hello. */
export const helloReplySchema = v.strictObject({ hello: v.literal('Hello') });
/** What the share has on the server now; null when it has nothing there any more. */
export const uploadChangedEventSchema = v.strictObject({ upload: v.nullable(uploadSummarySchema) });
export const errorEventSchema = v.strictObject({ code: signalingErrorCodeSchema });

export type CreateRoomReply = v.InferOutput<typeof createRoomReplySchema>;
export type JoinRoomReply = v.InferOutput<typeof joinRoomReplySchema>;
export type RejoinRoomReply = v.InferOutput<typeof rejoinRoomReplySchema>;
export type EmptyReply = Record<string, never>;
export type PeerEvent = v.InferOutput<typeof peerEventSchema>;
export type RoomClosedEvent = v.InferOutput<typeof roomClosedEventSchema>;
export type SignalEvent = v.InferOutput<typeof signalEventSchema>;
export type NoteEvent = v.InferOutput<typeof noteEventSchema>;
export type HelloReply = v.InferOutput<typeof helloReplySchema>;
export type UploadChangedEvent = v.InferOutput<typeof uploadChangedEventSchema>;
export type ErrorEvent = v.InferOutput<typeof errorEventSchema>;
