import type { Signal } from '../../signaling/protocol/signal.ts';
import { OnehopError, asOnehopError } from '../errors/onehop-error.ts';
import type { LanePath } from '../peer/lane-path.ts';
import { encodeNumberSet, hasNumber } from '../share/number-set.ts';
import { AwaitedRoot } from './awaited-root.ts';
import type { ControlMessage, FileFailureReason } from './control-message.ts';
import { SLEEP_GAP_MS } from './conversation.ts';
import type { DataFrame } from './data-frame.ts';
import { Flow } from './flow/flow.ts';
import { LaneGroup, type LaneTools } from './lane-group.ts';
import { ManifestListing } from './manifest-listing.ts';
import { PauseExchange } from './pause-exchange.ts';
import type { PeerMessage } from './peer-message.ts';
import { type Arrived, NOTHING_ARRIVED, PieceFlow } from './piece-flow.ts';
import { ProgressReport } from './progress-report.ts';
import type { Selection, Source, SourceListener } from './source.ts';

/** A source that owes something and sends none of it for this long is given up, in milliseconds. */
export const STALL_MS = 30_000;

/** What a peer source tells besides: steps of the first lane's handshake for the peer. */
export interface PeerSourceListener extends SourceListener {
  onSignal(signal: Signal): void;
}

/** What a peer source is made of. */
export interface PeerSourceTools extends LaneTools {
  /** how many lanes it may open at most */
  readonly maxLanes: number;
}

/** How a transfer runs over a source. */
export interface SourceReport extends Arrived {
  readonly lanes: number;
  /** of the quickest lane, in milliseconds; null before one was measured */
  readonly roundTripMs: number | null;
  readonly windowBytes: number;
  /** as it travels, smoothed over about a second */
  readonly bytesPerSecond: number;
}

/** What is wanted of the peer, and what has come of it. */
interface Wanted {
  readonly selection: Selection;
  readonly pieces: PieceFlow;
  readonly root: AwaitedRoot;
}

/** How far this side is, as it is said again on a lane that becomes the main one. */
interface Reached {
  bytes: number;
  /** everything is here, but for a root hash */
  whole: boolean;
  /** the root hash of everything, once that was compared */
  root: string | null;
}

/** A sender's tab as a source, over one or more lanes. */
export class PeerSource implements Source {
  readonly #listener: PeerSourceListener;
  readonly #tools: PeerSourceTools;
  readonly #lanes: LaneGroup;
  readonly #flow: Flow;
  readonly #progress = new ProgressReport((bytes) => this.#lanes.send({ type: 'progress', bytes }));
  readonly #reached: Reached = { bytes: 0, whole: false, root: null };
  readonly #listing = new ManifestListing((part) => {
    this.#movedAt = this.#tools.clock();
    this.#lanes.send({ type: 'manifest-request', part });
  });
  readonly #pauses = new PauseExchange((word, lane) =>
    this.#lanes.send({ type: 'pause', ...word }, lane),
  );
  #wanted: Wanted | null = null;
  /** the files that the peer has given up; it may say so before anything was selected */
  readonly #unavailable = new Map<number, FileFailureReason>();
  #opened = false;
  #saidComplete = false;
  #checkedBytes = 0;
  #movedAt: number;
  #tickedAt: number;

  /** Begins to open the first lane; `onOpened` or `onClosed` follows. */
  constructor(tools: PeerSourceTools, listener: PeerSourceListener) {
    const now = tools.clock();
    this.#tools = tools;
    this.#listener = listener;
    this.#movedAt = now;
    this.#tickedAt = now;
    this.#flow = new Flow({ maxLanes: tools.maxLanes, now });
    this.#lanes = new LaneGroup(tools, {
      onSignal: (signal) => listener.onSignal(signal),
      onLaneOpened: (lane) => this.#onLaneOpened(lane),
      onMessage: (lane, message) => this.#onMessage(lane, message),
      onLaneClosed: (lane) => this.#onLaneClosed(lane),
      onMainChanged: () => this.#onMainChanged(),
      onClosed: (reason) => listener.onClosed(reason),
    });
  }

  /** How long nothing was heard from the peer, in milliseconds; 0 while no lane is open. */
  get silentMs(): number {
    return this.#lanes.silentMs;
  }

  /** How the transfer runs over this source. */
  get report(): SourceReport {
    const { windowBytes, bytesPerSecond } = this.#flow.report;
    return {
      lanes: this.#lanes.open.length,
      roundTripMs: this.#lanes.roundTripMs,
      windowBytes,
      bytesPerSecond,
      ...(this.#wanted?.pieces.arrived ?? NOTHING_ARRIVED),
    };
  }

  /** Which way the main lane goes; null where that cannot be told. */
  readPath(): Promise<LanePath | null> {
    return this.#lanes.readPath();
  }

  /** Takes a step of the first lane's handshake from the sender. */
  signal(signal: Signal): void {
    this.#lanes.signal(signal);
  }

  fetchManifest(): void {
    this.#listing.begin();
  }

  select(selection: Selection): void {
    const { manifest } = selection;
    const pieces = new PieceFlow(manifest, this.#flow, (message, lane) =>
      this.#lanes.send(message, lane),
    );
    this.#wanted = { selection, pieces, root: new AwaitedRoot(selection.files) };
    this.#saySelect(selection);
    this.#guard(() => {
      for (const [file, reason] of this.#unavailable) {
        this.#tellUnavailable(selection, file, reason);
      }
    });
  }

  request(pieces: readonly number[]): void {
    if (this.#wanted === null) return;
    const now = this.#tools.clock();
    if (this.#wanted.pieces.owedPieces === 0) this.#movedAt = now;
    this.#wanted.pieces.want(pieces, now);
  }

  /** Gives back what was requested and not begun, for another source to bring. */
  release(): readonly number[] {
    return this.#wanted?.pieces.release() ?? [];
  }

  withdraw(files: readonly number[]): void {
    this.#wanted?.pieces.withdraw(files);
    this.#wanted?.root.withdraw(files);
    this.#movedAt = this.#tools.clock();
  }

  reportPause(paused: boolean): void {
    this.#pauses.say(paused, this.#lanes.open);
    this.#setFlowing();
  }

  reportProgress(bytes: number, whole: boolean): void {
    const now = this.#tools.clock();
    if (whole && !this.#reached.whole) this.#movedAt = now;
    this.#reached.whole ||= whole;
    this.#reached.bytes = bytes;
    this.#progress.report(bytes, whole, now);
  }

  reportComplete(root: string): void {
    this.#reached.root = root;
    this.#sayComplete();
  }

  tick(peerOnline: boolean): void {
    this.#lanes.tick(peerOnline);
    const now = this.#tools.clock();
    this.#progress.catchUp(now);
    this.#wanted?.pieces.ask(now);
    this.#lanes.want(this.#flow.lanesWanted, this.#flow.spareLanes);
    // A long gap is this page's own sleep; and while either side has paused nothing is awaited.
    if (now - this.#tickedAt > SLEEP_GAP_MS || this.#pauses.paused) this.#movedAt = now;
    this.#tickedAt = now;
    const pieces = this.#wanted?.pieces.owedPieces ?? 0;
    const owesRoot = this.#reached.whole && this.#wanted?.root.owed === true;
    const owes = this.#listing.running || pieces > 0 || owesRoot;
    if (owes && now - this.#movedAt >= STALL_MS) this.close('source-stalled');
  }

  close(reason: Parameters<Source['close']>[0]): void {
    this.#lanes.close(reason);
  }

  #saySelect({ digest, files, receiver }: Selection): void {
    this.#lanes.send({ type: 'select', manifest: digest, files: encodeNumberSet(files), receiver });
  }

  #onLaneOpened(lane: number): void {
    const now = this.#tools.clock();
    this.#flow.addLane(lane, now);
    this.#pauses.greet(lane);
    if (!this.#opened) {
      this.#opened = true;
      this.#listener.onOpened();
    }
    this.#lanes.want(this.#flow.lanesWanted, this.#flow.spareLanes);
    this.#wanted?.pieces.ask(now);
  }

  /** What the lane owed is asked of the others. */
  #onLaneClosed(lane: number): void {
    const now = this.#tools.clock();
    this.#pauses.forget(lane);
    this.#flow.removeLane(lane);
    this.#wanted?.pieces.ask(now);
  }

  /** What was said once on the lane that is gone is said again: it may have been lost with it. */
  #onMainChanged(): void {
    if (this.#listing.running) this.#listing.begin();
    this.#heedPeerPause();
    if (this.#wanted === null) return;
    this.#wanted.root.forget();
    this.#saidComplete = false;
    this.#checkedBytes = 0;
    this.#saySelect(this.#wanted.selection);
    const { bytes, whole } = this.#reached;
    this.#progress.report(bytes, true, this.#tools.clock());
    if (whole) this.#movedAt = this.#tools.clock();
    this.#sayComplete();
  }

  /** Not before the peer has given its own root hash on this lane: it may have come another way. */
  #sayComplete(): void {
    const { root } = this.#reached;
    if (root === null || this.#saidComplete || this.#wanted === null || this.#wanted.root.owed)
      return;
    this.#saidComplete = true;
    this.#lanes.send({ type: 'complete', root });
  }

  #onMessage(lane: number, received: PeerMessage): void {
    this.#guard(() => {
      if (received.type === 'data') this.#onFrame(lane, received.frame);
      else this.#onControl(lane, received.message);
    });
  }

  /** What the peer must not say closes every lane. */
  #guard(take: () => void): void {
    try {
      take();
    } catch (error) {
      this.close(asOnehopError(error).reason);
    }
  }

  #onFrame(lane: number, frame: DataFrame): void {
    if (this.#wanted === null) throw new OnehopError('frame-unasked');
    const now = this.#tools.clock();
    const arrived = this.#wanted.pieces.accept(lane, frame, now);
    this.#movedAt = now;
    if (arrived !== null) this.#listener.onPiece(arrived);
    this.#lanes.want(this.#flow.lanesWanted, this.#flow.spareLanes);
  }

  #onControl(lane: number, message: ControlMessage): void {
    switch (message.type) {
      case 'manifest-part':
        this.#onManifestPart(message);
        break;
      case 'unavailable':
        this.#onUnavailable(message);
        break;
      case 'root':
        this.#onRoot(message);
        break;
      case 'checking':
        this.#onChecking(message.bytes);
        break;
      case 'pause':
        this.#pauses.hear(lane, message);
        this.#heedPeerPause();
        break;
      default:
        throw new OnehopError('message-unexpected');
    }
  }

  #onManifestPart(message: Extract<ControlMessage, { type: 'manifest-part' }>): void {
    const manifest = this.#listing.accept(message);
    if (manifest !== null) this.#listener.onManifest(manifest);
  }

  /** It is said on every lane. */
  #onUnavailable({ file, reason }: Extract<ControlMessage, { type: 'unavailable' }>): void {
    if (this.#unavailable.has(file)) return;
    this.#unavailable.set(file, reason);
    if (this.#wanted !== null) this.#tellUnavailable(this.#wanted.selection, file, reason);
  }

  #tellUnavailable({ files }: Selection, file: number, reason: FileFailureReason): void {
    if (file >= files.size) throw new OnehopError('message-unexpected');
    if (hasNumber(files, file)) this.#listener.onUnavailable(file, reason);
  }

  #onRoot(message: Extract<ControlMessage, { type: 'root' }>): void {
    if (this.#wanted === null) throw new OnehopError('message-unexpected');
    const root = this.#wanted.root.accept(message);
    if (root !== null) this.#listener.onRoot(root);
    this.#sayComplete();
  }

  #onChecking(bytes: number): void {
    if (bytes > this.#checkedBytes) this.#movedAt = this.#tools.clock();
    this.#checkedBytes = Math.max(bytes, this.#checkedBytes);
  }

  #heedPeerPause(): void {
    if (!this.#pauses.heed(this.#lanes.main)) return;
    this.#setFlowing();
    this.#listener.onPaused(this.#pauses.peerPaused);
  }

  #setFlowing(): void {
    const now = this.#tools.clock();
    this.#movedAt = now;
    if (this.#pauses.paused) this.#flow.pause();
    else this.#flow.resume(now);
    this.#wanted?.pieces.ask(now);
  }
}
