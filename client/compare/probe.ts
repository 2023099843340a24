import type { FinishedRun, Run } from './comparison.ts';
import type { LegProbe, Probe } from './prediction.ts';
import { createRandomFile } from './random-file.ts';

/** How much a probe sends each way, in bytes: enough to see a rate, little enough to be over soon. */
export const PROBE_BYTES = 1_000_000;
/** How long each of its parts takes at most, in milliseconds: what is not over by then is known by as much as came of it. */
export const PROBE_MS = 2_000;
/** A piece is of one file: so that some are here where not all of it is. */
const PROBE_FILES = 8;

/** What a probe sends from page to page. */
export function probeFiles(): readonly File[] {
  return Array.from(
    { length: PROBE_FILES },
    (_, index) => new File([createRandomFile(PROBE_BYTES / PROBE_FILES)], `probe-${index}`),
  );
}

/** A small transfer that was cut off: so much came in so long, as far as its receiver said so. */
export interface CutProbe {
  readonly bytes: number;
  readonly ms: number;
}

/** What came of trying a way from page to page. */
export type PeerProbe = Pick<Run, 'method' | 'outcome'> | (CutProbe & Pick<Run, 'method'>);

/** What small transfers, and probes of both lines to and from the server, tell of each way, for `predict`. */
export function probeOf(
  peers: readonly PeerProbe[],
  lines: Pick<Probe, 'upload' | 'download'>,
): Probe {
  const probe = { direct: null, relayed: null, ...lines };
  return peers.reduce<Probe>((known, peer) => ({ ...known, ...wayOf(peer) }), probe);
}

function wayOf(peer: PeerProbe): Partial<Probe> {
  if (peer.method !== 'direct' && peer.method !== 'relayed') return {};
  if ('bytes' in peer) {
    return peer.bytes === 0
      ? {}
      : { [peer.method]: legOf({ startMs: 0, restMs: peer.ms }, peer.bytes) };
  }
  if (peer.outcome.type !== 'done') return {};
  // Where a lane took a relay by itself, nothing is known of the other way.
  const went = peer.outcome.path === 'relayed' ? 'relayed' : peer.method;
  return { [went]: legOf(receivedIn(peer.outcome), PROBE_BYTES) };
}

/** How long until bytes came, and then. */
interface Leg {
  readonly startMs: number;
  readonly restMs: number;
}

function receivedIn({ times }: FinishedRun): Leg {
  const { connectMs, firstByteMs, transferMs, verifyMs } = times;
  return { startMs: connectMs + firstByteMs, restMs: transferMs + verifyMs };
}

/** One small transfer is one part: how much it varies is not known of it. */
function legOf({ startMs, restMs }: Leg, bytes: number): LegProbe {
  return { startMs, bytesPerSecond: (bytes * 1_000) / Math.max(1, restMs), noise: 0 };
}
