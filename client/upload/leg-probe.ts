import { PROBE_PATH, probeBytesPath } from '../../signaling/protocol/uploads.ts';
import type { LegProbe } from '../compare/prediction.ts';
import { randomBytes } from '../encoding/random-bytes.ts';
import { type ProbeChunk, type ProbePost, downloadLeg, uploadLeg } from './leg-rate.ts';

/** How much a probe moves over one leg, at most, in bytes. */
export const PROBE_LEG_BYTES = 1_000_000;
/** How long a probe of one leg takes, at most, in milliseconds. */
export const PROBE_LEG_MS = 900;

/** So much is next to nothing, and still a body. */
const SMALL_BYTES = 16;
const SMALL_POSTS = 2;
/** How much the first request sends whose rate counts; each one after it sends twice as much. */
const FIRST_BYTES = 32 * 1024;

/** What a leg is probed with. */
export interface LegProbeTools {
  /** of the server, as in `location.origin` */
  readonly origin: string;
  readonly fetch: typeof fetch;
  /** milliseconds since any fixed moment, as `performance.now` */
  readonly now: () => number;
}

/**
 * Measures the line to the server by small requests and larger ones, one after another. What was seen when bytes or time are
 * used up, or a request fails, is what counts. Leaves no request behind.
 * @returns null where that tells no rate, as where the server refuses
 * @throws the signal's reason once it is aborted, and nothing else
 */
export async function probeUpload(
  tools: LegProbeTools,
  signal: AbortSignal,
): Promise<LegProbe | null> {
  const body = randomBytes(PROBE_LEG_BYTES);
  return await inTime(signal, async (limit) => {
    const posts: ProbePost[] = [];
    let from = 0;
    for (const bytes of postSizes()) {
      const post = await send(body.subarray(from, from + bytes), tools, limit);
      if (post === null) break;
      posts.push(post);
      if (!post.isAnswered) break;
      from += bytes;
    }
    return uploadLeg(posts.slice(0, SMALL_POSTS), posts.slice(SMALL_POSTS));
  });
}

/**
 * Measures the line from the server by one request, of whose bytes those count that came until its time was over, or it
 * failed. Leaves no request behind.
 * @returns null where nothing came, as where the server refuses
 * @throws the signal's reason once it is aborted, and nothing else
 */
export async function probeDownload(
  tools: LegProbeTools,
  signal: AbortSignal,
): Promise<LegProbe | null> {
  const { now } = tools;
  return await inTime(signal, async (limit) => {
    const start = now();
    const chunks: ProbeChunk[] = [];
    try {
      await receive(tools, limit, (bytes) => chunks.push({ bytes, atMs: now() - start }));
    } catch {
      // What came before counts.
    }
    return downloadLeg(chunks, now() - start);
  });
}

/** Small ones, and then larger and larger ones, as long as there are bytes. */
function postSizes(): readonly number[] {
  const sizes = Array.from({ length: SMALL_POSTS }, () => SMALL_BYTES);
  let left = PROBE_LEG_BYTES - SMALL_POSTS * SMALL_BYTES;
  for (let next = FIRST_BYTES; left > 0; next *= 2) {
    const bytes = Math.min(next, left);
    sizes.push(bytes);
    left -= bytes;
  }
  return sizes;
}

/** @returns null where it failed, but for its time being over */
async function send(
  body: Uint8Array<ArrayBuffer>,
  { origin, fetch: send, now }: LegProbeTools,
  limit: AbortSignal,
): Promise<ProbePost | null> {
  const start = now();
  const done = (isAnswered: boolean) => ({ bytes: body.length, ms: now() - start, isAnswered });
  const headers = { 'Content-Type': 'application/octet-stream' };
  try {
    const init = { method: 'POST', headers, body, ...plain(limit) };
    const response = await send(`${origin}${PROBE_PATH}`, init);
    // To its end, or its connection would not be there for the next one.
    await response.text();
    return response.ok ? done(true) : null;
  } catch {
    return limit.aborted ? done(false) : null;
  }
}

/** @throws what `fetch` and its body throw */
async function receive(
  { origin, fetch: send }: LegProbeTools,
  limit: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const { ok, body } = await send(`${origin}${probeBytesPath(PROBE_LEG_BYTES)}`, plain(limit));
  const reader = body?.getReader();
  try {
    for (let left = ok ? PROBE_LEG_BYTES : 0; left > 0;) {
      const chunk = await reader?.read();
      if (chunk?.value === undefined) return;
      onBytes(chunk.value.length);
      left -= chunk.value.length;
    }
  } finally {
    reader?.cancel().catch(() => {});
  }
}

function plain(signal: AbortSignal): RequestInit {
  return { cache: 'no-store', redirect: 'error', signal };
}

/** Runs a probe with a signal that is aborted when its time is over, when it is done, and with `signal`. */
async function inTime<Value>(
  signal: AbortSignal,
  probe: (limit: AbortSignal) => Promise<Value>,
): Promise<Value> {
  signal.throwIfAborted();
  const limit = new AbortController();
  const stop = () => limit.abort();
  const late = setTimeout(stop, PROBE_LEG_MS);
  signal.addEventListener('abort', stop);
  try {
    const value = await probe(limit.signal);
    signal.throwIfAborted();
    return value;
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', stop);
    stop();
  }
}
