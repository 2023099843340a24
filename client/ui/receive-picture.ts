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
      return { stage: 'waiting', fraction: 0 };
    case 'offered':
    case 'cancelled':
      return { stage: 'still', fraction: 0 };
    case 'receiving':
      return { stage: 'moving', fraction: progressFraction(state.progress) };
    case 'done':
      return { stage: 'done', fraction: 1 };
    case 'failed':
      return { stage: 'broken', fraction: state.kept === null ? 0 : progressFraction(state.kept) };
  }
}
