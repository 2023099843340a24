import { type SpeedMeter } from '../progress/speed-meter.ts';
import type { FileSummary } from './file-summary.ts';
import { isUnexplained } from './link-reasons.ts';
import { type Progress, describeProgress } from './progress.ts';
import type { Offered, ReceivePhase, Running, Taken } from './receive-phase.ts';
import { needsNoSender } from './receive-running.ts';
import type { ReceiveState } from './receive-state.ts';

/** When the sender has sent its last and is gone, what is missing may still be being written: for this long. */
export const STORING_GRACE_MS = 3_000;

/** What the receiving page shows of a phase. @param files those of the phase's manifest, summarised once */
export function viewReceive(
  phase: ReceivePhase,
  files: readonly FileSummary[],
  now: number,
): ReceiveState {
  switch (phase.type) {
    case 'searching':
      return { type: 'connecting', step: 'kept', kept: null };
    case 'joining':
      return { type: 'connecting', step: phase.step, kept: null };
    case 'offered':
      return viewOffered(phase, files);
    case 'running':
      return viewRunning(phase, files, now);
    case 'done': {
      const { selected, failures, place } = phase.taken;
      const { seconds, packing, saveFailure } = phase;
      const totalBytes = totalOf(phase.taken);
      return {
        type: 'done',
        files,
        selected,
        failures,
        totalBytes,
        seconds,
        place,
        packing,
        saveFailure,
      };
    }
    case 'failed': {
      const { reason, taken } = phase;
      const failures = taken?.failures ?? [];
      return { type: 'failed', reason, files, failures, kept: viewKept(taken), retrying: false };
    }
    case 'cancelled':
      return { type: 'cancelled', files, kept: viewKept(phase.taken) };
  }
}

function viewOffered(phase: Offered, files: readonly FileSummary[]): ReceiveState {
  const { selected, selectedBytes, fit, down } = phase;
  if (down === null) return { type: 'offered', files, selected, selectedBytes, storage: fit };
  if (isUnexplained(down.reason)) return { type: 'connecting', step: 'peer', kept: null };
  return { type: 'failed', reason: down.reason, files, failures: [], kept: null, retrying: true };
}

function viewRunning(phase: Running, files: readonly FileSummary[], now: number): ReceiveState {
  const { taken, trouble, down } = phase;
  const { selected, failures, place } = taken;
  const progress = describe(taken, phase.meter, now);
  const by = pausedBy(phase);
  if (by !== null) {
    return { type: 'paused', files, selected, progress, by, reason: trouble, failures, place };
  }
  if (down !== null && isOutage(phase, now)) {
    const kept = describe(taken, [], now);
    return { type: 'failed', reason: down.reason, files, failures, kept, retrying: true };
  }
  if (phase.stage === 'preparing' && phase.pressedAt === null) {
    return { type: 'connecting', step: 'kept', kept: progress };
  }
  const step = down === null || needsNoSender(phase) ? STEPS[phase.stage] : 'reconnecting';
  return { type: 'receiving', files, selected, progress, phase: step, failures, place };
}

const STEPS = {
  preparing: 'transferring',
  fetching: 'transferring',
  checking: 'finishing',
} as const;

function pausedBy(phase: Running): Extract<ReceiveState, { type: 'paused' }>['by'] | null {
  if (phase.trouble !== null) return 'trouble';
  if (phase.paused) return phase.senderPaused ? 'both' : 'you';
  return phase.senderPaused && phase.down === null ? 'sender' : null;
}

/** A connection that is lost is being made anew; of a sender that is gone, the user hears at once. */
function isOutage(phase: Running, now: number): boolean {
  const { down } = phase;
  if (down === null || needsNoSender(phase) || isUnexplained(down.reason)) return false;
  return !phase.rootKnown || now - down.since >= STORING_GRACE_MS;
}

function describe(taken: Taken, meter: SpeedMeter, now: number): Progress {
  return describeProgress(taken.bytes, totalOf(taken), meter, now);
}

function viewKept(taken: Taken | null): Progress | null {
  return taken === null ? null : describe(taken, [], 0);
}

/** What can be had: without the files that cannot. */
function totalOf({ manifest, selectedBytes, failures }: Taken): number {
  return failures.reduce(
    (sum, { file }) => sum - (manifest.entries[file]?.size ?? 0),
    selectedBytes,
  );
}
