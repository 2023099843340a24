import type { IceServer } from '../../signaling/protocol/replies.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import type { LaneOptions } from '../peer/lane.ts';
import type { Entry, RoomPeer } from '../room/membership.ts';
import type { ShareKeys } from '../share/share-keys.ts';
import { Fetch, type Receipt, type SourceFeed } from '../transfer/fetch.ts';
import { PeerSource } from '../transfer/peer-source.ts';
import type { ReceiveEvent } from './receive-phase.ts';
import type { RoomHandle, SessionTools } from './session-tools.ts';

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
  /** the number of the lane opened last; a new lane takes a new one */
  #laneNumber = -1;
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
        const current = from === this.#sender?.peerId && lane === this.#laneNumber;
        if (current) this.#source?.signal(signal);
      },
      onClosed: (reason) => this.#onRoomClosed(reason),
    });
  }

  /** Opens a lane to the sender. */
  openSource(): void {
    const to = this.#sender?.peerId ?? '';
    this.#laneNumber += 1;
    const number = this.#laneNumber;
    const options: LaneOptions = { initiator: true, iceServers: this.#iceServers };
    this.#source = new PeerSource(
      (listener) => this.#tools.openLane(options, listener),
      {
        onSignal: (signal) => this.#room.sendSignal(to, number, signal),
        onOpened: () => this.#post({ type: 'source-opened' }),
        onManifest: (manifest) => this.#post({ type: 'manifest', manifest }),
        onPiece: (piece) => this.#feed?.piece(piece),
        onUnavailable: (piece, reason) => this.#feed?.unavailable(piece, reason),
        onRoot: (root) => this.#onRoot(root),
        onClosed: (reason) => {
          if (this.#source !== null && number === this.#laneNumber) this.#onSourceClosed(reason);
        },
      },
      this.#tools.clock,
    );
  }

  /** Gives the lane up; another one may be opened later. */
  closeSource(): void {
    const source = this.#source;
    this.#source = null;
    source?.close('receiver-left');
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
    if (this.#root !== null) this.#onRoot(this.#root);
  }

  /** Looks at the clock. */
  tick(): void {
    this.#source?.tick(this.#sender?.online ?? true);
  }

  /** Frees the place in the room; the lane stays, so that the sender hears of the end. */
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
    // Of a sender that it did not see leave, a server that closes the room knows nothing.
    const online = reason !== 'sender-stopped' && reason !== 'sender-left';
    if (this.#sender !== null) this.#sender = { ...this.#sender, online };
    this.#post({ type: 'room-closed', reason });
  }

  #onRoot(root: string): void {
    this.#root = root;
    this.#feed?.root(root);
    this.#post({ type: 'root-known' });
  }

  #onSourceClosed(reason: ErrorReason): void {
    this.#feed?.closed();
    const senderOnline = this.#sender?.online ?? true;
    this.#post({ type: 'source-closed', reason, senderOnline });
  }
}
