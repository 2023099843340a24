import type { IceServer } from '../../signaling/protocol/replies.ts';
import type { Signal } from '../../signaling/protocol/signal.ts';
import { encodeBase64url } from '../encoding/base64url.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import type { PieceReader, ReadListener, ReadSource } from '../reading/piece-reader.ts';
import type { LanePath } from '../peer/lane-path.ts';
import type { Membership } from '../room/membership.ts';
import type { RoomListener } from '../room/room.ts';
import type { ShareSecret } from '../share/link.ts';
import type { ShareKeys } from '../share/share-keys.ts';
import { splitManifest } from '../transfer/manifest-parts.ts';
import type { KeptUpload } from '../upload/uploader.ts';
import { type Offer, SeederLane, type SeederLaneListener } from '../transfer/seeder-lane.ts';
import { type ReceiverLane, ReceiverLanes } from './receiver-lanes.ts';
import type { UploadChoice } from './delivery-state.ts';
import { ShareUpload, type ShareUploadTools } from './share-upload.ts';
import type { UploadPhase } from './upload-machine.ts';
import type { SendEvent } from './send-machine.ts';
import type { RoomHandle, SessionTools } from './session-tools.ts';
import { type SenderNote, openReceiverNote, sealSenderNote } from './share-note.ts';
import { type OfferState, UploadOffer, type UploadOfferTools } from './upload-offer.ts';

/** No more lanes than this are open for all receivers together: each is a connection of the browser's. */
export const MAX_OPEN_LANES = 160;

/** A reader as a session uses it. */
export interface ReaderHandle extends Pick<
  PieceReader,
  | 'read'
  | 'readToOwn'
  | 'readFirst'
  | 'hashOf'
  | 'failed'
  | 'watchRoot'
  | 'noteSent'
  | 'setReceivers'
  | 'close'
> {}

/** What an open share is made of. */
export interface ShareTools extends SessionTools, ShareUploadTools, UploadOfferTools {
  openReader(source: ReadSource, listener: ReadListener): ReaderHandle;
}

/** What is shared, and by which keys. */
export interface SharePlan {
  readonly source: ReadSource;
  readonly secret: ShareSecret;
  readonly keys: ShareKeys;
  /** what an earlier page left with the server; null where none did */
  readonly upload: KeptUpload | null;
  /** the place that an earlier page had; null where none had */
  readonly membership: Membership | null;
}

/** What an open share tells its owner. */
export interface ShareListener {
  /** The room is open, also when it was opened anew on a restarted server. @param membership the place in it */
  readonly onOpened: (membership: Membership) => void;
  readonly post: (event: SendEvent) => void;
  readonly onUpload: (phase: UploadPhase) => void;
  /** what a later page needs of the upload; null once there is nothing to go on with */
  readonly onKeptUpload: (upload: KeptUpload | null) => void;
  /** whether the server takes uploads */
  readonly onUploadsOffered: (offered: boolean) => void;
  /** a receiver expects to have the files sooner through the server, and the share follows that */
  readonly onUploadWanted: () => void;
}

/** A share that is open: its room, its reader, and the lanes of its receivers. */
export class OpenShare {
  readonly #tools: ShareTools;
  readonly #post: (event: SendEvent) => void;
  readonly #room: RoomHandle;
  readonly #offer: Offer;
  readonly #secret: ShareSecret;
  readonly #reader: ReaderHandle;
  /** by peer id */
  readonly #peers = new Map<string, ReceiverLanes>();
  readonly #upload: ShareUpload;
  readonly #uploadOffer: UploadOffer;
  /** whether lanes are answered */
  direct = true;
  #iceServers: readonly IceServer[] = [];
  #closed = false;

  /** Opens the room; `onOpened` or `failed` follows. */
  constructor(
    tools: ShareTools,
    { source, secret, keys, membership, upload }: SharePlan,
    listener: ShareListener,
  ) {
    this.#tools = tools;
    this.#secret = secret;
    this.#post = (event) => {
      if (!this.#closed) listener.post(event);
    };
    this.#reader = tools.openReader(source, {
      onFileFailed: (file, reason) => {
        for (const peer of this.#peers.values()) peer.failFile(file, reason);
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
    this.#uploadOffer = new UploadOffer(tools, manifest.totalBytes, () =>
      this.#tellServerWay(this.#peers.keys()),
    );
    const reader = this.#reader;
    this.#upload = new ShareUpload(
      tools,
      {
        manifest,
        secret,
        keys,
        kept: upload,
        read: (piece) => reader.readToOwn(piece),
        hashOf: (piece) => reader.hashOf(piece),
      },
      {
        onPhase: (phase) => {
          if (!this.#closed) listener.onUpload(phase);
        },
        onKept: (kept) => {
          if (!this.#closed) listener.onKeptUpload(kept);
        },
      },
    );
    const heard = this.#listenToRoom(listener);
    this.#room = tools.openRoom('sender', keys, heard, membership ?? undefined);
  }

  /** Looks at the clock; to be called about twice a second. */
  tick(): void {
    this.#room.tick();
    for (const peer of this.#peers.values()) peer.tick();
    // Where a receiver is silent, it may be this page that has lost the network.
    if ([...this.#peers.values()].some(({ silent }) => silent)) this.#room.checkConnection();
  }

  /** Pauses the transfers over these places in the room, or lets them go on. */
  setPaused(peerIds: readonly string[], paused: boolean): void {
    for (const peer of this.#at(peerIds)) peer.setPaused(paused);
  }

  /** Ends the transfers over these places in the room. */
  cancel(peerIds: readonly string[]): void {
    for (const peer of this.#at(peerIds)) peer.close('sender-cancelled');
  }

  /** How many lanes over these places in the room are open, and the smallest of their round trips in milliseconds; null before the first. */
  reportOf(peerIds: readonly string[]): {
    readonly lanes: number;
    readonly roundTripMs: number | null;
  } {
    const reports = this.#at(peerIds).map(({ report }) => report);
    const known = reports.flatMap(({ roundTripMs }) => roundTripMs ?? []);
    return {
      lanes: reports.reduce((sum, { lanes }) => sum + lanes, 0),
      roundTripMs: known.length === 0 ? null : Math.min(...known),
    };
  }

  /** Which way the lanes over these places in the room go; null where that cannot be told. */
  async readPath(peerIds: readonly string[]): Promise<LanePath | null> {
    const peer = this.#at(peerIds).find(({ report }) => report.lanes > 0);
    return (await peer?.readPath()) ?? null;
  }

  /** Leaves the files with the server, unless they are there or on their way. */
  upload(choice: UploadChoice): void {
    this.#upload.upload(choice);
  }

  /** Takes away what the server has of them. */
  deleteUpload(): void {
    this.#upload.delete();
  }

  /** Lets receivers have the files uploaded where that is expected to be faster, or does not. */
  offerUpload(offer: OfferState): void {
    this.#uploadOffer.set(offer);
  }

  /** Asks every receiver that is here into a comparison. */
  async invite(comparison: ShareSecret): Promise<void> {
    const secret = encodeBase64url(comparison);
    await this.#sendNote(this.#peers.keys(), { type: 'invitation', secret });
  }

  /** Ends the share: tells every receiver why, and closes everything. */
  close(reason: ErrorReason): void {
    if (this.#closed) return;
    // Who stops sharing means the server as well.
    this.#upload.close(reason === 'sender-stopped');
    this.#closeLanes(reason);
    this.#room.leave();
  }

  /** Closes everything because the page goes away. Receivers hear at once that it is offline, and after a while that it left. */
  abandon(): void {
    if (this.#closed) return;
    this.#upload.close(false);
    this.#closeLanes('sender-left');
    this.#room.disconnect();
  }

  async #sendNote(peerIds: Iterable<string>, said: SenderNote): Promise<void> {
    const note = await sealSenderNote(this.#secret, said);
    for (const peerId of peerIds) this.#room.sendNote(peerId, note);
  }

  #tellServerWay(peerIds: Iterable<string>): void {
    const leg = this.#uploadOffer.said;
    if (leg !== undefined) void this.#sendNote([...peerIds], { type: 'server-way', leg });
  }

  async #onNote(note: string, onUploadWanted: () => void): Promise<void> {
    const said = await openReceiverNote(this.#secret, note);
    if (said !== null && this.#uploadOffer.made && !this.#closed) onUploadWanted();
  }

  #listenToRoom({ onOpened, onUploadsOffered, onUploadWanted }: ShareListener): RoomListener {
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
      onNote: (_from, note) => void this.#onNote(note, onUploadWanted),
      onUpload: (upload, offered) => {
        onUploadsOffered(offered);
        // Where uploads are off for now, nothing is known of what was left before.
        if (offered) this.#upload.note(upload);
      },
      onClosed: (reason) => this.#post({ type: 'failed', reason }),
    };
  }

  #closeLanes(reason: ErrorReason): void {
    this.#closed = true;
    this.#uploadOffer.close();
    for (const peer of this.#peers.values()) peer.close(reason);
    this.#reader.close();
  }

  #at(peerIds: readonly string[]): ReceiverLanes[] {
    return peerIds.flatMap((peerId) => this.#peers.get(peerId) ?? []);
  }

  #onSignal(peerId: string, lane: number, signal: Signal): void {
    if (this.#closed) return;
    const known = this.#peers.get(peerId);
    const peer = known ?? this.#makePeer(peerId);
    peer.signal(lane, signal, null);
    if (known !== undefined || peer.lanes.length === 0) return;
    this.#peers.set(peerId, peer);
    this.#tellServerWay([peerId]);
    this.#reader.setReceivers(this.#peers.size);
  }

  #makePeer(peerId: string): ReceiverLanes {
    const peer: ReceiverLanes = new ReceiverLanes(peerId, {
      openLane: (listener) => this.#openLane(listener),
      sendSignal: (lane, signal) => this.#room.sendSignal(peerId, lane, signal),
      post: this.#post,
      onLaneKnown: (lane) => this.#dropSilent(lane, peer),
      onGone: (reason) => {
        if (!this.#peers.delete(peerId)) return;
        this.#reader.setReceivers(this.#peers.size);
        this.#post({ type: 'receiver-lost', peerId, reason });
      },
    });
    return peer;
  }

  #openLane(listener: SeederLaneListener): SeederLane | null {
    const open = [...this.#peers.values()].reduce((sum, { lanes }) => sum + lanes.length, 0);
    if (this.#closed || !this.direct || open >= MAX_OPEN_LANES) return null;
    const options = { initiator: false, iceServers: this.#iceServers };
    return new SeederLane(
      this.#offer,
      (heard) => this.#tools.openLane(options, heard),
      listener,
      this.#tools.clock,
    );
  }

  /** A receiver that has a new lane has lost the ones that are silent, and may not be able to say so on them. */
  #dropSilent(newest: ReceiverLane, peer: ReceiverLanes): void {
    for (const one of this.#peers.values()) {
      const same = one === peer || (one.receiver !== null && one.receiver === peer.receiver);
      if (same) one.dropSilent(newest);
    }
  }
}
