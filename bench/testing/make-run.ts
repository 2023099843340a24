import { direction } from '../links/line.ts';
import type { Profile } from '../profiles.ts';
import type { Run } from '../run.ts';

const BROWSER = {
  cpuSeconds: { all: 4, renderers: 2, workers: 0.5 },
  peakBytes: { all: 300e6, renderers: 100e6 },
};
const UDP = { received: 100, sent: 100, receiveBufferErrors: 1, sendBufferErrors: 0 };
const WAY = {
  packets: 80_000,
  bytes: 110e6,
  lost: 80,
  overflowed: 0,
  meanQueueMs: 4,
  longestQueueMs: 20,
};

/** A profile of 100 MB over 100 Mbit/s, but for what is said of it. */
export function makeProfile(said: Partial<Profile>): Profile {
  const line = {
    up: direction({ rate: 100, delay: 10 }),
    down: direction({ rate: 100, delay: 10 }),
  };
  return {
    id: 'clean',
    title: '100 Mbit/s, 40 ms',
    lines: { sender: line, receiver: line },
    laterRate: null,
    input: 'random',
    bytes: 100e6,
    variants: ['tcp', 'onehop'],
    limits: {},
    runs: 1,
    withMemory: false,
    ...said,
  };
}

const THROUGH_A_SERVER: ReadonlySet<Run['variant']> = new Set(['http', 'stored', 'streamed']);

/** A whole transfer of 100 MB at this rate, in MB/s, but for what is said of it. */
export function makeRun(rate: number, said: Partial<Run> = {}): Run {
  return {
    profile: 'clean',
    variant: 'onehop',
    round: 1,
    outcome: { type: 'whole', bytes: 100e6, seconds: 100 / rate },
    firstByteMs: 90,
    lanes: 4,
    details: null,
    halves: THROUGH_A_SERVER.has(said.variant ?? 'onehop') ? { up: 10, down: 10, lag: 0.5 } : null,
    busy: 0.5,
    usage: { sender: BROWSER, receiver: BROWSER },
    lines: { sender: { up: WAY, down: WAY }, receiver: { up: WAY, down: WAY } },
    udp: { sender: UDP, receiver: UDP },
    ...said,
  };
}
