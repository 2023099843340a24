import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type LegProbeTools,
  PROBE_LEG_BYTES,
  PROBE_LEG_MS,
  probeDownload,
  probeUpload,
} from './leg-probe.ts';

const ORIGIN = 'https://onehop.example';

/** A line to a server as a test has it: times in milliseconds. */
interface Line {
  readonly bytesPerSecond?: number;
  /** how long an answer takes, whatever it answers */
  readonly answerMs?: number;
  /** what the first request waits besides */
  readonly connectMs?: number;
  /** from which request on it refuses, and how */
  readonly refusal?: { readonly from: number; readonly status: number };
  /** from which request on nothing gets through */
  readonly brokenFrom?: number;
  /** after so many bytes the body of an answer ends in an error */
  readonly breaksAfter?: number;
  /** the bytes of each chunk of an answer */
  readonly chunkBytes?: number;
}

/** A server behind a line: what it was asked, and how many requests and bodies are open. */
class FakeServer {
  readonly asked: { readonly method: string; readonly url: string; readonly bytes: number }[] = [];
  /** how the body of each request began */
  readonly beginnings = new Set<string>();
  open = 0;
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
  }

  readonly fetch: LegProbeTools['fetch'] = async (input, init) => {
    const { body, method = 'GET', signal } = init ?? {};
    if (typeof input !== 'string' || !signal) throw new Error('not asked as it should be');
    const bytes = body instanceof Uint8Array ? body.length : 0;
    if (body instanceof Uint8Array) this.beginnings.add(String(body.subarray(0, 16)));
    const number = this.asked.push({ method, url: input, bytes }) - 1;
    this.open += 1;
    try {
      return await this.#answer(number, method, bytes, signal);
    } finally {
      this.open -= 1;
    }
  };

  async #answer(number: number, method: string, bytes: number, signal: AbortSignal) {
    const { answerMs = 0, connectMs = 0, refusal, brokenFrom = Infinity } = this.#line;
    await wait(this.#msOf(bytes) + answerMs + (number === 0 ? connectMs : 0), signal);
    if (number >= brokenFrom) throw new TypeError('Failed to fetch');
    if (refusal !== undefined && number >= refusal.from) {
      return new Response(this.#body(10, signal), { status: refusal.status });
    }
    return method === 'POST'
      ? Response.json({ ok: true, value: null })
      : new Response(this.#body(2 * PROBE_LEG_BYTES, signal));
  }

  #msOf(bytes: number): number {
    return (bytes * 1_000) / (this.#line.bytesPerSecond ?? Infinity);
  }

  /** Comes chunk after chunk as the line carries it; no part of it is ready before it is asked for. */
  #body(length: number, signal: AbortSignal): ReadableStream<Uint8Array<ArrayBuffer>> {
    const { chunkBytes = 10_000, breaksAfter = Infinity } = this.#line;
    this.open += 1;
    let sent = 0;
    return new ReadableStream(
      {
        pull: async (controller) => {
          const bytes = Math.min(chunkBytes, length - sent);
          try {
            if (sent >= breaksAfter) throw new TypeError('network error');
            await wait(this.#msOf(bytes), signal);
            controller.enqueue(new Uint8Array(bytes));
            sent += bytes;
            if (sent < length) return;
            controller.close();
            this.open -= 1;
          } catch (error) {
            this.open -= 1;
            throw error;
          }
        },
        cancel: () => {
          this.open -= 1;
        },
      },
      { highWaterMark: 0 },
    );
  }
}

/** Lets so many milliseconds pass; for ever where they are infinite. @throws when the signal is aborted meanwhile */
async function wait(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (ms === 0) return;
  let stop = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      stop = () => reject(new DOMException('The operation was aborted.', 'AbortError'));
      signal.addEventListener('abort', stop);
      if (ms < Infinity) timer = setTimeout(resolve, ms);
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Probes over this line to its end. */
async function probe(
  leg: typeof probeUpload,
  line: Line,
  signal: AbortSignal = new AbortController().signal,
) {
  const server = new FakeServer(line);
  const start = Date.now();
  let [ms, timers] = [0, 0];
  const tools: LegProbeTools = { origin: ORIGIN, fetch: server.fetch, now: () => Date.now() };
  const probing = leg(tools, signal).finally(() => {
    [ms, timers] = [Date.now() - start, vi.getTimerCount()];
  });
  const settled = probing.then(
    (value) => ({ value }),
    (thrown: unknown) => ({ thrown }),
  );
  await vi.advanceTimersByTimeAsync(10 * PROBE_LEG_MS);
  const outcome = await settled;
  expect(server.open).toBe(0);
  expect(timers).toBe(0);
  return { outcome, ms, asked: server.asked, beginnings: server.beginnings };
}

const both = [
  ['to', probeUpload],
  ['from', probeDownload],
] as const;

describe('a probe of the line to the server', () => {
  it('sends next to nothing twice, then more and more, and no more than it may', async () => {
    const line = { bytesPerSecond: 4_096_000, answerMs: 20, connectMs: 40 };
    const { outcome, asked, beginnings } = await probe(probeUpload, line);
    expect(beginnings.size).toBe(asked.length);
    expect(outcome).toMatchObject({ value: { startMs: 60, noise: 0 } });
    expect(outcome).toHaveProperty('value.bytesPerSecond', expect.closeTo(4_096_000, -5));
    expect(asked.map(({ bytes }) => bytes)).toEqual([
      16,
      16,
      ...[32, 64, 128, 256].map((kib) => kib * 1024),
      1_000_000 - 32 - 480 * 1024,
    ]);
    expect(
      asked.every(({ method, url }) => `${method} ${url}` === `POST ${ORIGIN}/api/probe`),
    ).toBe(true);
  });

  it('ends in time on a slow line, by what was answered until then', async () => {
    const { outcome, ms, asked } = await probe(probeUpload, {
      bytesPerSecond: 100_000,
      answerMs: 50,
    });
    expect(ms).toBe(PROBE_LEG_MS);
    expect(asked.length).toBe(4);
    expect(outcome).toHaveProperty('value.bytesPerSecond', expect.closeTo(100_000, -4));
  });

  it('ends in time on a line where not even the first is answered, which is slower than that', async () => {
    const { outcome, ms } = await probe(probeUpload, { bytesPerSecond: 10_000, answerMs: 50 });
    expect(ms).toBe(PROBE_LEG_MS);
    expect(outcome).toHaveProperty('value.bytesPerSecond', expect.closeTo(41_000, -4));
  });

  it('counts what was answered before the server refused, or the network failed', async () => {
    const line = { bytesPerSecond: 1_000_000, answerMs: 20 };
    const refused = await probe(probeUpload, { ...line, refusal: { from: 4, status: 429 } });
    expect(refused.asked.length).toBe(5);
    expect(refused.outcome).toHaveProperty('value.bytesPerSecond', expect.closeTo(1e6, -5));
    const failed = await probe(probeUpload, { ...line, brokenFrom: 4 });
    expect(failed.asked.length).toBe(5);
    expect(failed.outcome).toEqual(refused.outcome);
  });

  it('tells nothing where only next to nothing was answered', async () => {
    const line = { bytesPerSecond: 1_000_000, brokenFrom: 2 };
    expect((await probe(probeUpload, line)).outcome).toEqual({ value: null });
  });
});

describe('a probe of the line from the server', () => {
  it('asks once, reads as much as it may, and has its first bytes as its start', async () => {
    const { outcome, ms, asked } = await probe(probeDownload, {
      bytesPerSecond: 2_000_000,
      answerMs: 35,
    });
    expect(asked).toEqual([
      { method: 'GET', url: `${ORIGIN}/api/probe?bytes=${PROBE_LEG_BYTES}`, bytes: 0 },
    ]);
    expect(ms).toBe(535);
    expect(outcome).toEqual({ value: { startMs: 40, bytesPerSecond: 2_000_000, noise: 0 } });
  });

  it('ends in time, by what came until then', async () => {
    const { outcome, ms } = await probe(probeDownload, { bytesPerSecond: 100_000, answerMs: 100 });
    expect(ms).toBe(PROBE_LEG_MS);
    expect(outcome).toMatchObject({ value: { startMs: 200, bytesPerSecond: 100_000 } });
  });

  it('counts what came before the network failed', async () => {
    const line = { bytesPerSecond: 1_000_000, answerMs: 20, breaksAfter: 300_000 };
    const { outcome, ms } = await probe(probeDownload, line);
    expect(ms).toBe(320);
    expect(outcome).toMatchObject({ value: { startMs: 30, bytesPerSecond: 1_000_000 } });
  });

  it('takes all that comes at once for what takes a millisecond', async () => {
    const { outcome } = await probe(probeDownload, { answerMs: 5, chunkBytes: PROBE_LEG_BYTES });
    expect(outcome).toEqual({ value: { startMs: 5, bytesPerSecond: 1e9, noise: 0 } });
  });
});

describe.each(both)('a probe of the line %s the server', (_, leg) => {
  it.each([[429], [404], [500]])('tells nothing where the server answers %i', async (status) => {
    const { outcome, asked } = await probe(leg, { refusal: { from: 0, status } });
    expect(outcome).toEqual({ value: null });
    expect(asked.length).toBe(1);
  });

  it('tells nothing where the network fails', async () => {
    expect((await probe(leg, { brokenFrom: 0 })).outcome).toEqual({ value: null });
  });

  it('tells nothing where no answer comes in time', async () => {
    const { outcome, ms } = await probe(leg, { answerMs: Infinity });
    expect(outcome).toEqual({ value: null });
    expect(ms).toBe(PROBE_LEG_MS);
  });

  it('throws at once what its caller ends it with', async () => {
    const end = new AbortController();
    const reason = new Error('no longer wanted');
    setTimeout(() => end.abort(reason), 300);
    const { outcome, ms } = await probe(leg, { bytesPerSecond: 100_000 }, end.signal);
    expect(outcome).toEqual({ thrown: reason });
    expect(ms).toBe(300);
  });

  it('asks nothing for a caller that has ended it before', async () => {
    const reason = new Error('no longer wanted');
    const { outcome, asked } = await probe(leg, {}, AbortSignal.abort(reason));
    expect(outcome).toEqual({ thrown: reason });
    expect(asked).toEqual([]);
  });
});
