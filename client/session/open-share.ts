import type { IceServer } from '../../signaling/protocol/replies.ts';
import type { Signal } from '../../signaling/protocol/signal.ts';
import { encodeBase64url } from '../encoding/base64url.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import type { PieceReader, ReadListener, ReadSource } from '../reading/piece-reader.ts';
import type { Membership } from '../room/membership.ts';
import type { RoomListener } from '../room/room.ts';
import type { ShareKeys } from '../share/share-keys.ts';
import { SILENCE_WHILE_OFFLINE_MS } from '../transfer/conversation.ts';
import { splitManifest } from '../transfer/manifest-parts.ts';
import { type Offer, SeederLane } from '../transfer/seeder-lane.ts';
import type { SendEvent } from './send-machine.ts';
import type { RoomHandle, SessionTools } from './session-tools.ts';

/** A receiver that opens more lanes than this at once is not answered on the rest. */
export const MAX_LANES_PER_RECEIVER = 4;
/** The same for all receivers together: each is a connection of the browser's. */
export const MAX_LANES = 64;

/** A reader as a session uses it. */
export interface ReaderHandle extends Pick<
  PieceReader,
  'read' | 'failed' | 'watchRoot' | 'setCaching' | 'close'
> {}

/** What an open share is made of. */
export interface ShareTools extends SessionTools {
  openReader(source: ReadSource, listener: ReadListener): ReaderHandle;
}

/** What is shared, and by which keys. */
export interface SharePlan {
  readonly source: ReadSource;
  readonly keys: ShareKeys;
  /** the place that an earlier page had; null where none had */
  readonly membership: Membership | null;
}

/** What an open share tells its owner. */
export interface ShareListener {
  /** The room is open, also when it was opened anew on a restarted server. @param membership the place in it */
  readonly onOpened: (membership: Membership) => void;
  readonly post: (event: SendEvent) => void;
}

interface PeerLanes {
  online: boolean;
  /** the id of the receiver at this place; null until it has said it */
  receiver: string | null;
  readonly lanes: Map<number, SeederLane>;
}

/** A share that is open: its room, its reader, and the lanes of its receivers. */
export class OpenShare {
  readonly #tools: ShareTools;
  readonly #post: (event: SendEvent) => void;
  readonly #room: RoomHandle;
  readonly #offer: Offer;
  readonly #reader: ReaderHandle;
  /** by peer id */
  readonly #peers = new Map<string, PeerLanes>();
  #iceServers: readonly IceServer[] = [];
  #closed = false;

  /** Opens the room; `onOpened` or `failed` follows. */
  constructor(tools: ShareTools, { source, keys, membership }: SharePlan, listener: ShareListener) {
    this.#tools = tools;
    this.#post = (event) => {
      if (!this.#closed) listener.post(event);
    };
    this.#reader = tools.openReader(source, {
      onFileFailed: (file, reason) => {
        for (const lane of this.#lanes()) lane.failFile(file, reason);
        this.#post({ type: 'file-failed', file, reason });
      },
      onBroken: (reason) => this.#post({ type: 'broken', reason }),
    });
    const { manifest, digest } = source;
    this.#offer = {
      manifest,
      manifestParts: splitManifest(manifest) ?? [],
      digest: encodeBase64url(digest),
      reader: this.#reader,
    };
    const heard = this.#listenToRoom(listener.onOpened);
    this.#room = tools.openRoom('sender', keys, heard, membership ?? undefined);
  }

  /** Looks at the clock; to be called about twice a second. */
  tick(): void {
    this.#room.tick();
    for (const { online, lanes } of this.#peers.values()) {
      for (const lane of lanes.values()) lane.tick(online);
    }
    // Where a receiver is silent, it may be this page that has lost the network.
    if (this.#lanes().some((lane) => isSilent(lane))) this.#room.checkConnection();
  }

  /** Pauses the transfers over these places in the room, or lets them go on. */
  setPaused(peerIds: readonly string[], paused: boolean): void {
    for (const lane of this.#lanesOf(peerIds)) lane.setPaused(paused);
  }

  /** Ends the transfers over these places in the room. */
  cancel(peerIds: readonly string[]): void {
    for (const lane of this.#lanesOf(peerIds)) lane.close('sender-cancelled');
  }

  /** Ends the share: tells every receiver why, and closes everything. */
  close(reason: ErrorReason): void {
    if (this.#closed) return;
    this.#closeLanes(reason);
    this.#room.leave();
  }

  /** Closes everything because the page goes away. Receivers hear at once that it is offline, and after a while that it left. */
  abandon(): void {
    if (this.#closed) return;
    this.#closeLanes('sender-left');
    this.#room.disconnect();
  }

  #listenToRoom(onOpened: (membership: Membership) => void): RoomListener {
    return {
      onEntered: ({ membership, iceServers }) => {
        this.#iceServers = iceServers;
        // A server that was restarted knows nothing of the receivers that are here already.
        for (const peer of this.#peers.values()) peer.online = true;
        onOpened(membership);
      },
      onOnline: (online) => this.#post({ type: 'online', online }),
      onPeer: ({ peerId, online }) => {
        const peer = this.#peers.get(peerId);
        if (peer !== undefined) peer.online = online;
      },
      onSignal: (from, lane, signal) => this.#onSignal(from, lane, signal),
      onClosed: (reason) => this.#post({ type: 'failed', reason }),
    };
  }

  #closeLanes(reason: ErrorReason): void {
    this.#closed = true;
    for (const lane of this.#lanes()) lane.close(reason);
    this.#reader.close();
  }

  #lanes(): SeederLane[] {
    return [...this.#peers.values()].flatMap(({ lanes }) => [...lanes.values()]);
  }

  #lanesOf(peerIds: readonly string[]): SeederLane[] {
    return peerIds.flatMap((peerId) => [...(this.#peers.get(peerId)?.lanes.values() ?? [])]);
  }

  #onSignal(peerId: string, number: number, signal: Signal): void {
    if (this.#closed) return;
    const lane = this.#peers.get(peerId)?.lanes.get(number);
    if (lane !== undefined) lane.signal(signal);
    // Only an offer opens a lane: what else comes for none is late.
    else if (signal.type === 'offer') this.#openLane(peerId, number)?.signal(signal);
  }

  #openLane(peerId: string, number: number): SeederLane | null {
    const peer = this.#peers.get(peerId) ?? { online: true, receiver: null, lanes: new Map() };
    if (peer.lanes.size >= MAX_LANES_PER_RECEIVER || this.#lanes().length >= MAX_LANES) return null;
    this.#peers.set(peerId, peer);
    this.#post({ type: 'receiver-connecting', peerId });
    const lane: SeederLane = new SeederLane(
      this.#offer,
      (listener) =>
        this.#tools.openLane({ initiator: false, iceServers: this.#iceServers }, listener),
      {
        onSignal: (signal) => this.#room.sendSignal(peerId, number, signal),
        onStage: (stage) => {
          this.#post({ type: 'receiver-stage', peerId, stage });
          if (stage === 'choosing') this.#dropSilent(lane, peer);
        },
        onSelected: (receiver, bytes) => {
          peer.receiver = receiver;
          this.#post({ type: 'receiver-selected', peerId, receiver, bytes });
          this.#dropSilent(lane, peer);
        },
        onPaused: (paused) => this.#post({ type: 'receiver-paused', peerId, paused }),
        onProgress: (bytes) => this.#post({ type: 'receiver-progress', peerId, bytes }),
        onClosed: (reason) => this.#onLaneClosed(peerId, number, reason),
      },
      this.#tools.clock,
    );
    peer.lanes.set(number, lane);
    this.#reader.setCaching(this.#peers.size > 1);
    return lane;
  }

  /** A receiver that has a new lane has lost the ones that are silent, and may not be able to say so on them. */
  #dropSilent(newest: SeederLane, peer: PeerLanes): void {
    const same = [...this.#peers.values()].filter(
      (one) => one === peer || (one.receiver !== null && one.receiver === peer.receiver),
    );
    for (const lane of same.flatMap(({ lanes }) => [...lanes.values()])) {
      if (lane !== newest && isSilent(lane)) lane.close('lane-replaced');
    }
  }

  #onLaneClosed(peerId: string, number: number, reason: ErrorReason): void {
    const peer = this.#peers.get(peerId);
    peer?.lanes.delete(number);
    if (peer === undefined || peer.lanes.size > 0) return;
    this.#peers.delete(peerId);
    this.#reader.setCaching(this.#peers.size > 1);
    this.#post({ type: 'receiver-lost', peerId, reason });
  }
}

function isSilent({ silentMs }: SeederLane): boolean {
  return silentMs >= SILENCE_WHILE_OFFLINE_MS;
}
