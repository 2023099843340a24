import type { ErrorReason } from '../errors/error-reason.ts';
import type { Manifest } from '../share/manifest.ts';
import type { ReceivePhase, Running } from './receive-phase.ts';
import type { ReceiveState } from './receive-state.ts';
import type { FileSummary } from './file-summary.ts';
import { describeProgress } from './progress.ts';

/** What the receiving page shows of a phase. @param files those of the phase's manifest, summarised once */
export function viewReceive(
  phase: ReceivePhase,
  files: readonly FileSummary[],
  now: number,
): ReceiveState {
  switch (phase.type) {
    case 'room':
      return { type: 'connecting', step: 'room' };
    case 'waiting':
      return { type: 'connecting', step: 'sender' };
    case 'peer':
      return { type: 'connecting', step: 'peer' };
    case 'manifest':
      return { type: 'connecting', step: 'manifest' };
    case 'offered':
      return { type: 'offered', files };
    case 'running':
      return viewRunning(phase, files, now);
    case 'losing':
      return phase.from.type === 'running'
        ? viewRunning(phase.from, files, now)
        : { type: 'offered', files };
    case 'done':
      return {
        type: 'done',
        files,
        totalBytes: phase.manifest.totalBytes,
        seconds: phase.seconds,
        saveFailure: phase.saveFailure,
      };
    case 'failed':
      return viewFailed(phase.reason, phase.kept, phase.manifest, files);
    case 'cancelled':
      return { type: 'cancelled', files };
  }
}

function viewRunning(
  { manifest, bytes, meter, stage }: Running,
  files: readonly FileSummary[],
  now: number,
): ReceiveState {
  return {
    type: 'receiving',
    files,
    progress: describeProgress(bytes, manifest.totalBytes, meter, now),
    phase: stage === 'fetching' ? 'transferring' : 'finishing',
  };
}

function viewFailed(
  reason: ErrorReason,
  bytes: number | null,
  manifest: Manifest | null,
  files: readonly FileSummary[],
): ReceiveState {
  const totalBytes = manifest?.totalBytes ?? bytes ?? 0;
  const kept = bytes === null ? null : { bytes, totalBytes, rate: null, secondsLeft: null };
  return { type: 'failed', reason, files, kept };
}
