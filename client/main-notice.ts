import { signal } from '@preact/signals';
import { askForNotice, canAskForNotice } from './awake/done-notice.ts';
import type { Notice } from './ui/notice.tsx';

/** Asks for leave to say that a transfer is done, as long as the user has not answered. */
export function createNotice(): Notice {
  const canAsk = signal(canAskForNotice());
  return {
    canAsk,
    ask: () => {
      void askForNotice().finally(() => {
        canAsk.value = canAskForNotice();
      });
    },
  };
}
