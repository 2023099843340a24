import type { GuestState, HostState } from '../compare/compare-state.ts';
import type { ReceiveState } from '../session/receive-state.ts';
import type { SendState } from '../session/send-state.ts';
import { hasNumber } from '../share/number-set.ts';
import { showDoneNotice } from './done-notice.ts';
import { compareTitle, isRunning, receiveTitle, sendTitle } from './page-title.ts';
import { holdScreenAwake } from './screen-wake-lock.ts';

/** How the page words amounts. */
export interface AmountWords {
  formatFileCount(count: number): string;
  formatBytes(bytes: number): string;
}

/** What a page lets be known of its session beyond its own area. */
interface Signs {
  readonly title: string;
  /** bytes move, or shall again as soon as they can: no time to sleep */
  readonly busy: boolean;
  /** how many transfers are done, and how to say so */
  readonly done: number;
  readonly notice: () => string;
}

/**
 * Gives a receiving page its title, keeps the screen on while it receives, and says when it is done.
 * @returns to be called with every state
 */
export function watchReceiving(
  words: AmountWords,
  signal: AbortSignal,
): (state: ReceiveState) => void {
  return watch(signal, (state) => ({
    title: receiveTitle(state),
    busy: state.type === 'receiving',
    done: state.type === 'done' ? 1 : 0,
    notice: () => (state.type === 'done' ? receivedNotice(state, words) : ''),
  }));
}

/**
 * Gives a sending page its title, keeps the screen on while somebody receives, and says when the last of them is done.
 * @returns to be called with every state
 */
export function watchSending(words: AmountWords, signal: AbortSignal): (state: SendState) => void {
  return watch(signal, (state) => {
    const receivers = state.type === 'sharing' ? state.receivers : [];
    const done = receivers.filter(({ status }) => status.type === 'done');
    const bytes = done.reduce((sum, { progress }) => sum + progress.totalBytes, 0);
    const whom = done.length === 1 ? '1 receiver' : `${done.length} receivers`;
    return {
      title: sendTitle(state),
      busy: receivers.some((receiver) => isRunning(receiver)),
      done: done.length,
      notice: () => `Sent to ${whom}: ${words.formatBytes(bytes)}`,
    };
  });
}

/**
 * Keeps the screen on while ways are compared, gives the page of either side its title, and says when a comparison is done.
 * @returns to be called with every state
 */
export function watchComparing(signal: AbortSignal): (state: HostState | GuestState) => void {
  return watch(signal, (state) => ({
    title: compareTitle(state),
    busy: state.type === 'running',
    done: state.type === 'done' ? 1 : 0,
    notice: () => 'The comparison is done',
  }));
}

function receivedNotice(
  { files, selected, failures, totalBytes }: Extract<ReceiveState, { type: 'done' }>,
  words: AmountWords,
): string {
  const taken = files.filter(({ folder }, index) => !folder && hasNumber(selected, index));
  const count = words.formatFileCount(taken.length - failures.length);
  const received = failures.length === 0 ? 'Received' : 'Received in part';
  return `${received}: ${count}, ${words.formatBytes(totalBytes)}`;
}

function watch<State>(
  signal: AbortSignal,
  signsOf: (state: State) => Signs,
): (state: State) => void {
  let awake: AbortController | null = null;
  let done = 0;
  const sleep = () => {
    awake?.abort();
    awake = null;
  };
  signal.addEventListener('abort', sleep, { once: true });
  return (state) => {
    if (signal.aborted) return;
    const signs = signsOf(state);
    if (document.title !== signs.title) document.title = signs.title;
    if (!signs.busy) sleep();
    else if (awake === null) {
      awake = new AbortController();
      holdScreenAwake(awake.signal);
    }
    if (signs.busy) return;
    if (signs.done > done) showDoneNotice(signs.notice());
    done = signs.done;
  };
}
