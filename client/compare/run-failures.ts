import * as v from 'valibot';
import type { ErrorReason } from '../errors/error-reason.ts';

/** Why a run can fail on its receiver's side, as it is said to the other side. */
export const RUN_FAILURES = [
  'unexpected',
  'signaling-unreachable',
  'share-not-found',
  'share-full',
  'server-full',
  'server-error',
  'too-many-shares',
  'too-many-requests',
  'sender-stopped',
  'sender-left',
  'connect-timeout',
  'connection-lost',
  'peer-silent',
  'channel-too-small',
  'manifest-invalid',
  'source-stalled',
  'source-changed',
  'source-unreadable',
  'hash-mismatch',
  'root-mismatch',
  'storage-full',
  'storage-failed',
  'uploads-off',
  'upload-damaged',
  'upload-not-found',
  'upload-unreachable',
  'download-limit-reached',
] as const satisfies readonly ErrorReason[];

/** Checks that a value from outside is one. */
export const runFailureSchema = v.picklist(RUN_FAILURES);

/** The reason as it can be said. */
export function asRunFailure(reason: ErrorReason): v.InferOutput<typeof runFailureSchema> {
  const parsed = v.safeParse(runFailureSchema, reason);
  return parsed.success ? parsed.output : 'unexpected';
}
