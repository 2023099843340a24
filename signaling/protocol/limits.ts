/** The version of the signaling protocol and of the peer protocol; both sides must speak the same. */
export const PROTOCOL_VERSION = 3;

/** The largest Socket.IO message that the server takes, in bytes. */
export const MAX_SIGNALING_MESSAGE_BYTES = 64 * 1024;

/** The longest session description that is relayed, in UTF-16 units. */
export const MAX_SDP_LENGTH = 48 * 1024;

/** The longest ICE candidate line that is relayed, in UTF-16 units. */
export const MAX_CANDIDATE_LENGTH = 2 * 1024;

/** The longest sealed note that is relayed, in characters of base64url. */
export const MAX_NOTE_LENGTH = 48 * 1024;

/** How many receivers one share serves at once. */
export const MAX_RECEIVERS = 8;

/** How long a dropped socket may come back to its room, in milliseconds. */
export const REJOIN_GRACE_MS = 60_000;

/** The most lanes that one transfer uses, between a sender and one receiver; an operator may allow fewer. */
export const MAX_LANES = 32;

/** Lane numbers run from 0 up to here, per receiver; a new lane takes a new number. */
export const MAX_LANE_NUMBER = 0xffff;
