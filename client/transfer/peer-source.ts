import type { Signal } from '../../signaling/protocol/signal.ts';
import { OnehopError, asOnehopError } from '../errors/onehop-error.ts';
import { decodeNumberSet, encodeNumberSet, hasNumber, isSubset } from '../share/number-set.ts';
import type { ControlMessage, FileFailureReason } from './control-message.ts';
import { SLEEP_GAP_MS } from './conversation.ts';
import type { DataFrame } from './data-frame.ts';
import type { ShareRoot } from './fetcher-state.ts';
import { FIRST_MANIFEST_STEP, type ManifestParts, acceptManifestPart } from './manifest-parts.ts';
import { type Clock, PeerLane, type OpenLane } from './peer-lane.ts';
import type { PeerMessage } from './peer-message.ts';
import { PieceAssembler } from './piece-assembler.ts';
import { packRuns } from './piece-runs.ts';
import { ProgressReport } from './progress-report.ts';
import type { Selection, Source, SourceListener } from './source.ts';

/** A source that owes something and sends none of it for this long is given up, in milliseconds. */
export const STALL_MS = 30_000;

/** What a peer source tells besides: steps of the WebRTC handshake for the peer. */
export interface PeerSourceListener extends SourceListener {
  onSignal(signal: Signal): void;
}

/** What is wanted of the peer, and what has come of it. */
interface Wanted {
  readonly selection: Selection;
  readonly assembler: PieceAssembler;
  /** the files that are not wanted any more */
  readonly withdrawn: Set<number>;
  /** the last root hash that it gave */
  root: ShareRoot | null;
}

/** A sender's tab as a source, over one lane. */
export class PeerSource implements Source {
  readonly #listener: PeerSourceListener;
  readonly #clock: Clock;
  readonly #lane: PeerLane;
  readonly #progress: ProgressReport;
  #listing: ManifestParts | null = null;
  #wanted: Wanted | null = null;
  /** the files that the peer has given up; it may say so before anything was selected */
  readonly #unavailable = new Map<number, FileFailureReason>();
  /** number of the last `pause` heard, and sent */
  #pauseHeard = 0;
  #pauseSent = 0;
  #peerPaused = false;
  #ownPaused = false;
  /** everything is here, but for a root hash */
  #whole = false;
  #checkedBytes = 0;
  #movedAt: number;
  #tickedAt: number;

  /** Begins to open the lane; `onOpened` or `onClosed` follows. */
  constructor(openLane: OpenLane, listener: PeerSourceListener, clock: Clock) {
    this.#listener = listener;
    this.#clock = clock;
    this.#movedAt = clock();
    this.#tickedAt = clock();
    this.#progress = new ProgressReport((bytes) => this.#lane.send({ type: 'progress', bytes }));
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

  /** How long nothing was heard from the peer, in milliseconds; 0 while the lane is not open. */
  get silentMs(): number {
    return this.#lane.silentMs;
  }

  /** Takes a step of the WebRTC handshake from the sender. */
  signal(signal: Signal): void {
    this.#lane.signal(signal);
  }

  fetchManifest(): void {
    this.#listing = FIRST_MANIFEST_STEP.state;
    this.#ask(FIRST_MANIFEST_STEP.ask);
  }

  select(selection: Selection): void {
    const { manifest, digest, files, receiver } = selection;
    const assembler = new PieceAssembler(manifest);
    this.#wanted = { selection, assembler, withdrawn: new Set(), root: null };
    this.#lane.send({ type: 'select', manifest: digest, files: encodeNumberSet(files), receiver });
    this.#guard(() => {
      for (const [file, reason] of this.#unavailable) {
        this.#tellUnavailable(selection, file, reason);
      }
    });
  }

  request(pieces: readonly number[]): void {
    if (this.#wanted === null) return;
    const { assembler, selection } = this.#wanted;
    if (assembler.expected === 0) this.#movedAt = this.#clock();
    assembler.expect(pieces);
    for (const runs of packRuns(selection.manifest, pieces)) {
      this.#lane.send({ type: 'request', runs });
    }
  }

  withdraw(files: readonly number[]): void {
    this.#wanted?.assembler.withdraw(files);
    for (const file of files) this.#wanted?.withdrawn.add(file);
    this.#movedAt = this.#clock();
  }

  reportPause(paused: boolean): void {
    this.#pauseSent += 1;
    this.#ownPaused = paused;
    this.#movedAt = this.#clock();
    this.#lane.send({ type: 'pause', number: this.#pauseSent, paused });
  }

  reportProgress(bytes: number, whole: boolean): void {
    const now = this.#clock();
    if (whole && !this.#whole) {
      this.#whole = true;
      this.#movedAt = now;
    }
    this.#progress.report(bytes, whole, now);
  }

  reportComplete(root: string): void {
    this.#lane.send({ type: 'complete', root });
  }

  tick(peerOnline: boolean): void {
    this.#lane.tick(peerOnline);
    const now = this.#clock();
    this.#progress.catchUp(now);
    // A long gap is this page's own sleep; and while either side has paused nothing is awaited.
    const paused = this.#peerPaused || this.#ownPaused;
    if (now - this.#tickedAt > SLEEP_GAP_MS || paused) this.#movedAt = now;
    this.#tickedAt = now;
    const pieces = this.#wanted?.assembler.expected ?? 0;
    const owes = this.#listing !== null || pieces > 0 || this.#owesRoot();
    if (owes && now - this.#movedAt >= STALL_MS) this.close('source-stalled');
  }

  close(reason: Parameters<Source['close']>[0]): void {
    this.#lane.close(reason);
  }

  /** One over files that were given up since is none yet. */
  #owesRoot(): boolean {
    if (!this.#whole || this.#wanted === null) return false;
    const { root, withdrawn } = this.#wanted;
    return root === null || [...withdrawn].some((file) => hasNumber(root.files, file));
  }

  #ask(parts: readonly number[]): void {
    this.#movedAt = this.#clock();
    for (const part of parts) this.#lane.send({ type: 'manifest-request', part });
  }

  #onMessage(received: PeerMessage): void {
    this.#guard(() => {
      if (received.type === 'data') this.#onFrame(received.frame);
      else this.#onControl(received.message);
    });
  }

  /** What the peer must not say closes the lane. */
  #guard(take: () => void): void {
    try {
      take();
    } catch (error) {
      this.close(asOnehopError(error).reason);
    }
  }

  #onFrame(frame: DataFrame): void {
    if (this.#wanted === null) throw new OnehopError('frame-unasked');
    const arrived = this.#wanted.assembler.accept(frame);
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
        this.#onRoot(this.#selected(), message);
        break;
      case 'checking':
        this.#onChecking(message.bytes);
        break;
      case 'pause':
        this.#onPause(message.number, message.paused);
        break;
      default:
        throw new OnehopError('message-unexpected');
    }
  }

  /** @throws {OnehopError} `message-unexpected` where nothing was selected yet */
  #selected(): Wanted {
    if (this.#wanted === null) throw new OnehopError('message-unexpected');
    return this.#wanted;
  }

  #onManifestPart(message: Extract<ControlMessage, { type: 'manifest-part' }>): void {
    if (this.#listing === null) throw new OnehopError('message-unexpected');
    const step = acceptManifestPart(this.#listing, message.part, message.parts, message.entries);
    switch (step.type) {
      case 'ask':
        this.#listing = step.state;
        this.#ask(step.ask);
        break;
      case 'whole':
        this.#listing = null;
        this.#listener.onManifest(step.manifest);
        break;
      case 'invalid':
        throw new OnehopError(step.reason);
    }
  }

  #onUnavailable({ file, reason }: Extract<ControlMessage, { type: 'unavailable' }>): void {
    if (this.#unavailable.has(file)) throw new OnehopError('message-unexpected');
    this.#unavailable.set(file, reason);
    if (this.#wanted !== null) this.#tellUnavailable(this.#wanted.selection, file, reason);
  }

  #tellUnavailable({ files }: Selection, file: number, reason: FileFailureReason): void {
    if (file >= files.size) throw new OnehopError('message-unexpected');
    if (hasNumber(files, file)) this.#listener.onUnavailable(file, reason);
  }

  /** It comes again, over fewer files, where one had to be given up after it; the channel may bring the later one first. */
  #onRoot(wanted: Wanted, message: Extract<ControlMessage, { type: 'root' }>): void {
    const { selection, root } = wanted;
    const files = decodeNumberSet(message.files, selection.files.size);
    if (files === null) throw new OnehopError('message-malformed');
    if (!isSubset(files, selection.files)) throw new OnehopError('message-unexpected');
    if (root !== null) {
      const overtaken = isSubset(root.files, files) && files.count > root.files.count;
      if (overtaken) return;
      const smaller = isSubset(files, root.files) && files.count < root.files.count;
      if (!smaller) throw new OnehopError('message-unexpected');
    }
    wanted.root = { root: message.root, files };
    this.#listener.onRoot(wanted.root);
  }

  #onChecking(bytes: number): void {
    if (bytes > this.#checkedBytes) this.#movedAt = this.#clock();
    this.#checkedBytes = Math.max(bytes, this.#checkedBytes);
  }

  #onPause(number: number, paused: boolean): void {
    if (number <= this.#pauseHeard) return;
    this.#pauseHeard = number;
    this.#peerPaused = paused;
    this.#movedAt = this.#clock();
    this.#listener.onPaused(paused);
  }
}
