import type { FileSummary } from './file-summary.ts';
import { describeProgress } from './progress.ts';
import type { SendPhase } from './send-machine.ts';
import type { Receiver, SendState } from './send-state.ts';

/** What the sending page shows of a phase. @param files those of the phase's manifest, summarised once */
export function viewSend(phase: SendPhase, files: readonly FileSummary[], now: number): SendState {
  switch (phase.type) {
    case 'idle':
    case 'cancelled':
      return { type: phase.type };
    case 'opening':
      return { type: 'opening', files };
    case 'sharing': {
      const { totalBytes } = phase.manifest;
      const receivers = [...phase.receivers].map(
        ([id, { number, status, bytes, meter }]): Receiver => ({
          id,
          number,
          status,
          progress: describeProgress(bytes, totalBytes, meter, now),
        }),
      );
      return { type: 'sharing', files, link: phase.link, receivers, online: phase.online };
    }
    case 'failed':
      return { type: 'failed', reason: phase.reason, files: phase.manifest === null ? [] : files };
  }
}
