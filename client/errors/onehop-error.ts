import type { ErrorReason } from './error-reason.ts';

/** The one error class of the client: a typed reason for code and user, a cause for the developer. */
export class OnehopError extends Error {
  override readonly name = 'OnehopError';
  readonly reason: ErrorReason;

  constructor(reason: ErrorReason, options?: { readonly cause?: unknown }) {
    super(reason, options);
    this.reason = reason;
  }
}

/** `thrown` itself if it is a OnehopError, else one with `reason` and `thrown` as its cause. */
export function asOnehopError(thrown: unknown, reason: ErrorReason = 'unexpected'): OnehopError {
  return thrown instanceof OnehopError ? thrown : new OnehopError(reason, { cause: thrown });
}
