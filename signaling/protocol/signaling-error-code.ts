import * as v from 'valibot';

/** Every error that the signaling server can answer with. PROTOCOL.md says when. */
export const SIGNALING_ERROR_CODES = [
  'bad-request',
  'protocol-mismatch',
  'share-not-found',
  'share-taken',
  'share-full',
  'rejoin-refused',
  'already-in-room',
  'not-in-room',
  'peer-not-found',
  'too-many-shares',
  'too-many-requests',
  'server-full',
  'server-error',
] as const;

/** One of `SIGNALING_ERROR_CODES`. */
export type SignalingErrorCode = (typeof SIGNALING_ERROR_CODES)[number];

/** Checks that a value from outside is a signaling error code. */
export const signalingErrorCodeSchema = v.picklist(SIGNALING_ERROR_CODES);
