import { signal } from '@preact/signals';
import { vi } from 'vitest';
import type { KeptActions } from '../session/kept-state.ts';
import type { ReceiveActions } from '../session/receive-state.ts';
import type { SendActions } from '../session/send-state.ts';

/** For tests: what the user can do on the sending page, heard. */
export function sendActionSpies() {
  return {
    share: vi.fn<SendActions['share']>(),
    continueWithout: vi.fn<SendActions['continueWithout']>(),
    continueShare: vi.fn<SendActions['continueShare']>(),
    giveUp: vi.fn<SendActions['giveUp']>(),
    pauseReceiver: vi.fn<SendActions['pauseReceiver']>(),
    resumeReceiver: vi.fn<SendActions['resumeReceiver']>(),
    cancelReceiver: vi.fn<SendActions['cancelReceiver']>(),
    sendBy: vi.fn<SendActions['sendBy']>(),
    chooseUpload: vi.fn<SendActions['chooseUpload']>(),
    uploadNow: vi.fn<SendActions['uploadNow']>(),
    deleteUpload: vi.fn<SendActions['deleteUpload']>(),
    compare: vi.fn<SendActions['compare']>(),
    stopSharing: vi.fn<SendActions['stopSharing']>(),
    startOver: vi.fn<SendActions['startOver']>(),
  };
}

/** For tests: what the user can do on the receiving page, heard. */
export function receiveActionSpies() {
  return {
    select: vi.fn<ReceiveActions['select']>(),
    receive: vi.fn<ReceiveActions['receive']>(),
    receiveIntoFolder: vi.fn<ReceiveActions['receiveIntoFolder']>(),
    makeRoom: vi.fn<ReceiveActions['makeRoom']>(),
    pause: vi.fn<ReceiveActions['pause']>(),
    resume: vi.fn<ReceiveActions['resume']>(),
    cancel: vi.fn<ReceiveActions['cancel']>(),
    tryAgain: vi.fn<ReceiveActions['tryAgain']>(),
    save: vi.fn<ReceiveActions['save']>(),
    saveAll: vi.fn<ReceiveActions['saveAll']>(),
  };
}

/** For tests: what the user can do with what is kept, heard. */
export function keptActionSpies() {
  return {
    deleteDownload: vi.fn<KeptActions['deleteDownload']>(),
    deleteShare: vi.fn<KeptActions['deleteShare']>(),
  };
}

/** For tests: a notice that can be asked for, or not. */
export function sampleNotice(canAsk: boolean) {
  return { canAsk: signal(canAsk), ask: vi.fn<() => void>() };
}
