import type { Progress } from '../session/progress.ts';
import type { ReceiveState } from '../session/receive-state.ts';
import { progressFraction } from './fraction.ts';
import type { HopStage } from './hop.tsx';

/** How the picture of the hop shows a state of the receiving page. */
export function receivePicture(state: ReceiveState): {
  readonly stage: HopStage;
  readonly fraction: number;
} {
  switch (state.type) {
    case 'connecting':
      return { stage: 'waiting', fraction: keptFraction(state.kept) };
    case 'offered':
      return { stage: 'still', fraction: 0 };
    case 'cancelled':
      return { stage: 'still', fraction: keptFraction(state.kept) };
    case 'receiving':
      return {
        stage: state.phase === 'reconnecting' ? 'waiting' : 'moving',
        fraction: progressFraction(state.progress),
      };
    case 'paused':
      return { stage: 'still', fraction: progressFraction(state.progress) };
    case 'done':
      return state.failures.length === 0
        ? { stage: 'done', fraction: 1 }
        : { stage: 'broken', fraction: 1 - state.failures.length / state.selected.count };
    case 'failed':
      return {
        stage: state.retrying ? 'waiting' : 'broken',
        fraction: keptFraction(state.kept),
      };
  }
}

function keptFraction(kept: Progress | null): number {
  return kept === null ? 0 : progressFraction(kept);
}
