import * as v from 'valibot';
import type { UploadErrorCode } from '../../signaling/protocol/upload-error-code.ts';
import { uploadFailureSchema } from '../../signaling/protocol/uploads.ts';
import type { ErrorReason } from '../errors/error-reason.ts';

/** Why a request to the server failed. */
export interface UploadFailure {
  readonly reason: ErrorReason;
  /** whether it may work by itself a little later */
  readonly passing: boolean;
}

/** Faults of the moment: of a server that restarts, or is busy, or that has not yet let go of a request whose page lost its network. */
const PASSING: ReadonlySet<ErrorReason> = new Set([
  'server-error',
  'too-many-requests',
  'upload-locked',
  'wrong-offset',
]);

/** What statuses mean where there is no body to say more, as after HEAD, or where a proxy answered. */
const BY_STATUS: ReadonlyMap<number, UploadErrorCode> = new Map([
  [404, 'upload-not-found'],
  [409, 'wrong-offset'],
  [413, 'upload-too-large'],
  [416, 'range-invalid'],
  [423, 'upload-locked'],
  [429, 'too-many-requests'],
  [507, 'server-storage-full'],
]);

/** Why a request failed. @param answer what came that is no success; null where nothing came */
export function failureOf(
  answer: { readonly status: number; readonly body: string } | null,
): UploadFailure {
  if (answer === null) return { reason: 'upload-unreachable', passing: true };
  const { status, body } = answer;
  const fallback: UploadErrorCode = status >= 500 ? 'server-error' : 'bad-request';
  const reason = codeIn(body) ?? BY_STATUS.get(status) ?? fallback;
  return { reason, passing: PASSING.has(reason) };
}

function codeIn(body: string): UploadErrorCode | null {
  try {
    const failure = v.safeParse(uploadFailureSchema, JSON.parse(body));
    return failure.success ? failure.output.error.code : null;
  } catch {
    return null;
  }
}
