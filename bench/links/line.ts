/** One direction of the line that joins a host to the network. */
export interface Direction {
  /** Mbit/s, of IP packets; 0: without a limit */
  readonly rate: number;
  /** what it holds back at most, in milliseconds at its rate */
  readonly queue: number;
  /** one way, in milliseconds */
  readonly delay: number;
  /** of the packets, in percent; at random */
  readonly loss: number;
}

/** The line of a host: out of it and into it. */
export interface Line {
  readonly up: Direction;
  readonly down: Direction;
}

/** The queue of a line where a profile does not say another, in milliseconds. */
export const QUEUE_MS = 100;

/** A direction that does what is said of it, and otherwise neither limits, nor delays, nor loses. */
export function direction(said: Partial<Direction>): Direction {
  return { rate: 0, queue: QUEUE_MS, delay: 0, loss: 0, ...said };
}

/** The two who transfer something. */
export const HOSTS = ['sender', 'receiver'] as const;
export type HostName = (typeof HOSTS)[number];
export type Lines = Readonly<Record<HostName, Line>>;

/** How long a small packet takes there and back, in milliseconds: it crosses both lines twice. */
export function roundTripMs({ sender, receiver }: Lines): number {
  return [sender.up, sender.down, receiver.up, receiver.down].reduce(
    (sum, { delay }) => sum + delay,
    0,
  );
}

/** What the path from sender to receiver carries at most, in Mbit/s; null without a limit. */
export function pathRate({ sender, receiver }: Lines): number | null {
  const rates = [sender.up.rate, receiver.down.rate].filter((rate) => rate > 0);
  return rates.length === 0 ? null : Math.min(...rates);
}
