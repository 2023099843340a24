/**
 * Keeps the screen on, and so the machine from its sleep, until `signal` is aborted; again after the page was hidden, when
 * the browser lets go of the screen by itself. Does nothing where the browser cannot, or does not want to, as with an
 * empty battery. Source: W3C Screen Wake Lock API.
 */
export function holdScreenAwake(signal: AbortSignal): void {
  if (!('wakeLock' in navigator) || signal.aborted) return;
  let lock: WakeLockSentinel | null = null;
  let requesting = false;

  const request = async () => {
    const held = lock !== null && !lock.released;
    if (signal.aborted || document.hidden || requesting || held) return;
    requesting = true;
    lock = await navigator.wakeLock.request('screen').catch(() => null);
    requesting = false;
    if (signal.aborted) release();
  };
  // To be let go by the browser first is no failure.
  const release = () => void lock?.release().catch(() => {});

  document.addEventListener('visibilitychange', () => void request(), { signal });
  signal.addEventListener('abort', release, { once: true });
  void request();
}
