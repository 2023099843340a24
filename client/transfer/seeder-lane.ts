import type { Signal } from '../../signaling/protocol/signal.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import type { EncodedPiece } from '../reading/encoded-piece.ts';
import type { PieceReader } from '../reading/piece-reader.ts';
import type { RootWatch } from '../reading/selection-roots.ts';
import type { LanePath } from '../peer/lane-path.ts';
import { Inbox } from '../machine/inbox.ts';
import type { Manifest, ManifestEntry } from '../share/manifest.ts';
import { encodeNumberSet } from '../share/number-set.ts';
import type { FileFailureReason } from './control-message.ts';
import { MIN_CHANNEL_MESSAGE_BYTES } from './data-frame.ts';
import { type Clock, PeerLane, type OpenLane } from './peer-lane.ts';
import { type OutgoingRange, frameRange } from './range-frames.ts';
import { canSend, createSeeder, stepSeeder } from './seeder.ts';
import type { SeederEffect, SeederEvent, SeederStage, SeederState } from './seeder-state.ts';

/** What is shared, as every lane of the share serves it. */
export interface Offer {
  readonly manifest: Manifest;
  readonly manifestParts: readonly (readonly ManifestEntry[])[];
  /** `digestManifest` in base64url */
  readonly digest: string;
  readonly reader: Pick<PieceReader, 'read' | 'readFirst' | 'failed' | 'watchRoot' | 'noteSent'>;
}

/** What a sending lane tells its owner. After `onClosed` comes nothing more. */
export interface SeederLaneListener {
  onSignal(signal: Signal): void;
  /** a step of the handshake of another lane between the two */
  onLaneSignal(lane: number, signal: Signal): void;
  onStage(stage: SeederStage): void;
  /** @param receiver its id @param bytes of the files that it takes */
  onSelected(receiver: string, bytes: number): void;
  /** the receiver paused, or goes on */
  onPaused(paused: boolean): void;
  /** @param bytes that the receiver has verified */
  onProgress(bytes: number): void;
  onClosed(reason: ErrorReason): void;
}

/** One lane on the sending side: carries out what `stepSeeder` decides. */
export class SeederLane {
  readonly #offer: Offer;
  readonly #listener: SeederLaneListener;
  readonly #lane: PeerLane;
  readonly #inbox = new Inbox<SeederEvent>((event) => this.#step(event));
  #state: SeederState | null = null;
  #rootWatch: RootWatch | null = null;
  /** pieces that were read in this turn */
  #read = new Map<number, EncodedPiece>();

  constructor(offer: Offer, openLane: OpenLane, listener: SeederLaneListener, clock: Clock) {
    this.#offer = offer;
    this.#listener = listener;
    this.#lane = new PeerLane(
      openLane,
      {
        onSignal: (signal) => listener.onSignal(signal),
        onOpened: () => this.#onOpened(),
        onMessage: (received) =>
          this.#inbox.post(
            received.type === 'data'
              ? { type: 'data' }
              : { type: 'message', message: received.message },
          ),
        onLaneSignal: (lane, signal) => listener.onLaneSignal(lane, signal),
        onRoom: () => this.#fill(),
        onClosed: (reason) => this.#onClosed(reason),
      },
      clock,
    );
  }

  /** For how many milliseconds nothing was heard of the receiver. */
  get silentMs(): number {
    return this.#lane.silentMs;
  }

  /** Whether both sides have greeted and the lane is not closed. */
  get open(): boolean {
    return this.#lane.open;
  }

  /** The last round trip of a ping, in milliseconds; null where there was none. */
  get roundTripMs(): number | null {
    return this.#lane.roundTripMs;
  }

  /** Which way the lane goes; null where that cannot be told. */
  readPath(): Promise<LanePath | null> {
    return this.#lane.readPath();
  }

  /** Sends the receiver a step of the handshake of another lane between the two. */
  sendLaneSignal(lane: number, signal: Signal): void {
    this.#lane.send({ type: 'signal', lane, signal });
  }

  /** Takes a step of the WebRTC handshake from the receiver. */
  signal(signal: Signal): void {
    this.#lane.signal(signal);
  }

  /** Looks at the clock; to be called about twice a second. @param peerOnline false where signaling lost the receiver */
  tick(peerOnline: boolean): void {
    this.#lane.tick(peerOnline);
    if (this.#rootWatch === null) return;
    this.#inbox.post({ type: 'checked', bytes: this.#rootWatch.restBytesRead });
  }

  /** Tells the receiver that a file cannot be had any more. */
  failFile(file: number, reason: FileFailureReason): void {
    this.#inbox.post({ type: 'file-failed', file, reason });
  }

  /** Stops sending pieces, or goes on, and tells the receiver. */
  setPaused(paused: boolean): void {
    this.#inbox.post({ type: 'pause', paused });
  }

  /** Tells the receiver why, and closes. */
  close(reason: ErrorReason): void {
    this.#lane.close(reason);
  }

  #onOpened(): void {
    if (this.#lane.maxMessageBytes < MIN_CHANNEL_MESSAGE_BYTES) {
      this.close('channel-too-small');
      return;
    }
    const { manifest, manifestParts, digest, reader } = this.#offer;
    const { state, effects } = createSeeder({
      manifest,
      manifestParts: manifestParts.length,
      digest,
    });
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
    for (const [file, reason] of reader.failed) this.failFile(file, reason);
  }

  #onClosed(reason: ErrorReason): void {
    this.#state = { type: 'closed', reason };
    this.#rootWatch?.close();
    this.#rootWatch = null;
    this.#listener.onClosed(reason);
  }

  #step(event: SeederEvent): void {
    if (this.#state === null) return;
    const { state, effects } = stepSeeder(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
    this.#fill();
  }

  /** Has something put into the channel where it has room; asks again after each burst. */
  #fill(): void {
    if (this.#state !== null && canSend(this.#state) && !this.#lane.full) {
      this.#inbox.post({ type: 'room' });
    }
  }

  #perform(effect: SeederEffect): void {
    switch (effect.type) {
      case 'read':
        void this.#readPiece(effect.piece);
        break;
      case 'send-range':
        this.#sendRange(effect.range);
        break;
      case 'send-manifest-part':
        this.#sendManifestPart(effect.part);
        break;
      case 'read-first':
        this.#offer.reader.readFirst(this.#lane.peerInflates);
        break;
      case 'send-unavailable':
        this.#lane.send({ type: 'unavailable', file: effect.file, reason: effect.reason });
        break;
      case 'send-root':
        this.#lane.send({ type: 'root', root: effect.root, files: encodeNumberSet(effect.files) });
        break;
      case 'send-checking':
        this.#lane.send({ type: 'checking', bytes: effect.bytes });
        break;
      case 'send-pause':
        this.#lane.send({ type: 'pause', number: effect.number, paused: effect.paused });
        break;
      case 'watch-root':
        this.#watchRoot(effect);
        break;
      case 'read-rest':
        this.#rootWatch?.wantRest();
        break;
      case 'close':
        this.#lane.close(effect.reason);
        break;
      default:
        this.#tell(effect);
    }
  }

  #tell(
    effect: Extract<SeederEffect, { type: 'selected' | 'peer-paused' | 'progress' | 'stage' }>,
  ): void {
    switch (effect.type) {
      case 'selected':
        this.#listener.onSelected(effect.receiver, effect.bytes);
        break;
      case 'peer-paused':
        this.#listener.onPaused(effect.paused);
        break;
      case 'progress':
        this.#listener.onProgress(effect.bytes);
        break;
      case 'stage':
        this.#listener.onStage(effect.stage);
        break;
    }
  }

  #watchRoot({ files }: Extract<SeederEffect, { type: 'watch-root' }>): void {
    this.#rootWatch = this.#offer.reader.watchRoot(files, (root, had) =>
      this.#inbox.post({ type: 'root', root, files: had }),
    );
  }

  #sendManifestPart(part: number): void {
    const parts = this.#offer.manifestParts;
    const entries = [...(parts[part] ?? [])];
    this.#lane.send({ type: 'manifest-part', part, parts: parts.length, entries });
  }

  async #readPiece(piece: number): Promise<void> {
    // A piece that cannot be read is one of a file that failed, or the end of the share: either is told by others.
    const encoded = await this.#offer.reader
      .read(piece, this.#lane.peerInflates)
      .catch((): EncodedPiece | null => null);
    if (encoded === null) return;
    // Small pieces are read many at once, and a step for each would cost more than to send it.
    if (this.#read.size === 0) queueMicrotask(() => this.#postRead());
    this.#read.set(piece, encoded);
  }

  #postRead(): void {
    const pieces = this.#read;
    this.#read = new Map();
    this.#inbox.post({ type: 'read', pieces });
  }

  #sendRange(range: OutgoingRange): void {
    for (const frame of frameRange(range, this.#lane.maxMessageBytes)) this.#lane.sendFrame(frame);
    this.#offer.reader.noteSent(range.end - range.start);
  }
}
