import { MAX_LANE_NUMBER } from '../../signaling/protocol/limits.ts';
import type { IceServer } from '../../signaling/protocol/replies.ts';
import type { UploadSummary } from '../../signaling/protocol/uploads.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import { Inbox } from '../machine/inbox.ts';
import type { LanePath } from '../peer/lane-path.ts';
import type { Entry, RoomPeer } from '../room/membership.ts';
import type { Manifest } from '../share/manifest.ts';
import type { ShareKeys } from '../share/share-keys.ts';
import type { Fetch, SourceFeed } from '../transfer/fetch.ts';
import { PeerSource } from '../transfer/peer-source.ts';
import type { Selection } from '../transfer/source.ts';
import { LinkMeter } from './link-meter.ts';
import type { TransferReport } from './transfer-report.ts';
import { beginLink, stepLink } from './link-machine.ts';
import type { LinkEffect, LinkEvent, LinkState } from './link-phase.ts';
import type { RoomHandle, SessionTools } from './session-tools.ts';

/** Lanes that are opened over another one are numbered from here up to `MAX_LANE_NUMBER`, and then from here again. */
const FIRST_FURTHER_LANE = (MAX_LANE_NUMBER + 1) / 2;

/** So long after its first byte a rate says something: it has got up to speed by then. In ms. */
const RATE_MS = 1_500;

/** What a link to the sender tells its owner. After `onEnded` comes nothing more. */
export interface LinkListener {
  /** what it is at while no lane is up */
  onWaiting(waitingFor: 'sender' | 'peer'): void;
  /** a lane is up: the first one, or one in place of another */
  onUp(): void;
  onManifest(manifest: Manifest): void;
  /** no lane is up, and another one is looked for */
  onDown(reason: ErrorReason): void;
  onEnded(reason: ErrorReason): void;
  onSenderPaused(paused: boolean): void;
  /** the sender has given the root hash of what was selected */
  onRootKnown(): void;
  /** the server said what it has of the share; null for nothing */
  onUpload(upload: UploadSummary | null): void;
  /** a sealed note of the sender's */
  onNote?(note: string): void;
}

/** What is fetched over a link. */
export interface LinkJob {
  readonly fetch: Fetch;
  readonly selection: Selection;
  /** when Receive was pressed, in milliseconds of the clock; null where an earlier page did it */
  readonly pressedAt: number | null;
}

interface OpenLane {
  readonly source: PeerSource;
  feed: SourceFeed | null;
  /** what came before there was a fetch to tell */
  readonly early: ((feed: SourceFeed) => void)[];
}

/** A receiving page's link to its sender, over whatever rooms and lanes it takes: carries out what `stepLink` decides. */
export class SenderLink {
  readonly #tools: SessionTools;
  readonly #keys: ShareKeys;
  readonly #listener: LinkListener;
  readonly #inbox = new Inbox<LinkEvent>((event) => this.#step(event));
  readonly #lanes = new Map<number, OpenLane>();
  #state: LinkState;
  #room: RoomHandle | null = null;
  #iceServers: readonly IceServer[] = [];
  #maxLanes = 1;
  /** how many lanes were opened over another one */
  #furtherLanes = 0;
  #sender: RoomPeer | null = null;
  #current: OpenLane | null = null;
  #job: LinkJob | null = null;
  #meter = new LinkMeter(null);
  #resting = false;
  #ended = false;

  /** Begins by joining the room. @param persistent whether an earlier page left something of this share */
  constructor(tools: SessionTools, keys: ShareKeys, persistent: boolean, listener: LinkListener) {
    this.#tools = tools;
    this.#keys = keys;
    this.#listener = listener;
    const { state, effects } = beginLink(persistent, tools.clock());
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  /** From now on there is something to lose: losses that may pass are waited for. */
  persist(): void {
    this.#inbox.post({ type: 'persist' });
  }

  /** Asks the sender for the list of files. */
  fetchManifest(): void {
    this.#current?.source.fetchManifest();
  }

  /** From now on every lane that is up serves this job. */
  serve(job: LinkJob): void {
    if (this.#job !== job) this.#meter = new LinkMeter(job.pressedAt);
    this.#job = job;
    if (this.#current !== null) this.#connect(this.#current);
  }

  /** Lanes are asked for nothing more, but told how far it is: another way carries. What was begun over them still comes. */
  rest(): void {
    if (this.#resting) return;
    this.#resting = true;
    for (const { source, feed } of this.#lanes.values()) feed?.rest(source.release());
  }

  /** Lanes are asked again. */
  wake(): void {
    if (!this.#resting) return;
    this.#resting = false;
    for (const { feed } of this.#lanes.values()) feed?.wake();
  }

  /** Has a note put before the sender. @returns whether it was handed to a server in reach */
  sendNote(note: string): boolean {
    const to = this.#sender?.peerId;
    return to !== undefined && this.#room?.sendNote(to, note) === true;
  }

  /** Looks at the clock. */
  tick(): void {
    if (this.#ended) return;
    this.#room?.tick();
    for (const { source } of this.#lanes.values()) source.tick(this.#sender?.online ?? true);
    if (this.#current !== null) {
      void this.#meter.look(this.#current.source, this.#tools.clock());
    }
    this.#inbox.post({ type: 'tick', silentMs: this.#current?.source.silentMs ?? 0 });
  }

  /** How the transfer runs; null before there is one. */
  report(): TransferReport | null {
    return this.#job === null ? null : this.#meter.report(this.#current?.source ?? null);
  }

  /** How fast the files come now, in bytes of theirs per second; null in the first moments, and where no lane is up. */
  get bytesPerSecond(): number | null {
    const report = this.#current?.source.report;
    if (report === undefined || report.firstByteAt === null) return null;
    const { bytesPerSecond, plainBytes, travelledBytes, firstByteAt } = report;
    if (travelledBytes === 0 || this.#tools.clock() - firstByteAt < RATE_MS) return null;
    return (bytesPerSecond * plainBytes) / travelledBytes;
  }

  /** Which way the main lane goes now; null where there is none, or where that cannot be told. */
  async readPath(): Promise<LanePath | null> {
    return (await this.#current?.source.readPath()) ?? null;
  }

  /** Frees the place in the room; the lane stays, so that the sender hears of the end. */
  leaveRoom(): void {
    this.#room?.leave();
    this.#room = null;
  }

  /** Closes everything and tells the sender why. */
  end(reason: ErrorReason): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const number of this.#lanes.keys()) this.#closeLane(number, reason);
    this.leaveRoom();
  }

  #step(event: LinkEvent): void {
    if (this.#ended) return;
    const { state, effects } = stepLink(this.#state, event, this.#tools.clock());
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: LinkEffect): void {
    switch (effect.type) {
      case 'join-room':
        this.#joinRoom();
        break;
      case 'check-room':
        this.#room?.checkConnection();
        break;
      case 'open-lane':
        this.#openLane(effect.lane);
        break;
      case 'close-lane':
        this.#closeLane(effect.lane, effect.reason);
        break;
      case 'waiting':
        this.#listener.onWaiting(effect.for);
        break;
      case 'up':
        this.#onUp(effect.lane);
        break;
      case 'down':
        this.#current = null;
        this.#listener.onDown(effect.reason);
        break;
      case 'ended':
        this.end(effect.reason);
        this.#listener.onEnded(effect.reason);
        break;
    }
  }

  #joinRoom(): void {
    this.#room = this.#tools.openRoom('receiver', this.#keys, {
      onEntered: (entry) => this.#onEntered(entry),
      onOnline: (reachable) => this.#inbox.post({ type: 'room-reachable', reachable }),
      onPeer: (peer) => this.#onPeer(peer),
      onSignal: (from, lane, signal) => {
        if (from === this.#sender?.peerId) this.#lanes.get(lane)?.source.signal(signal);
      },
      onNote: (from, note) => {
        if (from === this.#sender?.peerId) this.#listener.onNote?.(note);
      },
      onUpload: (upload) => this.#listener.onUpload(upload),
      onClosed: (reason) => this.#onRoomClosed(reason),
    });
  }

  #onEntered({ iceServers, maxLanes, sender }: Entry): void {
    this.#iceServers = iceServers;
    this.#maxLanes = maxLanes;
    this.#sender = sender;
    this.#inbox.post({ type: 'room-entered', senderOnline: sender?.online ?? false });
  }

  #onPeer(peer: RoomPeer): void {
    if (peer.peerId !== this.#sender?.peerId) return;
    this.#sender = peer;
    this.#inbox.post({ type: 'sender-online', online: peer.online });
  }

  #onRoomClosed(reason: ErrorReason): void {
    // Of a sender that it did not see leave, a server that closes the room knows nothing.
    const online = reason !== 'sender-stopped' && reason !== 'sender-left';
    if (this.#sender !== null) this.#sender = { ...this.#sender, online };
    this.#room = null;
    this.#inbox.post({ type: 'room-closed', reason });
  }

  #openLane(number: number): void {
    const to = this.#sender?.peerId ?? '';
    const options = { initiator: true, iceServers: this.#iceServers } as const;
    const early: OpenLane['early'] = [];
    let closedEarly: ErrorReason | null = null;
    const report = (tell: (feed: SourceFeed) => void) => {
      const feed = this.#lanes.get(number)?.feed ?? null;
      if (feed === null) early.push(tell);
      else tell(feed);
    };
    const source = new PeerSource(
      {
        openLane: (listener) => this.#tools.openLane(options, listener),
        nextLane: () => this.#nextFurtherLane(),
        clock: this.#tools.clock,
        maxLanes: this.#maxLanes,
      },
      {
        onSignal: (signal) => this.#room?.sendSignal(to, number, signal),
        onOpened: () => this.#inbox.post({ type: 'lane-opened', lane: number }),
        onManifest: (manifest) => this.#listener.onManifest(manifest),
        onPiece: (piece) => report((feed) => feed.piece(piece)),
        onUnavailable: (file, reason) => report((feed) => feed.unavailable(file, reason)),
        onPaused: (paused) => {
          if (this.#current?.source === source) this.#listener.onSenderPaused(paused);
        },
        onRoot: (root) => {
          report((feed) => feed.root(root));
          this.#listener.onRootKnown();
        },
        onClosed: (reason) => {
          closedEarly = reason;
          this.#onLaneClosed(number, reason);
        },
      },
    );
    // A lane that cannot even be made has closed by now.
    if (closedEarly === null) this.#lanes.set(number, { source, feed: null, early });
    else this.#inbox.post({ type: 'lane-closed', lane: number, reason: closedEarly });
  }

  /** Numbers that the lanes opened over the room do not reach. */
  #nextFurtherLane(): number {
    this.#furtherLanes += 1;
    return FIRST_FURTHER_LANE + (this.#furtherLanes % FIRST_FURTHER_LANE);
  }

  #closeLane(number: number, reason: ErrorReason): void {
    const lane = this.#lanes.get(number);
    this.#forget(number);
    lane?.source.close(reason);
    lane?.feed?.closed();
  }

  #onLaneClosed(number: number, reason: ErrorReason): void {
    const lane = this.#lanes.get(number);
    // Closed from here: whoever did it knows.
    if (lane === undefined) return;
    this.#forget(number);
    lane.feed?.closed();
    this.#inbox.post({ type: 'lane-closed', lane: number, reason });
  }

  #forget(number: number): void {
    const lane = this.#lanes.get(number);
    this.#lanes.delete(number);
    if (lane !== undefined) this.#meter.keep(lane.source);
    if (this.#current === lane) this.#current = null;
  }

  #onUp(number: number): void {
    this.#current = this.#lanes.get(number) ?? null;
    this.#listener.onSenderPaused(false);
    if (this.#current !== null && this.#job !== null) this.#connect(this.#current);
    this.#listener.onUp();
  }

  #connect(lane: OpenLane): void {
    if (this.#job === null || lane.feed !== null) return;
    const { selection, fetch } = this.#job;
    // What was given up on an earlier lane stays so, also where the sender has it again: both root hashes are over the same files.
    lane.source.select({ ...selection, files: fetch.files });
    const feed = fetch.addSource(lane.source, this.#resting);
    lane.feed = feed;
    for (const tell of lane.early.splice(0)) tell(feed);
    // A lane that closed while it was told all this has found no feed to say so to.
    if (![...this.#lanes.values()].includes(lane)) feed.closed();
  }
}
