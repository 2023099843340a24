import * as v from 'valibot';

/** Which way a lane goes: through a relay (TURN), between two ends of one network, or straight across otherwise. */
export type LanePath = 'direct' | 'local-network' | 'relayed';

const id = v.string();

/** What of `RTCPeerConnection.getStats` tells the way (W3C "Identifiers for WebRTC's Statistics API"). An address is null or empty where it is hidden. */
const entrySchema = v.variant('type', [
  v.object({ type: v.literal('transport'), selectedCandidatePairId: v.optional(id) }),
  v.object({
    type: v.literal('candidate-pair'),
    id,
    localCandidateId: id,
    remoteCandidateId: id,
    /** how Firefox says it where its transport does not */
    selected: v.optional(v.boolean(), false),
  }),
  v.object({
    type: v.picklist(['local-candidate', 'remote-candidate']),
    id,
    candidateType: v.string(),
    address: v.nullish(v.string(), ''),
  }),
]);

type Entry = v.InferOutput<typeof entrySchema>;
type Candidate = Extract<Entry, { candidateType: string }>;

/**
 * The way a connection goes, from the entries of its statistics; null where they do not say which pair of candidates it uses. What in them is of no
 * known form is passed over.
 */
export function findPath(statistics: Iterable<unknown>): LanePath | null {
  const entries = [...statistics].flatMap((one) => {
    const parsed = v.safeParse(entrySchema, one);
    return parsed.success ? [parsed.output] : [];
  });
  const candidates = entries.filter((entry) => 'candidateType' in entry);
  const pair = selectedPair(entries);
  const local = candidates.find((one) => one.id === pair?.localCandidateId);
  const remote = candidates.find((one) => one.id === pair?.remoteCandidateId);
  if (local === undefined || remote === undefined) return null;
  if (local.candidateType === 'relay' || remote.candidateType === 'relay') return 'relayed';
  return isLocal(local, remote, candidates) ? 'local-network' : 'direct';
}

function selectedPair(entries: readonly Entry[]) {
  const pairs = entries.filter((entry) => entry.type === 'candidate-pair');
  const transport = entries.find((entry) => entry.type === 'transport');
  return pairs.find(({ id, selected }) => selected || id === transport?.selectedCandidatePairId);
}

function isLocal(local: Candidate, remote: Candidate, candidates: readonly Candidate[]): boolean {
  const other = numeric(remote);
  if (other === '') return isUnderHiddenAddress(local, remote);
  const own = candidates
    .filter(({ type, candidateType }) => type === 'local-candidate' && candidateType !== 'relay')
    .map((one) => numeric(one))
    // An IPv4 address that a STUN server saw is that of a router, which many may share.
    .filter((address) => address.includes(':') || address === numeric(local));
  return PRIVATE.test(other) || own.some((address) => isNextTo(address, other));
}

/**
 * Browsers hide addresses of hosts: others know them by a name of multicast DNS (RFC 8828), which is resolved within a network only. The peer is a
 * host known so; or it reached this host as it is, with no NAT between, by a hidden or private address, before it could be told of (`prflx`).
 */
function isUnderHiddenAddress(local: Candidate, remote: Candidate): boolean {
  const own = numeric(local);
  return (
    remote.candidateType === 'host' ||
    (local.candidateType === 'host' && (own === '' || PRIVATE.test(own)))
  );
}

/** Loopback, link-local, and private addresses: RFC 1122, 1918, 3927, 4193, 4291. */
const PRIVATE =
  /^(?:10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|f[cd]|fe[89ab]|::1$)/i;

/** A candidate's address; empty where it is hidden. */
function numeric({ address }: Candidate): string {
  return /^[\d.]+$|:/.test(address) ? address.toLowerCase() : '';
}

function isNextTo(one: string, other: string): boolean {
  return one === other || (one.includes(':') && networkOf(one) === networkOf(other));
}

/** The first 64 bits of an IPv6 address: that of its network (RFC 4291 §2.5.1). */
function networkOf(address: string): string {
  const [head = [], tail = []] = address.split('::').map((half) => half.split(':').filter(Boolean));
  const gap = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0');
  return [...head, ...gap, ...tail].slice(0, 4).join(':');
}
