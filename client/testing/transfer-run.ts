import type { ErrorReason } from '../errors/error-reason.ts';
import { OnehopError } from '../errors/onehop-error.ts';
import { encodeBase64url } from '../encoding/base64url.ts';
import { HashLedger } from '../integrity/hash-ledger.ts';
import { joinParts } from '../integrity/verify-piece.ts';
import { type Manifest, type PiecePlace, digestManifest, locatePiece } from '../share/manifest.ts';
import { Fetch, Receipt, type PieceStore, type SourceFeed } from '../transfer/fetch.ts';
import { type FramedPiece, framePiece } from '../transfer/framed-piece.ts';
import { splitManifest } from '../transfer/manifest-parts.ts';
import type { ArrivedPiece } from '../transfer/piece-assembler.ts';
import { PeerSource } from '../transfer/peer-source.ts';
import { SeederLane } from '../transfer/seeder-lane.ts';
import { type Fault, LanePair } from './lane-pair.ts';
import { makeManifest } from './make-manifest.ts';
import { type Random, seededRandom } from './random.ts';

/** How a simulated transfer ended on both sides. */
export interface TransferEnd {
  readonly receiver: 'done' | ErrorReason;
  /** null where the sender's side saw no end */
  readonly sender: 'done' | ErrorReason | null;
  /** what is in the sink, per file */
  readonly stored: readonly Uint8Array[];
  readonly originals: readonly Uint8Array[];
}

/** What a simulated transfer is made of. */
export interface TransferPlan {
  readonly seed: number;
  readonly sizes: readonly number[];
  readonly maxMessageBytes: number;
  readonly fault?: (random: Random) => Fault;
}

/** In place of SHA-256, so that a run needs no other thread and its schedule is the seed's alone; 32 bytes, not secure. */
function quickHash(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(8).map((_, index) => 0x811c9dc5 ^ (index * 0x9e3779b9));
  for (let index = 0; index < bytes.length; index += 1) {
    const slot = index & 7;
    words[slot] = Math.imul((words[slot] ?? 0) ^ (bytes[index] ?? 0), 0x01000193);
  }
  words[0] = (words[0] ?? 0) ^ bytes.length;
  return new Uint8Array(words.buffer);
}

/** Keeps the pieces whose hash is right, in memory. */
export class MemoryStore implements PieceStore {
  readonly files: readonly Uint8Array[];

  constructor(sizes: readonly number[]) {
    this.files = sizes.map((size) => new Uint8Array(size));
  }

  async store({ file, start }: PiecePlace, { hash, parts }: ArrivedPiece) {
    const bytes = joinParts(parts);
    if (encodeBase64url(quickHash(bytes)) !== encodeBase64url(hash)) return 'rejected' as const;
    this.files[file]?.set(bytes, start);
    return 'stored' as const;
  }

  async flush(): Promise<void> {}
}

/** Reads pieces of files in memory, and knows their root hash when each was read. */
export class OriginalReader {
  root: string | null = null;
  readonly #manifest: Manifest;
  readonly #originals: readonly Uint8Array[];
  readonly #ledger: HashLedger;
  readonly #onRoot: (root: string) => void;

  constructor(
    manifest: Manifest,
    originals: readonly Uint8Array[],
    onRoot: (root: string) => void,
  ) {
    this.#manifest = manifest;
    this.#originals = originals;
    this.#ledger = new HashLedger(manifest.pieceCount);
    this.#onRoot = onRoot;
    void this.#settle();
  }

  async read(piece: number, maxFrameBytes: number): Promise<FramedPiece> {
    const place = locatePiece(this.#manifest, piece);
    const file = this.#originals[place.file];
    if (file === undefined) throw new OnehopError('source-unreadable');
    const bytes = file.subarray(place.start, place.start + place.length);
    const hash = quickHash(bytes);
    this.#ledger.note(piece, hash);
    await this.#settle();
    return framePiece(place, bytes, hash, maxFrameBytes);
  }

  async #settle(): Promise<void> {
    if (!this.#ledger.complete || this.root !== null) return;
    const root = await this.#ledger.root(await digestManifest(this.#manifest));
    if (this.root !== null) return;
    this.root = root;
    this.#onRoot(root);
  }
}

/** The real sending and receiving sides over a pair of lanes in memory, from the greeting to the end. */
export async function runTransfer(plan: TransferPlan): Promise<TransferEnd> {
  const random = seededRandom(plan.seed);
  const originals = plan.sizes.map((size) => random.bytes(size));
  const manifest = makeManifest(...plan.sizes);
  const pair = new LanePair({
    random,
    maxMessageBytes: plan.maxMessageBytes,
    ...(plan.fault === undefined ? {} : { fault: plan.fault }),
  });
  const time = { now: 0 };
  const clock = () => time.now;
  const store = new MemoryStore(plan.sizes);
  const ends: { receiver: TransferEnd['receiver'] | null; sender: TransferEnd['sender'] } = {
    receiver: null,
    sender: null,
  };
  const endReceiver = (end: TransferEnd['receiver']) => {
    ends.receiver ??= end;
  };
  const endSender = (end: TransferEnd['receiver']) => {
    ends.sender ??= end;
  };

  const reader = new OriginalReader(manifest, originals, (root) => seeder.announceRoot(root));
  const offer = { manifest, manifestParts: splitManifest(manifest) ?? [], reader };
  const seeder = new SeederLane(
    offer,
    pair.open(0),
    {
      onSignal: () => {},
      onStage: (stage) => stage === 'done' && endSender('done'),
      onProgress: () => {},
      onClosed: endSender,
    },
    clock,
  );
  let feed: SourceFeed | null = null;
  let root: string | null = null;
  const source: PeerSource = new PeerSource(
    pair.open(1),
    {
      onSignal: () => {},
      onOpened: () => source.fetchManifest(),
      onManifest: (received) => {
        const fetch = new Fetch(new Receipt(received, store), {
          onProgress: () => {},
          onChecking: () => {},
          onDone: () => endReceiver('done'),
          onFailed: endReceiver,
        });
        feed = fetch.addSource(source);
        if (root !== null) feed.root(root);
      },
      onPiece: (piece) => feed?.piece(piece),
      onUnavailable: (piece, reason) => feed?.unavailable(piece, reason),
      onRoot: (received) => {
        root = received;
        feed?.root(received);
      },
      onClosed: (reason) => {
        feed?.closed();
        endReceiver(reason);
      },
    },
    clock,
  );

  // Bounded: each pass moves a message or the clock, and no wait may outlast two minutes of that clock.
  while (time.now < 120_000 && (ends.receiver === null || pair.busy)) {
    if (pair.busy) pair.step();
    else time.now += 500;
    await nextTurn();
    if (pair.busy) continue;
    await settled();
    seeder.tick(true);
    source.tick(true);
  }
  if (ends.receiver === null)
    throw new Error(`seed ${plan.seed}: the receiver never came to an end`);
  return { receiver: ends.receiver, sender: ends.sender, stored: store.files, originals };
}

function nextTurn(): Promise<void> {
  return Promise.resolve();
}

/** Lets the few digests that run on other threads come back. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
