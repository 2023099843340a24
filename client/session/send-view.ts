import type { FileSummary } from './file-summary.ts';
import { describeProgress } from './progress.ts';
import { statusOf } from './receiver-list.ts';
import type { SendPhase } from './send-machine.ts';
import type { Receiver, SendState } from './send-state.ts';

/** What the sending page shows of a phase. @param files those of the phase's manifest, summarised once */
export function viewSend(phase: SendPhase, files: readonly FileSummary[], now: number): SendState {
  switch (phase.type) {
    case 'idle':
    case 'cancelled':
      return { type: phase.type };
    case 'interrupted': {
      const { link, unrecognized, failures } = phase;
      return { type: 'interrupted', files, link, unrecognized, canContinue: failures !== null };
    }
    case 'opening':
      return { type: 'opening', files };
    case 'sharing':
      return {
        type: 'sharing',
        files,
        link: phase.link,
        receivers: viewReceivers(phase, now),
        online: phase.online,
        failures: phase.failures,
      };
    case 'failed':
      return { type: 'failed', reason: phase.reason, files: phase.manifest === null ? [] : files };
  }
}

function viewReceivers(phase: Extract<SendPhase, { type: 'sharing' }>, now: number): Receiver[] {
  return [...phase.receivers.entries.values()].map((entry) => ({
    id: String(entry.number),
    number: entry.number,
    status: statusOf(entry),
    progress: describeProgress(entry.bytes, entry.totalBytes, entry.meter, now),
  }));
}
