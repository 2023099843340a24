import type { Signal } from '../../signaling/protocol/signal.ts';
import { asOnehopError } from '../errors/onehop-error.ts';
import { type Manifest, numberPiece } from '../share/manifest.ts';
import type { ControlMessage } from './control-message.ts';
import type { DataFrame } from './data-frame.ts';
import { type Clock, Link, type OpenLane } from './link.ts';
import { FIRST_MANIFEST_STEP, type ManifestParts, acceptManifestPart } from './manifest-parts.ts';
import {
  type AssemblerState,
  EMPTY_ASSEMBLER,
  acceptFrame,
  expectPieces,
} from './piece-assembler.ts';
import type { PeerMessage } from './peer-message.ts';
import { packRuns } from './piece-runs.ts';
import type { Source, SourceListener } from './source.ts';

/** A source that owes something and sends none of it for this long is given up, in milliseconds. */
export const STALL_MS = 30_000;

/** What a peer source tells besides: steps of the WebRTC handshake for the peer. */
export interface PeerSourceListener extends SourceListener {
  onSignal(signal: Signal): void;
}

/** A sender's tab as a source, over one lane. */
export class PeerSource implements Source {
  readonly #listener: PeerSourceListener;
  readonly #clock: Clock;
  readonly #link: Link;
  #listing: ManifestParts | null = null;
  #manifest: Manifest | null = null;
  #assembler: AssemblerState = EMPTY_ASSEMBLER;
  #rootKnown = false;
  /** everything is here but the root hash */
  #rootOwed = false;
  #movedAt: number;

  /** Begins to open the lane; `onOpened` or `onClosed` follows. */
  constructor(openLane: OpenLane, listener: PeerSourceListener, clock: Clock) {
    this.#listener = listener;
    this.#clock = clock;
    this.#movedAt = clock();
    this.#link = new Link(
      openLane,
      {
        onSignal: (signal) => listener.onSignal(signal),
        onOpened: () => listener.onOpened(),
        onMessage: (message) => this.#onMessage(message),
        onRoom: () => {},
        onClosed: (reason) => listener.onClosed(reason),
      },
      clock,
    );
  }

  /** Takes a step of the WebRTC handshake from the sender. */
  signal(signal: Signal): void {
    this.#link.signal(signal);
  }

  fetchManifest(): void {
    this.#listing = FIRST_MANIFEST_STEP.state;
    this.#ask(FIRST_MANIFEST_STEP.ask);
  }

  request(pieces: readonly number[]): void {
    if (this.#manifest === null) return;
    if (this.#assembler.size === 0) this.#movedAt = this.#clock();
    this.#assembler = expectPieces(this.#assembler, pieces);
    for (const runs of packRuns(this.#manifest, pieces)) this.#link.send({ type: 'request', runs });
  }

  reportProgress(bytes: number): void {
    if (bytes === this.#manifest?.totalBytes && !this.#rootOwed) {
      this.#rootOwed = !this.#rootKnown;
      this.#movedAt = this.#clock();
    }
    this.#link.send({ type: 'progress', bytes });
  }

  reportComplete(root: string): void {
    this.#link.send({ type: 'complete', root });
  }

  tick(peerOnline: boolean): void {
    this.#link.tick(peerOnline);
    const owes = this.#listing !== null || this.#assembler.size > 0 || this.#rootOwed;
    if (owes && this.#clock() - this.#movedAt >= STALL_MS) this.close('source-stalled');
  }

  close(reason: Parameters<Source['close']>[0]): void {
    this.#link.close(reason);
  }

  #ask(parts: readonly number[]): void {
    this.#movedAt = this.#clock();
    for (const part of parts) this.#link.send({ type: 'manifest-request', part });
  }

  #onMessage(received: PeerMessage): void {
    try {
      if (received.type === 'data') this.#onFrame(received.frame);
      else this.#onControl(received.message);
    } catch (error) {
      this.close(asOnehopError(error).reason);
    }
  }

  #onFrame(frame: DataFrame): void {
    if (this.#manifest === null) {
      this.close('frame-unasked');
      return;
    }
    const { state, arrived } = acceptFrame(this.#assembler, this.#manifest, frame);
    this.#assembler = state;
    this.#movedAt = this.#clock();
    if (arrived !== null) this.#listener.onPiece(arrived);
  }

  #onControl(message: ControlMessage): void {
    switch (message.type) {
      case 'manifest-part':
        this.#onManifestPart(message);
        break;
      case 'unavailable':
        this.#onUnavailable(message);
        break;
      case 'root':
        if (this.#rootKnown) this.close('message-unexpected');
        else this.#listener.onRoot(message.root);
        this.#rootKnown = true;
        this.#rootOwed = false;
        break;
      default:
        this.close('message-unexpected');
    }
  }

  #onManifestPart(message: Extract<ControlMessage, { type: 'manifest-part' }>): void {
    if (this.#listing === null) {
      this.close('message-unexpected');
      return;
    }
    const step = acceptManifestPart(this.#listing, message.part, message.parts, message.entries);
    switch (step.type) {
      case 'ask':
        this.#listing = step.state;
        this.#ask(step.ask);
        break;
      case 'whole':
        this.#listing = null;
        this.#manifest = step.manifest;
        this.#listener.onManifest(step.manifest);
        break;
      case 'invalid':
        this.close(step.reason);
        break;
    }
  }

  #onUnavailable(message: Extract<ControlMessage, { type: 'unavailable' }>): void {
    const piece =
      this.#manifest === null ? null : numberPiece(this.#manifest, message.file, message.piece);
    if (piece === null || !this.#assembler.has(piece)) {
      this.close('message-unexpected');
      return;
    }
    const rest = new Map(this.#assembler);
    rest.delete(piece);
    this.#assembler = rest;
    this.#listener.onUnavailable(piece, message.reason);
  }
}
