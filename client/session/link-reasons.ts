import type { ErrorReason } from '../errors/error-reason.ts';

/** Losses of a network or of a page, which may come back: a transfer waits for them. */
const PASSING: ReadonlySet<ErrorReason> = new Set([
  'connection-lost',
  'peer-silent',
  'connect-timeout',
  'lane-replaced',
  'sender-left',
  'source-stalled',
  'signaling-unreachable',
  'share-not-found',
  'share-full',
  'rejoin-refused',
  'not-in-room',
  'peer-not-found',
  'too-many-requests',
  'server-full',
  'server-error',
]);

/** Whether what failed for this reason may work again by itself. */
export function isPassing(reason: ErrorReason): boolean {
  return PASSING.has(reason);
}

/** Losses that the server's word about the sender explains better than they do themselves. */
const UNEXPLAINED: ReadonlySet<ErrorReason> = new Set([
  'connection-lost',
  'peer-silent',
  'connect-timeout',
]);

/** Whether this loss says nothing but that the connection is gone. */
export function isUnexplained(reason: ErrorReason): boolean {
  return UNEXPLAINED.has(reason);
}

/** The best name for a lost lane. @param senderGone whether the server has lost the sender as well */
export function explainLoss(reason: ErrorReason, senderGone: boolean): ErrorReason {
  return senderGone && UNEXPLAINED.has(reason) ? 'sender-left' : reason;
}
