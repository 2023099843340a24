import * as v from 'valibot';
import { MAX_CANDIDATE_LENGTH, MAX_SDP_LENGTH } from './limits.ts';

const sdp = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_SDP_LENGTH));

/** One step of the WebRTC handshake (RFC 8829 descriptions, RFC 8838 trickled candidates). */
export const signalSchema = v.variant('type', [
  v.strictObject({ type: v.literal('offer'), sdp }),
  v.strictObject({ type: v.literal('answer'), sdp }),
  v.strictObject({
    type: v.literal('candidate'),
    candidate: v.strictObject({
      candidate: v.pipe(v.string(), v.maxLength(MAX_CANDIDATE_LENGTH)),
      sdpMid: v.nullable(v.pipe(v.string(), v.maxLength(64))),
      sdpMLineIndex: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff))),
    }),
  }),
]);

/** An offer, an answer, or one candidate. */
export type Signal = v.InferOutput<typeof signalSchema>;
