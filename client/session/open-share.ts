import type { IceServer } from '../../signaling/protocol/replies.ts';
import type { Signal } from '../../signaling/protocol/signal.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import type { ShareKeys } from '../share/share-keys.ts';
import type { Manifest } from '../share/manifest.ts';
import type { PieceReader } from '../reading/piece-reader.ts';
import { type Offer, SeederLane } from '../transfer/seeder-lane.ts';
import { splitManifest } from '../transfer/manifest-parts.ts';
import type { RoomHandle, SessionTools } from './session-tools.ts';
import type { SendEvent } from './send-machine.ts';

/** A receiver that opens more lanes than this at once is not answered on the rest. */
export const MAX_LANES_PER_RECEIVER = 4;
/** The same for all receivers together: each is a connection of the browser's. */
export const MAX_LANES = 64;

/** A reader as a session uses it. */
export interface ReaderHandle extends Pick<PieceReader, 'read' | 'root' | 'close'> {}

/** What a sending session is made of. */
export interface SendTools extends SessionTools {
  openReader(
    files: readonly File[],
    manifest: Manifest,
    onRoot: (root: string) => void,
  ): ReaderHandle;
}

interface ReceiverLanes {
  online: boolean;
  readonly lanes: Map<number, SeederLane>;
}

/** A share that is open: its room, its reader, and the lanes of its receivers. */
export class OpenShare {
  readonly #tools: SendTools;
  readonly #post: (event: SendEvent) => void;
  readonly #room: RoomHandle;
  readonly #offer: Offer;
  readonly #reader: ReaderHandle;
  readonly #receivers = new Map<string, ReceiverLanes>();
  #iceServers: readonly IceServer[] = [];
  #closed = false;

  /**
   * Opens the room; `opened` or `failed` follows.
   * @param onOpened told when the room is open, again when it was opened anew on a restarted server
   */
  constructor(
    tools: SendTools,
    share: {
      readonly files: readonly File[];
      readonly manifest: Manifest;
      readonly keys: ShareKeys;
    },
    listener: { readonly onOpened: () => void; readonly post: (event: SendEvent) => void },
  ) {
    this.#tools = tools;
    this.#post = (event) => {
      if (!this.#closed) listener.post(event);
    };
    this.#reader = tools.openReader(share.files, share.manifest, (root) => this.#onRoot(root));
    const { manifest } = share;
    this.#offer = { manifest, manifestParts: splitManifest(manifest) ?? [], reader: this.#reader };
    this.#room = tools.openRoom('sender', share.keys, {
      onEntered: ({ iceServers }) => {
        this.#iceServers = iceServers;
        // A server that was restarted knows nothing of the receivers that are here already.
        for (const receiver of this.#receivers.values()) receiver.online = true;
        listener.onOpened();
      },
      onOnline: (online) => this.#post({ type: 'online', online }),
      onPeer: ({ peerId, online }) => {
        const receiver = this.#receivers.get(peerId);
        if (receiver !== undefined) receiver.online = online;
      },
      onSignal: (from, lane, signal) => this.#onSignal(from, lane, signal),
      onClosed: (reason) => this.#post({ type: 'failed', reason }),
    });
  }

  /** Looks at the clock. */
  tick(): void {
    for (const { online, lanes } of this.#receivers.values()) {
      for (const lane of lanes.values()) lane.tick(online);
    }
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

  #closeLanes(reason: ErrorReason): void {
    this.#closed = true;
    for (const { lanes } of this.#receivers.values()) {
      for (const lane of lanes.values()) lane.close(reason);
    }
    this.#reader.close();
  }

  #onRoot(root: string): void {
    for (const { lanes } of this.#receivers.values()) {
      for (const lane of lanes.values()) lane.announceRoot(root);
    }
  }

  #onSignal(peerId: string, number: number, signal: Signal): void {
    if (this.#closed) return;
    const lane = this.#receivers.get(peerId)?.lanes.get(number);
    if (lane !== undefined) lane.signal(signal);
    // Only an offer opens a lane: what else comes for none is late.
    else if (signal.type === 'offer') this.#openLane(peerId, number)?.signal(signal);
  }

  #openLane(peerId: string, number: number): SeederLane | null {
    const receiver = this.#receivers.get(peerId) ?? { online: true, lanes: new Map() };
    const lanes = [...this.#receivers.values()].reduce((sum, one) => sum + one.lanes.size, 0);
    if (receiver.lanes.size >= MAX_LANES_PER_RECEIVER || lanes >= MAX_LANES) return null;
    this.#receivers.set(peerId, receiver);
    this.#post({ type: 'receiver-connecting', peerId });
    const lane = new SeederLane(
      this.#offer,
      (listener) =>
        this.#tools.openLane({ initiator: false, iceServers: this.#iceServers }, listener),
      {
        onSignal: (signal) => this.#room.sendSignal(peerId, number, signal),
        onStage: (stage) => this.#post({ type: 'receiver-stage', peerId, stage }),
        onProgress: (bytes) => this.#post({ type: 'receiver-progress', peerId, bytes }),
        onClosed: (reason) => this.#onLaneClosed(peerId, number, reason),
      },
      this.#tools.clock,
    );
    receiver.lanes.set(number, lane);
    return lane;
  }

  #onLaneClosed(peerId: string, number: number, reason: ErrorReason): void {
    const receiver = this.#receivers.get(peerId);
    receiver?.lanes.delete(number);
    if (receiver === undefined || receiver.lanes.size > 0) return;
    this.#receivers.delete(peerId);
    this.#post({ type: 'receiver-lost', peerId, reason });
  }
}
