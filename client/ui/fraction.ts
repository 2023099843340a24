import type { Progress } from '../session/progress.ts';
import type { Receiver } from '../session/send-state.ts';

/** How much of the bytes is there, 0 to 1. Of no bytes at all, everything is there. */
export function progressFraction(progress: Progress): number {
  if (progress.totalBytes <= 0) return 1;
  return Math.min(1, Math.max(0, progress.bytes / progress.totalBytes));
}

/** How much a receiver has, 0 to 1. A share without bytes is whole only once its receiver says so. */
export function receiverFraction(receiver: Receiver): number {
  if (receiver.status.type === 'done') return 1;
  return receiver.progress.totalBytes <= 0 ? 0 : progressFraction(receiver.progress);
}
