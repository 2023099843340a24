import type { IceServer } from '../../signaling/protocol/replies.ts';
import type { Signal } from '../../signaling/protocol/signal.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import type { Lane, LaneListener, LaneOptions } from '../peer/lane.ts';
import type { Entry, RoomPeer, RoomRole } from '../room/membership.ts';
import type { RoomListener } from '../room/room.ts';
import type { ShareKeys } from '../share/share-keys.ts';
import { Fetch, type Receipt, type SourceFeed } from '../transfer/fetch.ts';
import type { Clock } from '../transfer/link.ts';
import { PeerSource } from '../transfer/peer-source.ts';
import type { ReceiveEvent } from './receive-machine.ts';

/** A place in a room, as a session uses it. */
export interface RoomHandle {
  sendSignal(to: string, lane: number, signal: Signal): void;
  leave(): void;
  disconnect(): void;
}

/** What sessions are made of; `main.tsx` gives the real ones, tests their own. */
export interface SessionTools {
  readonly clock: Clock;
  openRoom(role: RoomRole, keys: ShareKeys, listener: RoomListener): RoomHandle;
  openLane(options: LaneOptions, listener: LaneListener): Lane;
}

/** The lane that an attempt opens; another attempt is another member of the room, with numbers of its own. */
const LANE = 0;

/** One attempt to receive a share: the place in its room, the lane to its sender, and what is fetched over it. */
export class ReceiveAttempt {
  readonly #tools: SessionTools;
  readonly #post: (event: ReceiveEvent) => void;
  readonly #room: RoomHandle;
  #iceServers: readonly IceServer[] = [];
  #sender: RoomPeer | null = null;
  #source: PeerSource | null = null;
  #feed: SourceFeed | null = null;
  #root: string | null = null;
  #ended = false;

  /** Begins by entering the room. @param post takes what happens, until `end` */
  constructor(tools: SessionTools, keys: ShareKeys, post: (event: ReceiveEvent) => void) {
    this.#tools = tools;
    this.#post = (event) => {
      if (!this.#ended) post(event);
    };
    this.#room = tools.openRoom('receiver', keys, {
      onEntered: (entry) => this.#onEntered(entry),
      onOnline: () => {},
      onPeer: (peer) => this.#onPeer(peer),
      onSignal: (from, lane, signal) => {
        if (from === this.#sender?.peerId && lane === LANE) this.#source?.signal(signal);
      },
      onClosed: (reason) => this.#onRoomClosed(reason),
    });
  }

  /** Opens a lane to the sender. */
  openSource(): void {
    const to = this.#sender?.peerId ?? '';
    const options: LaneOptions = { initiator: true, iceServers: this.#iceServers };
    this.#source = new PeerSource(
      (listener) => this.#tools.openLane(options, listener),
      {
        onSignal: (signal) => this.#room.sendSignal(to, LANE, signal),
        onOpened: () => this.#post({ type: 'source-opened' }),
        onManifest: (manifest) => this.#post({ type: 'manifest', manifest }),
        onPiece: (piece) => this.#feed?.piece(piece),
        onUnavailable: (piece, reason) => this.#feed?.unavailable(piece, reason),
        onRoot: (root) => this.#onRoot(root),
        onClosed: (reason) => this.#onSourceClosed(reason),
      },
      this.#tools.clock,
    );
  }

  /** Asks the sender for the list of files. */
  fetchManifest(): void {
    this.#source?.fetchManifest();
  }

  /** Fetches what `receipt` lacks. */
  startFetch(receipt: Receipt): void {
    if (this.#source === null || this.#ended) return;
    const fetch = new Fetch(receipt, {
      onProgress: (bytes) => this.#post({ type: 'progress', bytes }),
      onChecking: () => this.#post({ type: 'checking' }),
      onDone: () => this.#post({ type: 'complete' }),
      onFailed: (reason) => this.#post({ type: 'failed', reason }),
    });
    this.#feed = fetch.addSource(this.#source);
    if (this.#root !== null) this.#feed.root(this.#root);
  }

  /** Looks at the clock. */
  tick(): void {
    this.#source?.tick(this.#sender?.online ?? true);
  }

  /** Frees the place in the room; the lane stays until the sender, told of the end, closes it. */
  leaveRoom(): void {
    this.#room.leave();
  }

  /** Closes everything and tells the sender why. */
  end(reason: ErrorReason): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#source?.close(reason);
    this.#room.leave();
  }

  #onEntered({ iceServers, sender }: Entry): void {
    this.#iceServers = iceServers;
    this.#sender = sender;
    this.#post({ type: 'entered', senderOnline: sender?.online ?? false });
  }

  #onPeer(peer: RoomPeer): void {
    if (peer.peerId !== this.#sender?.peerId) return;
    this.#sender = peer;
    this.#post({ type: peer.online ? 'sender-online' : 'sender-offline' });
  }

  #onRoomClosed(reason: ErrorReason): void {
    const senderGone = reason === 'sender-stopped' || reason === 'sender-left';
    if (senderGone && this.#sender !== null) this.#sender = { ...this.#sender, online: false };
    this.#post({ type: 'room-closed', reason });
  }

  #onRoot(root: string): void {
    this.#root = root;
    this.#feed?.root(root);
  }

  #onSourceClosed(reason: ErrorReason): void {
    this.#feed?.closed();
    const senderOnline = this.#sender?.online ?? true;
    this.#post({ type: 'source-closed', reason, senderOnline });
  }
}
