import type { ErrorReason } from '../errors/error-reason.ts';

/** Errors after which joining again cannot help: the link is dead or wrong, the files changed, or this page must be replaced. */
export const HOPELESS: ReadonlySet<ErrorReason> = new Set([
  'insecure-context',
  'webrtc-missing',
  'link-malformed',
  'too-many-files',
  'manifest-invalid',
  'bad-request',
  'protocol-mismatch',
  'share-not-found',
  'share-taken',
  'already-in-room',
  'too-many-shares',
  'sender-stopped',
  'share-expired',
  'channel-too-small',
  'upload-not-found',
  'upload-too-large',
  'uploads-off',
  'range-invalid',
  'not-same-origin',
  'wrong-version',
  'wrong-type',
  'source-changed',
  'source-unreadable',
  'root-mismatch',
]);

/** Whether joining again can help a receiver after this error. */
export function canTryAgain(reason: ErrorReason): boolean {
  return !HOPELESS.has(reason);
}
