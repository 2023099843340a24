import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PROTOCOL_VERSION } from '../../signaling/protocol/limits.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import { HashLedger } from '../integrity/hash-ledger.ts';
import type { Lane, LaneListener } from '../peer/lane.ts';
import { digestManifest, locatePiece } from '../share/manifest.ts';
import { fullNumberSet } from '../share/number-set.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import { MemoryStore } from '../testing/memory-store.ts';
import { digestAtOnce } from '../testing/quick-digest.ts';
import { quickHash } from '../testing/quick-hash.ts';
import { type ControlMessage, encodeControlMessage } from './control-message.ts';
import { dataFrameOverhead, writeDataFrameHeader } from './data-frame.ts';
import { Fetch } from './fetch.ts';
import { decodePeerMessage } from './peer-message.ts';
import { PeerSource } from './peer-source.ts';
import { Receipt } from './receipt.ts';
import type { Source } from './source.ts';

const SIZES = [5, 0, 7, 9];
const manifest = makeManifest(...SIZES);
const everything = fullNumberSet(SIZES.length);
const root = 'A'.repeat(43);
const HELLO: ControlMessage = { type: 'hello', protocol: PROTOCOL_VERSION, inflates: true };
const MUTE: Omit<Lane, 'send'> = {
  maxMessageBytes: 65_536,
  full: false,
  readPath: async () => null,
  signal: () => {},
  close: () => {},
};

/** What a piece should be. */
const bytesOf = (piece: number) =>
  new Uint8Array(locatePiece(manifest, piece).length).fill(piece + 1);

type Act =
  | { readonly type: 'say'; readonly message: ControlMessage }
  /** of a piece, its bytes or others, with the hash of them or another */
  | {
      readonly type: 'piece';
      readonly piece: number;
      readonly fill: number;
      readonly lies: boolean;
    }
  | { readonly type: 'frame'; readonly file: number; readonly piece: number; readonly at: number }
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  | { readonly type: 'pass'; readonly ms: number }
  | { readonly type: 'select' | 'pause' | 'resume' | 'lose' };

const number = fc.oneof(fc.nat(5), fc.constantFrom(100_000, 2 ** 24, 2 ** 53 - 1));
const files = fc.constantFrom('Dw', 'DQ', 'BQ', 'AA', '', '_w', '!');
const entry = fc.record({
  path: fc.constantFrom('a', '../a', 'a/', '/'),
  size: number,
  type: fc.constant(''),
  lastModified: fc.constant(0),
});
const message = fc.oneof<fc.Arbitrary<ControlMessage>[]>(
  fc.record({
    type: fc.constant('unavailable' as const),
    file: number,
    reason: fc.constantFrom('source-changed', 'source-unreadable'),
  }),
  fc.record({ type: fc.constant('root' as const), root: fc.constant(root), files }),
  fc.record({ type: fc.constant('pause' as const), number, paused: fc.boolean() }),
  fc.record({ type: fc.constant('checking' as const), bytes: number }),
  fc.record({
    type: fc.constant('manifest-part' as const),
    part: number,
    parts: number,
    entries: fc.array(entry, { maxLength: 3 }),
  }),
  fc.constantFrom<ControlMessage>(
    HELLO,
    { type: 'progress', bytes: 1 },
    { type: 'complete', root },
    { type: 'bye', reason: 'sender-left' },
  ),
);
const pieceAct: fc.Arbitrary<Act> = fc.record({
  type: fc.constant('piece' as const),
  piece: fc.nat(2),
  fill: fc.constantFrom(0, 0, 1),
  lies: fc.boolean(),
});
const sayAct: fc.Arbitrary<Act> = message.map((said) => ({ type: 'say', message: said }));
// Some twice, as they come more often.
const act = fc.oneof<fc.Arbitrary<Act>[]>(
  sayAct,
  sayAct,
  pieceAct,
  pieceAct,
  fc.record({ type: fc.constant('frame' as const), file: number, piece: number, at: fc.nat(9) }),
  fc.record({ type: fc.constant('bytes' as const), bytes: fc.uint8Array({ maxLength: 60 }) }),
  fc.record({ type: fc.constant('pass' as const), ms: fc.constantFrom(500, 2_900, 31_000) }),
  fc.constantFrom<Act>(
    { type: 'select' },
    { type: 'select' },
    { type: 'pause' },
    { type: 'resume' },
  ),
  fc.constantFrom<Act>({ type: 'select' }, { type: 'lose' }),
);

function frameOf(file: number, piece: number, at: number, bytes: Uint8Array, hash: Uint8Array) {
  const overhead = dataFrameOverhead(at);
  const frame = new Uint8Array(overhead + bytes.length);
  const place = { file, piece, form: 'plain', total: at + bytes.length, offset: at } as const;
  writeDataFrameHeader(frame, place, bytes.length, hash);
  frame.set(bytes, overhead);
  return frame.buffer;
}

/** A receiving side and the sender that it meets, who does as it is told. */
class Meeting {
  readonly store = new MemoryStore(SIZES);
  readonly fetch: Fetch;
  readonly closed: ErrorReason[] = [];
  end: 'done' | ErrorReason | null = null;
  /** the most pieces that the sender was asked for at once */
  asked = 0;
  readonly #source: PeerSource;
  #lane: LaneListener | null = null;
  #feed: ReturnType<Fetch['addSource']> | null = null;
  #now = 0;

  constructor() {
    const end = (how: 'done' | ErrorReason) => (this.end ??= how);
    this.fetch = new Fetch(new Receipt(manifest, everything, this.store), everything, {
      onProgress: () => {},
      onFilesFailed: () => {},
      onTrouble: () => {},
      onChecking: () => {},
      onDone: () => end('done'),
      onFailed: (reason) => end(reason),
    });
    const openLane = (listener: LaneListener): Lane => {
      this.#lane = listener;
      const send = (bytes: Uint8Array<ArrayBuffer>) => this.#hear(bytes);
      return { ...MUTE, send };
    };
    this.#source = new PeerSource(
      { openLane, nextLane: () => 0, maxLanes: 1, clock: () => this.#now },
      {
        onSignal: () => {},
        onOpened: () => this.#source.fetchManifest(),
        onManifest: () => {},
        onPiece: (piece) => this.#feed?.piece(piece),
        onUnavailable: (file, reason) => this.#feed?.unavailable(file, reason),
        onPaused: () => {},
        onRoot: (given) => this.#feed?.root(given),
        onClosed: (reason) => {
          this.closed.push(reason);
          this.#feed?.closed();
        },
      },
    );
    this.#lane?.onOpen();
    this.#say(HELLO);
  }

  do(next: Act): void {
    switch (next.type) {
      case 'say':
        this.#say(next.message);
        break;
      case 'piece': {
        const { file, piece } = locatePiece(manifest, next.piece);
        const bytes = bytesOf(next.piece).map((byte) => byte + next.fill);
        const hash = next.lies ? new Uint8Array(32) : quickHash(bytes);
        this.#lane?.onMessage(frameOf(file, piece, 0, bytes, hash));
        break;
      }
      case 'frame': {
        const { file, piece, at } = next;
        const bytes = new Uint8Array(3);
        this.#lane?.onMessage(frameOf(file, piece, at, bytes, new Uint8Array(32)));
        break;
      }
      case 'bytes':
        this.#lane?.onMessage(next.bytes.slice().buffer);
        break;
      case 'pass':
        this.#now += next.ms;
        this.#source.tick(true);
        break;
      case 'select':
        if (this.#feed !== null || this.closed.length > 0) return;
        this.#source.select({
          manifest,
          digest: root,
          files: everything,
          receiver: 'A'.repeat(16),
        });
        if (this.closed.length === 0) this.#feed = this.fetch.addSource(this.#source);
        break;
      case 'pause':
        this.fetch.pause();
        break;
      case 'resume':
        this.fetch.resume();
        break;
      case 'lose':
        this.#source.close('connection-lost');
        break;
    }
  }

  /** Another sender that is honest takes over: whatever was said before, it has to come to an end. */
  async takeOver(): Promise<void> {
    this.do({ type: 'lose' });
    this.fetch.resume();
    const ledger = new HashLedger(manifest.pieceCount);
    for (const piece of [0, 1, 2]) ledger.note(piece, quickHash(bytesOf(piece)));
    const honest: Source = {
      fetchManifest: () => {},
      select: () => {},
      request: (pieces) => {
        for (const piece of pieces) {
          const parts = [bytesOf(piece)];
          queueMicrotask(() =>
            feed.piece({ piece, hash: quickHash(bytesOf(piece)), form: 'plain', parts }),
          );
        }
      },
      withdraw: () => {},
      reportPause: () => {},
      reportProgress: () => {},
      reportComplete: () => {},
      tick: () => {},
      close: () => {},
    };
    const feed = this.fetch.addSource(honest);
    const wanted = this.fetch.files;
    const given = await ledger.rootOf(manifest, wanted, await digestManifest(manifest));
    feed.root({ root: given, files: wanted });
    await turns();
  }

  #say(said: ControlMessage): void {
    this.#lane?.onMessage(encodeControlMessage(said).buffer);
  }

  #hear(bytes: Uint8Array<ArrayBuffer>): void {
    // Only a good-bye may go out once it is closed; what is sent is always well-formed.
    const heard = decodePeerMessage(bytes.slice().buffer);
    if (heard.type === 'control' && heard.message.type === 'request') {
      this.asked += heard.message.ranges.length;
    }
    expect(this.closed).toEqual([]);
  }
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
}

beforeEach(digestAtOnce);

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a sender that says whatever it likes', () => {
  it('closes its lane at most once, makes nobody throw or hold more than was asked for, and ends with a named end', async () => {
    const ends = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
        const meeting = new Meeting();
        for (const next of acts) {
          meeting.do(next);
          await turns();
        }
        expect(meeting.end).not.toBe('done');
        await meeting.takeOver();
        expect(meeting.closed.length).toBeLessThanOrEqual(1);
        expect(meeting.asked).toBeLessThanOrEqual(512);
        // Bytes that it lied about are here under their own hash: the root hash tells.
        expect(meeting.end).toMatch(/^(?:done|root-mismatch)$/);
        ends.add(meeting.end ?? '');
        if (meeting.end !== 'done') return;
        for (const [piece] of meeting.store.kept) {
          const { file } = locatePiece(manifest, piece);
          const right = meeting.store.files[file]?.every((byte) => byte === piece + 1);
          expect(right || !hasFile(meeting, file)).toBe(true);
        }
      }),
      { numRuns: 1_500 },
    );
    expect(ends).toEqual(new Set(['done', 'root-mismatch']));
  });
});

function hasFile({ fetch }: Meeting, file: number): boolean {
  return ((fetch.files.bits[file >> 3] ?? 0) & (1 << (file & 7))) !== 0;
}
