import { OnehopError } from '../errors/onehop-error.ts';
import { HELLO_EXCHANGES, HELLO_WAYS, type Hello, type HelloWay } from './comparison.ts';

/** Who can say Hello. */
export interface Greeter {
  /** Says it, and waits for the answer. @throws {OnehopError} where there is none */
  hello(way: HelloWay): Promise<void>;
  readonly peerUp: boolean;
}

/** So many Hellos that get no answer end a way: it is not there. */
const MAX_LOST = 3;

/**
 * Says Hello and waits for the answer, 50 times each way, one after another: the round trip of the smallest exchange that there is.
 * @param clock in ms
 * @param onWay told before each way
 * @throws what `signal` was aborted with
 */
export async function measureHellos(
  greeter: Greeter,
  clock: () => number,
  onWay: (way: HelloWay) => void,
  signal: AbortSignal,
): Promise<Hello[]> {
  const hellos: Hello[] = [];
  for (const way of HELLO_WAYS) {
    onWay(way);
    const there = way !== 'peer' || greeter.peerUp;
    hellos.push({ way, roundTripsMs: there ? await measure(greeter, way, clock, signal) : [] });
  }
  return hellos;
}

async function measure(
  greeter: Greeter,
  way: HelloWay,
  clock: () => number,
  signal: AbortSignal,
): Promise<number[]> {
  const roundTripsMs: number[] = [];
  let lost = 0;
  const stopped = untilAborted(signal);
  for (let said = 0; said < HELLO_EXCHANGES && lost < MAX_LOST; said += 1) {
    signal.throwIfAborted();
    const begun = clock();
    try {
      await Promise.race([greeter.hello(way), stopped]);
      roundTripsMs.push(clock() - begun);
    } catch {
      signal.throwIfAborted();
      lost += 1;
    }
  }
  return roundTripsMs;
}

/** Rejects when it is to be stopped, and does nothing else. */
function untilAborted(signal: AbortSignal): Promise<never> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new OnehopError('sender-cancelled')), {
      once: true,
    });
  });
  aborted.catch(() => {});
  return aborted;
}
