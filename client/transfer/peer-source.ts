import type { Signal } from '../../signaling/protocol/signal.ts';
import { asOnehopError } from '../errors/onehop-error.ts';
import { type Manifest, numberPiece } from '../share/manifest.ts';
import { SLEEP_GAP_MS } from './conversation.ts';
import type { ControlMessage } from './control-message.ts';
import type { DataFrame } from './data-frame.ts';
import { type Clock, PeerLane, type OpenLane } from './peer-lane.ts';
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

/** Progress is reported no more often than this; what was held back is reported at the next look at the clock. */
const REPORT_INTERVAL_MS = 100;

/** What a peer source tells besides: steps of the WebRTC handshake for the peer. */
export interface PeerSourceListener extends SourceListener {
  onSignal(signal: Signal): void;
}

/** A sender's tab as a source, over one lane. */
export class PeerSource implements Source {
  readonly #listener: PeerSourceListener;
  readonly #clock: Clock;
  readonly #lane: PeerLane;
  #listing: ManifestParts | null = null;
  #manifest: Manifest | null = null;
  #assembler: AssemblerState = EMPTY_ASSEMBLER;
  #rootKnown = false;
  /** everything is here but the root hash */
  #rootOwed = false;
  #movedAt: number;
  #tickedAt: number;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #unreportedBytes: number | null = null;

  /** Begins to open the lane; `onOpened` or `onClosed` follows. */
  constructor(openLane: OpenLane, listener: PeerSourceListener, clock: Clock) {
    this.#listener = listener;
    this.#clock = clock;
    this.#movedAt = clock();
    this.#tickedAt = clock();
    this.#lane = new PeerLane(
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
    this.#lane.signal(signal);
  }

  fetchManifest(): void {
    this.#listing = FIRST_MANIFEST_STEP.state;
    this.#ask(FIRST_MANIFEST_STEP.ask);
  }

  request(pieces: readonly number[]): void {
    if (this.#manifest === null) return;
    if (this.#assembler.size === 0) this.#movedAt = this.#clock();
    this.#assembler = expectPieces(this.#assembler, pieces);
    for (const runs of packRuns(this.#manifest, pieces)) this.#lane.send({ type: 'request', runs });
  }

  reportProgress(bytes: number): void {
    const now = this.#clock();
    const whole = bytes === this.#manifest?.totalBytes;
    if (whole && !this.#rootOwed) {
      this.#rootOwed = !this.#rootKnown;
      this.#movedAt = now;
    }
    if (whole || now - this.#reportedAt >= REPORT_INTERVAL_MS) this.#report(bytes, now);
    else this.#unreportedBytes = bytes;
  }

  reportComplete(root: string): void {
    this.#lane.send({ type: 'complete', root });
  }

  tick(peerOnline: boolean): void {
    this.#lane.tick(peerOnline);
    const now = this.#clock();
    if (this.#unreportedBytes !== null) this.#report(this.#unreportedBytes, now);
    // A long gap is this page's own sleep.
    if (now - this.#tickedAt > SLEEP_GAP_MS) this.#movedAt = now;
    this.#tickedAt = now;
    const owes = this.#listing !== null || this.#assembler.size > 0 || this.#rootOwed;
    if (owes && now - this.#movedAt >= STALL_MS) this.close('source-stalled');
  }

  close(reason: Parameters<Source['close']>[0]): void {
    this.#lane.close(reason);
  }

  #report(bytes: number, now: number): void {
    this.#unreportedBytes = null;
    this.#reportedAt = now;
    this.#lane.send({ type: 'progress', bytes });
  }

  #ask(parts: readonly number[]): void {
    this.#movedAt = this.#clock();
    for (const part of parts) this.#lane.send({ type: 'manifest-request', part });
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
