import { type ChosenEntry, MAX_FILES, describeChosen } from '../share/manifest.ts';

/** Asking a browser for size and date of a file takes it a while; so many at once do not hold the page up. */
const FILES_AT_ONCE = 200;

/**
 * Finds out what a manifest says of each file, a few at a time, so that the page stays alive meanwhile. More than a share
 * may hold are left as they are.
 * @param onCount hears of how many it is known
 * @throws the reason of `signal` once it aborts
 */
export async function describeFiles(
  chosen: readonly ChosenEntry[],
  onCount: (count: number) => void,
  signal: AbortSignal,
): Promise<readonly ChosenEntry[]> {
  if (chosen.length > MAX_FILES) return chosen;
  const described: ChosenEntry[] = [];
  while (described.length < chosen.length) {
    signal.throwIfAborted();
    const next = chosen.slice(described.length, described.length + FILES_AT_ONCE);
    described.push(...next.map((one) => ({ ...one, described: describeChosen(one) })));
    onCount(described.length);
    await nextTask();
  }
  return described;
}

/** Lets the page do what else it has to; unlike a timer, it is not slowed down in a hidden page. */
function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });
}
