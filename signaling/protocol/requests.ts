import * as v from 'valibot';
import { base64url } from './base64url.ts';
import { MAX_LANE_NUMBER, MAX_NOTE_LENGTH } from './limits.ts';
import { signalSchema } from './signal.ts';

const protocol = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff));

/** 128 bits, base64url: where a share's sender and receivers meet. */
export const roomIdSchema = base64url(16);
/** 256 bits, base64url: shows that its owner holds the link. */
export const joinProofSchema = base64url(32);
/** SHA-256 of the join proof's 32 bytes, base64url: what the server keeps to check proofs by. */
export const joinVerifierSchema = base64url(32);
/** 96 bits, base64url: one participant of a room. The server makes it. */
export const peerIdSchema = base64url(12);
/** 128 bits, base64url: lets a dropped socket take its place again. The server makes it. */
export const rejoinTokenSchema = base64url(16);
/** Which of a receiver's lanes a signal belongs to. */
export const laneNumberSchema = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(0),
  v.maxValue(MAX_LANE_NUMBER),
);

export const createRoomRequestSchema = v.strictObject({
  protocol,
  roomId: roomIdSchema,
  joinVerifier: joinVerifierSchema,
});
export const joinRoomRequestSchema = v.strictObject({
  protocol,
  roomId: roomIdSchema,
  joinProof: joinProofSchema,
});
export const rejoinRoomRequestSchema = v.strictObject({
  protocol,
  roomId: roomIdSchema,
  token: rejoinTokenSchema,
});
export const leaveRoomRequestSchema = v.strictObject({});
export const sendSignalRequestSchema = v.strictObject({
  to: peerIdSchema,
  lane: laneNumberSchema,
  signal: signalSchema,
});

/** What one member has sealed for another; the server cannot read it. */
export const noteSchema = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(MAX_NOTE_LENGTH),
  v.regex(/^[A-Za-z0-9_-]+$/),
);
export const sendNoteRequestSchema = v.strictObject({ to: peerIdSchema, note: noteSchema });
/** A greeting that the server itself answers. */
export const helloRequestSchema = v.strictObject({ hello: v.literal('Hello') });

export type CreateRoomRequest = v.InferOutput<typeof createRoomRequestSchema>;
export type JoinRoomRequest = v.InferOutput<typeof joinRoomRequestSchema>;
export type RejoinRoomRequest = v.InferOutput<typeof rejoinRoomRequestSchema>;
export type LeaveRoomRequest = Record<string, never>;
export type SendSignalRequest = v.InferOutput<typeof sendSignalRequestSchema>;
export type SendNoteRequest = v.InferOutput<typeof sendNoteRequestSchema>;
export type HelloRequest = v.InferOutput<typeof helloRequestSchema>;
