import type { Signal } from '../../signaling/protocol/signal.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import { asOnehopError } from '../errors/onehop-error.ts';
import type { PieceReader } from '../reading/piece-reader.ts';
import { Inbox } from '../machine/inbox.ts';
import { type Manifest, type ManifestEntry, locatePiece } from '../share/manifest.ts';
import { MIN_CHANNEL_MESSAGE_BYTES } from './data-frame.ts';
import type { FramedPiece } from './framed-piece.ts';
import { type Clock, PeerLane, type OpenLane } from './peer-lane.ts';
import {
  type SeederEffect,
  type SeederEvent,
  type SeederState,
  createSeeder,
  stepSeeder,
} from './seeder.ts';

/** What is shared, as every lane of the share serves it. */
export interface Offer {
  readonly manifest: Manifest;
  readonly manifestParts: readonly (readonly ManifestEntry[])[];
  readonly reader: Pick<PieceReader, 'read' | 'root'>;
}

/** What a sending lane tells its owner. After `onClosed` comes nothing more. */
export interface SeederLaneListener {
  onSignal(signal: Signal): void;
  onStage(stage: 'choosing' | 'receiving' | 'done'): void;
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
  /** frames of the piece that the channel is taking */
  #outgoing: readonly Uint8Array<ArrayBuffer>[] = [];

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
        onRoom: () => this.#pump(),
        onClosed: (reason) => this.#onClosed(reason),
      },
      clock,
    );
  }

  /** Takes a step of the WebRTC handshake from the receiver. */
  signal(signal: Signal): void {
    this.#lane.signal(signal);
  }

  /** Looks at the clock. @param peerOnline false where signaling lost the receiver */
  tick(peerOnline: boolean): void {
    this.#lane.tick(peerOnline);
  }

  /** Passes the share's root hash on once it is known. */
  announceRoot(root: string): void {
    this.#inbox.post({ type: 'share-root', root });
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
    const { manifest, manifestParts, reader } = this.#offer;
    const { state, effects } = createSeeder(manifest, manifestParts.length, reader.root);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #onClosed(reason: ErrorReason): void {
    this.#state = { type: 'closed', reason };
    this.#outgoing = [];
    this.#listener.onClosed(reason);
  }

  #step(event: SeederEvent): void {
    if (this.#state === null) return;
    const { state, effects } = stepSeeder(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: SeederEffect): void {
    switch (effect.type) {
      case 'read':
        void this.#read(effect.piece);
        break;
      case 'send-piece':
        this.#send(effect.framed);
        break;
      case 'send-manifest-part':
        this.#sendManifestPart(effect.part);
        break;
      case 'send-unavailable': {
        const { file, piece } = locatePiece(this.#offer.manifest, effect.piece);
        this.#lane.send({ type: 'unavailable', file, piece, reason: effect.reason });
        break;
      }
      case 'send-root':
        this.#lane.send({ type: 'root', root: effect.root });
        break;
      case 'progress':
        this.#listener.onProgress(effect.bytes);
        break;
      case 'stage':
        this.#listener.onStage(effect.stage);
        break;
      case 'close':
        this.#lane.close(effect.reason);
        break;
    }
  }

  #sendManifestPart(part: number): void {
    const parts = this.#offer.manifestParts;
    const entries = [...(parts[part] ?? [])];
    this.#lane.send({ type: 'manifest-part', part, parts: parts.length, entries });
  }

  async #read(piece: number): Promise<void> {
    try {
      const framed = await this.#offer.reader.read(piece, this.#lane.maxMessageBytes);
      this.#inbox.post({ type: 'read', piece, framed });
    } catch (error) {
      const { reason } = asOnehopError(error);
      const named = reason === 'source-changed' ? reason : 'source-unreadable';
      this.#inbox.post({ type: 'unreadable', piece, reason: named });
    }
  }

  #send(framed: FramedPiece): void {
    this.#outgoing = framed.frames;
    this.#pump();
  }

  /** Puts frames into the channel while it has room. */
  #pump(): void {
    if (this.#outgoing.length === 0) return;
    let sent = 0;
    while (sent < this.#outgoing.length && !this.#lane.full) {
      const frame = this.#outgoing[sent];
      if (frame !== undefined) this.#lane.sendFrame(frame);
      sent += 1;
    }
    this.#outgoing = this.#outgoing.slice(sent);
    if (this.#outgoing.length === 0) this.#inbox.post({ type: 'sent' });
  }
}
