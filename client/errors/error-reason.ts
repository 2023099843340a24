import type { SignalingErrorCode } from '../../signaling/protocol/signaling-error-code.ts';
import type { UploadErrorCode } from '../../signaling/protocol/upload-error-code.ts';

/** What this browser or this page lacks. */
export type EnvironmentReason =
  'insecure-context' | 'webrtc-missing' | 'script-missing' | 'unexpected';

/** What is wrong with a link or with what was chosen. */
export type ShareReason = 'link-malformed' | 'too-many-files' | 'manifest-invalid';

/** How the meeting on the server can end. */
export type RoomReason =
  SignalingErrorCode | 'signaling-unreachable' | 'sender-stopped' | 'sender-left' | 'share-expired';

/** How a lane, or the peer at its other end, can fail. */
export type PeerReason =
  | 'connect-timeout'
  | 'connection-lost'
  | 'peer-silent'
  | 'channel-too-small'
  | 'receiver-left'
  | 'receiver-cancelled'
  | 'sender-cancelled'
  | 'lane-replaced'
  | 'message-malformed'
  | 'message-unexpected'
  | 'frame-malformed'
  | 'frame-out-of-range'
  | 'frame-unasked'
  | 'request-out-of-range'
  | 'request-overflow';

/** How the way through the server can fail. */
export type UploadReason = UploadErrorCode | 'upload-damaged' | 'upload-unreachable';

/** How a transfer can fail. */
export type TransferReason =
  | 'source-stalled'
  | 'source-changed'
  | 'source-unreadable'
  | 'hash-mismatch'
  | 'root-mismatch'
  | 'storage-full'
  | 'storage-failed'
  | 'folder-refused';

/** Every way in which Onehop fails; each has words for the user in `ui/error-words.ts`. */
export type ErrorReason =
  EnvironmentReason | ShareReason | RoomReason | PeerReason | UploadReason | TransferReason;
