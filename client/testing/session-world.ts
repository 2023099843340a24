import { vi } from 'vitest';
import type { Signal } from '../../signaling/protocol/signal.ts';
import { OnehopError } from '../errors/onehop-error.ts';
import type { Lane, LaneListener, LaneOptions } from '../peer/lane.ts';
import type { ReaderHandle, SendTools } from '../session/open-share.ts';
import { ReceiveSession, type ReceiveTools, type StoreHandle } from '../session/receive-session.ts';
import type { ReceiveState } from '../session/receive-state.ts';
import { SendSession } from '../session/send-session.ts';
import type { SendState } from '../session/send-state.ts';
import { TICK_MS } from '../session/session-tools.ts';
import { type ShareSecret, parseFragment } from '../share/link.ts';
import { FakeRoom } from './fake-room.ts';
import { LanePair } from './lane-pair.ts';
import { seededRandom } from './random.ts';
import { MemoryStore, OriginalReader } from './transfer-run.ts';

/** Longer than any chain of digests that runs on other threads while nothing else moves. */
const QUIET_TURNS = 40;
const MOST_TURNS = 5_000;

/** A store in memory that counts how often it was discarded. */
export class WorldStore extends MemoryStore implements StoreHandle {
  discards = 0;

  async read(file: number): Promise<Blob> {
    return new Blob([(this.files[file] ?? new Uint8Array()).slice()]);
  }

  async discard(): Promise<void> {
    this.discards += 1;
  }
}

/** A reader in memory that knows whether it was closed. */
export class WorldReader extends OriginalReader implements ReaderHandle {
  closed = false;

  close(): void {
    this.closed = true;
  }
}

/** What is still open of what was opened. */
export interface LeftOpen {
  readonly places: number;
  readonly lanes: number;
  /** stores of a receiver, readers of the sender */
  readonly storage: number;
}

/** Nothing is. */
export const NOTHING_OPEN: LeftOpen = { places: 0, lanes: 0, storage: 0 };

/** How a receiver's stores come to be. @param opens how many there were with this one */
export type OpenStore = (store: WorldStore, opens: number) => Promise<StoreHandle>;

interface Link {
  readonly pair: LanePair;
  answered: boolean;
}

/** A receiving page in a world. */
export interface WorldReceiver {
  readonly session: ReceiveSession;
  readonly state: ReceiveState;
  /** every store that was opened or is being opened, also those that fail to */
  readonly stores: WorldStore[];
  readonly saved: { readonly content: Blob; readonly name: string }[];
  leftOpen(): LeftOpen;
}

/** A sending page, receiving pages, their room and the lanes between them, in memory; time is that of vitest's fake timers. */
export class SessionWorld {
  readonly room = new FakeRoom();
  readonly originals: readonly Uint8Array<ArrayBuffer>[];
  readonly readers: WorldReader[] = [];
  readonly sendStates: SendState[] = [];
  readonly sender: SendSession;
  /** how many lanes the sender has answered */
  answers = 0;
  /** whether the network takes new lanes */
  connects = true;
  readonly #links: Link[] = [];
  readonly #senderLanes = new Set<LaneListener>();
  readonly #maxMessageBytes: number;

  constructor({ sizes = [3_000], maxMessageBytes = 64 * 1024 } = {}) {
    const random = seededRandom(1);
    this.originals = sizes.map((size) => random.bytes(size));
    this.#maxMessageBytes = maxMessageBytes;
    const tools: SendTools = {
      clock: () => performance.now(),
      openRoom: (...wanted) => this.room.open(...wanted),
      openLane: (options, listener) => this.#openLane(options, listener, this.#senderLanes),
      openReader: (_files, manifest, onRoot) => {
        const reader = new WorldReader(manifest, this.originals, onRoot);
        this.readers.push(reader);
        return reader;
      },
    };
    this.sender = new SendSession(tools, 'https://onehop.test', (s) => this.sendStates.push(s));
  }

  /** The sending page as it is now. */
  get sendState(): SendState {
    const state = this.sendStates.at(-1);
    if (state === undefined) throw new Error('the sending page shows nothing');
    return state;
  }

  /** How each receiver stands, as the sending page shows it. */
  get statuses(): string[] {
    const state = this.sendState;
    const receivers = state.type === 'sharing' ? state.receivers : [];
    return receivers.map(({ status }) =>
      status.type === 'failed' ? `failed: ${status.reason}` : status.type,
    );
  }

  /** The secret of the link that the sending page shows. */
  get secret(): ShareSecret {
    const state = this.sendState;
    const secret = state.type === 'sharing' ? parseFragment(new URL(state.link).hash) : null;
    if (secret === null) throw new Error('the sending page shows no link');
    return secret;
  }

  /** The originals as files the user chooses. */
  get files(): File[] {
    return this.originals.map(
      (bytes, index) => new File([bytes], `file-${index}`, { lastModified: 0 }),
    );
  }

  /** Shares the files and waits for the link. */
  async share(): Promise<void> {
    this.sender.share(this.files);
    await this.until('a link', () => this.sendState.type === 'sharing');
  }

  /** Opens the link on another page. */
  receive(openStore: OpenStore = async (store) => store): WorldReceiver {
    const states: ReceiveState[] = [];
    const stores: WorldStore[] = [];
    const saved: WorldReceiver['saved'] = [];
    const lanes = new Set<LaneListener>();
    const places = this.room.members.slice(0, 0);
    const tools: ReceiveTools = {
      clock: () => performance.now(),
      openRoom: (...wanted) => {
        const handle = this.room.open(...wanted);
        places.push(...this.room.members.slice(-1));
        return handle;
      },
      openLane: (options, listener) => this.#openLane(options, listener, lanes),
      openStore: () => {
        const store = new WorldStore(this.originals.map(({ length }) => length));
        stores.push(store);
        return openStore(store, stores.length);
      },
      saveFile: (content, name) => saved.push({ content, name }),
    };
    const session = new ReceiveSession(tools, this.secret, (state) => states.push(state));
    return {
      session,
      stores,
      saved,
      get state() {
        return states.at(-1) ?? { type: 'connecting', step: 'room' };
      },
      leftOpen: () => ({
        places: places.filter(({ place }) => place === 'entering' || place === 'taken').length,
        lanes: lanes.size,
        storage: stores.filter(({ discards }) => discards === 0).length,
      }),
    };
  }

  /** What the sender has left open. */
  leftOpen(): LeftOpen {
    return {
      places: this.room.members.filter(
        ({ role, place }) => role === 'sender' && (place === 'entering' || place === 'taken'),
      ).length,
      lanes: this.#senderLanes.size,
      storage: this.readers.filter(({ closed }) => !closed).length,
    };
  }

  /** Cuts every lane, as a lost network does. */
  cutLanes(): void {
    for (const { pair } of this.#links) pair.cut();
  }

  /** Moves at most one message on every lane, and lets digests that run on other threads come back. */
  async step(): Promise<void> {
    for (const { answered, pair } of this.#links) if (answered && pair.busy) pair.step();
    await crypto.subtle.digest('SHA-256', new Uint8Array(1));
  }

  /** Moves messages until `reached`; time stands still. @param what is waited for, for the error message */
  async until(what: string, reached: () => boolean): Promise<void> {
    for (let turn = 0; turn < MOST_TURNS; turn += 1) {
      if (reached()) return;
      await this.step();
    }
    throw new Error(`never came to ${what}`);
  }

  /** Moves messages until nothing moves any more; time stands still. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet += 1) {
      if (this.#links.some(({ answered, pair }) => answered && pair.busy)) quiet = 0;
      await this.step();
    }
  }

  /** Lets time pass, in milliseconds; messages take none of it. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += TICK_MS) {
      await this.settle();
      await vi.advanceTimersByTimeAsync(Math.min(TICK_MS, ms - passed));
    }
    await this.settle();
  }

  /** A receiver's end of a new lane. */
  offerLane(listener: LaneListener): Lane {
    const number = this.#links.length;
    const random = seededRandom(number);
    const link: Link = {
      pair: new LanePair({ random, maxMessageBytes: this.#maxMessageBytes }),
      answered: false,
    };
    this.#links.push(link);
    queueMicrotask(() => listener.onSignal({ type: 'offer', sdp: String(number) }));
    const accept = ({ type }: Signal) => {
      if (type === 'answer') link.answered = this.connects;
    };
    return { ...link.pair.open(1)(listener), signal: accept };
  }

  #openLane({ initiator }: LaneOptions, listener: LaneListener, open: Set<LaneListener>): Lane {
    open.add(listener);
    const watched: LaneListener = {
      ...listener,
      onClose: (error) => {
        open.delete(listener);
        listener.onClose(error);
      },
    };
    const lane = initiator ? this.offerLane(watched) : this.#answerLane(watched);
    return {
      ...lane,
      close: (options) => {
        open.delete(listener);
        lane.close(options);
      },
    };
  }

  #answerLane(listener: LaneListener): Lane {
    this.answers += 1;
    let lane: Lane | null = null;
    return {
      maxMessageBytes: this.#maxMessageBytes,
      full: false,
      signal: (signal) => {
        if (signal.type !== 'offer') return;
        lane = this.#links[Number(signal.sdp)]?.pair.open(0)(listener) ?? null;
        queueMicrotask(() => listener.onSignal({ type: 'answer', sdp: signal.sdp }));
      },
      send: (bytes) => {
        if (lane === null) throw new OnehopError('connection-lost');
        lane.send(bytes);
      },
      close: (options) => lane?.close(options),
    };
  }
}

/** A share, and a page that receives it. */
export async function openWorld(
  plan: { readonly sizes?: number[]; readonly openStore?: OpenStore } = {},
): Promise<OpenedWorld> {
  const world = new SessionWorld(plan.sizes === undefined ? {} : { sizes: plan.sizes });
  await world.share();
  const page = world.receive(plan.openStore);
  return { world, page, reach: (type) => world.until(type, () => page.state.type === type) };
}

/** What a test has of a world with one receiving page. */
export interface OpenedWorld {
  readonly world: SessionWorld;
  readonly page: WorldReceiver;
  /** Moves messages until the receiving page is there. */
  readonly reach: (type: ReceiveState['type']) => Promise<void>;
}

/** The content of each file that the page saved. */
export async function savedBytes({ saved }: WorldReceiver): Promise<Uint8Array[]> {
  return Promise.all(saved.map(async ({ content }) => new Uint8Array(await content.arrayBuffer())));
}
