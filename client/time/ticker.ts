/** How often a ticker ticks, in milliseconds. */
export const TICK_MS = 500;

/** A worker or a timer that ticks for everybody on this page. */
interface Ticking {
  stop(): void;
}

const users = new Set<() => void>();
let ticking: Ticking | null = null;

/**
 * Calls `onTick` every 500 ms until `signal` is aborted; never before this returns. The ticks come from a worker, which all
 * users of a page share: a hidden page's own timers are slowed down to one in a second, and later to one in a minute.
 */
export function startTicker(onTick: () => void, signal: AbortSignal): void {
  if (signal.aborted) return;
  // One function may be given twice, and then ticks twice.
  const user = () => onTick();
  users.add(user);
  ticking ??= startTicking();
  signal.addEventListener('abort', () => leave(user), { once: true });
}

function leave(user: () => void): void {
  users.delete(user);
  if (users.size > 0) return;
  ticking?.stop();
  ticking = null;
}

function tick(): void {
  for (const user of users) user();
}

/** The page's own timer ticks until the worker does, and again if the worker breaks. */
function startTicking(): Ticking {
  let timer: ReturnType<typeof setInterval> | undefined = setInterval(tick, TICK_MS);
  const worker = startWorker();
  worker?.addEventListener('message', () => {
    clearInterval(timer);
    timer = undefined;
    tick();
  });
  worker?.addEventListener('error', (event) => {
    // To a page whose server is away a worker that cannot be loaded is no fault.
    event.preventDefault();
    timer ??= setInterval(tick, TICK_MS);
  });
  worker?.postMessage(TICK_MS, []);
  return {
    stop: () => {
      clearInterval(timer);
      worker?.terminate();
    },
  };
}

function startWorker(): Worker | null {
  try {
    return new Worker(new URL('ticker.worker.ts', import.meta.url), {
      type: 'module',
      name: 'ticker',
    });
  } catch {
    return null;
  }
}
