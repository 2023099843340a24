import type { ReceiveState } from '../session/receive-state.ts';
import type { Progress } from '../session/progress.ts';
import type { Receiver, ReceiverStatus, SendState } from '../session/send-state.ts';

/** For tests: names that are hard to draw. */
export const SAMPLE_FILES = [
  { name: 'ridge.mov', size: 48_000_000 },
  { name: 'notes "final"  📝.txt', size: 0 },
  { name: 'צילום מסך (3).png', size: 16_000_000 },
] as const;

export const SAMPLE_LINK = 'https://onehop.example/#q1Zk3m0bVw9cD4yRt7uXpA';

/** For tests: so many bytes of 64 MB. */
export function sampleProgress(bytes: number, rate: number | null = null): Progress {
  const totalBytes = 64_000_000;
  const secondsLeft = rate === null ? null : (totalBytes - bytes) / rate;
  return { bytes, totalBytes, rate, secondsLeft };
}

/** For tests: the receiver with this number. */
export function sampleReceiver(
  number: number,
  status: ReceiverStatus,
  progress: Progress = sampleProgress(0),
): Receiver {
  return { id: `receiver-${number}`, number, status, progress };
}

/** For tests: an open share with these receivers. */
export function sampleSharing(receivers: readonly Receiver[] = [], online = true): SendState {
  return { type: 'sharing', files: SAMPLE_FILES, link: SAMPLE_LINK, receivers, online };
}

export const SAMPLE_RECEIVING = {
  type: 'receiving',
  files: SAMPLE_FILES,
  progress: sampleProgress(16_000_000, 4_000_000),
  phase: 'transferring',
} as const satisfies ReceiveState;

export const SAMPLE_DONE = {
  type: 'done',
  files: SAMPLE_FILES,
  totalBytes: 64_000_000,
  seconds: 12.8,
  saveFailure: null,
} as const satisfies ReceiveState;
