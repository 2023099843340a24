import type { Signal } from '../../signaling/protocol/signal.ts';
import { encodeBase64url } from '../encoding/base64url.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import type { RoomHandle } from '../session/session-tools.ts';
import { type Manifest, buildManifest, digestManifest } from '../share/manifest.ts';
import { encodeNumberSet, fullNumberSet } from '../share/number-set.ts';
import { type ShareKeys, deriveShareKeys } from '../share/share-keys.ts';
import type { ControlMessage } from '../transfer/control-message.ts';
import { PeerLane } from '../transfer/peer-lane.ts';
import type { SenderWorld } from './sender-world.ts';

/** A receiver that says what the test has it say, with no page behind it. */
export class BareReceiver {
  /** the control messages that came, in order */
  readonly heard: ControlMessage[] = [];
  readonly closed: ErrorReason[] = [];
  /** how many frames came */
  frames = 0;
  readonly #world: SenderWorld;
  readonly #room: RoomHandle;
  readonly #sender: string;
  readonly #lanes = new Map<number, PeerLane>();
  readonly #open = new Set<number>();
  readonly #early: { readonly number: number; readonly message: ControlMessage }[] = [];

  constructor(world: SenderWorld, keys: ShareKeys) {
    this.#world = world;
    this.#room = world.room.open('receiver', keys, {
      onEntered: () => {},
      onOnline: () => {},
      onPeer: () => {},
      onUpload: () => {},
      onSignal: (_from, number, signal) => this.#lanes.get(number)?.signal(signal),
      onClosed: () => {},
    });
    this.#sender = world.room.sender.peerId;
  }

  /**
   * Opens a lane and greets; what is said before it is open is kept until it is.
   * @param over the lane that carries the handshake; else the room does
   */
  greet(number: number, over?: number): void {
    const lane = new PeerLane(
      (listener) => this.#world.offerLane(listener),
      {
        onSignal: (signal) => {
          if (over === undefined) this.send(number, signal);
          else this.say(over, { type: 'signal', lane: number, signal });
        },
        onOpened: () => this.#onOpened(number),
        onMessage: (message) => {
          if (message.type === 'control') this.heard.push(message.message);
          else this.frames += 1;
        },
        onLaneSignal: (other, signal) => this.#lanes.get(other)?.signal(signal),
        onRoom: () => {},
        onClosed: (reason) => {
          this.closed.push(reason);
          this.#lanes.delete(number);
        },
      },
      () => performance.now(),
    );
    this.#lanes.set(number, lane);
  }

  /** Looks at the clock, so that its lanes stay alive. */
  tick(): void {
    for (const lane of this.#lanes.values()) lane.tick(true);
  }

  /** Says something on a lane. */
  say(number: number, message: ControlMessage): void {
    if (this.#open.has(number)) this.#lanes.get(number)?.send(message);
    else this.#early.push({ number, message });
  }

  /** Says good-bye on a lane. */
  leave(number: number, reason: ErrorReason): void {
    this.#lanes.get(number)?.close(reason);
  }

  /** Begins a transfer of everything on a new lane: greets, and says what it takes. */
  async begin(number: number, receiver = 'a'): Promise<void> {
    this.greet(number);
    this.say(number, await selectAll(this.#world, receiver));
  }

  send(number: number, signal: Signal): void {
    this.#room.sendSignal(this.#sender, number, signal);
  }

  #onOpened(number: number): void {
    this.#open.add(number);
    for (const early of this.#early) if (early.number === number) this.say(number, early.message);
  }
}

/** Receivers that are in the room of the world's share. */
export async function bareReceivers(world: SenderWorld, count: number): Promise<BareReceiver[]> {
  const keys = await deriveShareKeys(world.secret);
  const receivers = Array.from({ length: count }, () => new BareReceiver(world, keys));
  await world.settle();
  return receivers;
}

/** One receiver that is in the room of the world's share. */
export async function bareReceiver(world: SenderWorld): Promise<BareReceiver> {
  const [receiver] = await bareReceivers(world, 1);
  if (receiver === undefined) throw new Error('there is one');
  return receiver;
}

/** The manifest of the world's share. */
export function manifestOf(world: SenderWorld): Manifest {
  const manifest = buildManifest(
    world.originals.map(({ length }, index) => ({
      path: `file-${index}`,
      size: length,
      type: '',
      lastModified: 0,
    })),
  );
  if (manifest === null) throw new Error('within the limits');
  return manifest;
}

/** What a receiver of everything says of what it takes. @param receiver one character of its id */
export async function selectAll(world: SenderWorld, receiver = 'a'): Promise<ControlMessage> {
  const manifest = manifestOf(world);
  return {
    type: 'select',
    manifest: encodeBase64url(await digestManifest(manifest)),
    files: encodeNumberSet(fullNumberSet(manifest.entries.length)),
    receiver: receiver.repeat(16),
  };
}
