/** What a receiving page showed of a transfer, by its own clock. */
export interface WatchedTransfer {
  /** the state that it ended in, or was in when the time was over */
  readonly state: string;
  /** how far it was, from 0 to 1 */
  readonly fraction: number;
  /** from the click on Receive to the end, or to the last move of the progress bar */
  readonly seconds: number;
}

/**
 * Runs in the receiving page: waits for the first click, and then until everything is received and verified, or for
 * `limitMs`.
 */
export function watchTransfer(limitMs: number): Promise<WatchedTransfer> {
  return new Promise((resolve) => {
    const state = (): string => document.querySelector('main')?.dataset['state'] ?? '';
    let begun = 0;
    let moved = { fraction: 0, at: 0 };
    const look = (): void => {
      const bar = document.querySelector('progress[aria-label="Progress"]');
      if (bar instanceof HTMLProgressElement && bar.value / bar.max > moved.fraction)
        moved = { fraction: bar.value / bar.max, at: performance.now() };
      if (begun > 0 && ['done', 'incomplete'].includes(state()))
        end({ fraction: 1, at: performance.now() });
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { subtree: true, childList: true, attributes: true });
    const end = ({ fraction, at }: typeof moved): void => {
      observer.disconnect();
      resolve({ state: state(), fraction, seconds: Math.max(0, at - begun) / 1000 });
    };
    const start = (): void => {
      begun = performance.now();
      setTimeout(() => end(moved), limitMs);
    };
    addEventListener('click', start, { capture: true, once: true });
  });
}
