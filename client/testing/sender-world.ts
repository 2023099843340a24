import { vi } from 'vitest';
import type { LegProbe } from '../compare/prediction.ts';
import type { Signal } from '../../signaling/protocol/signal.ts';
import { OnehopError } from '../errors/onehop-error.ts';
import type { KeptShareHandle } from '../kept-share/share-keeper.ts';
import type { ShareRecord } from '../kept-share/share-record.ts';
import type { Lane, LaneListener, LaneOptions } from '../peer/lane.ts';
import type { ReaderHandle } from '../session/open-share.ts';
import type { ReceiverDetails } from '../session/receiver-watch.ts';
import { FIRST_DELIVERY } from '../session/delivery-state.ts';
import { SendSession, type SendTools } from '../session/send-session.ts';
import type { SendState } from '../session/send-state.ts';
import { type ShareSecret, parseFragment } from '../share/link.ts';
import type { ChosenEntry } from '../share/manifest.ts';
import { TICK_MS } from '../time/ticker.ts';
import { FakeRoom } from './fake-room.ts';
import { LanePair } from './lane-pair.ts';
import { OriginalReader } from './original-reader.ts';
import { seededRandom } from './random.ts';

/** Longer than any chain of digests that runs on other threads while nothing else moves. */
const QUIET_TURNS = 40;
const MOST_TURNS = 5_000;

/** A reader in memory that knows whether it was closed. */
export class WorldReader extends OriginalReader implements ReaderHandle {
  closed = false;

  close(): void {
    this.closed = true;
  }
}

/** A share that is kept in memory, and how it was let go. */
export class WorldKeptShare implements KeptShareHandle {
  record: ShareRecord;
  readonly journal = null;
  state: 'held' | 'released' | 'removed' = 'held';

  constructor(record: ShareRecord) {
    this.record = record;
  }

  noteMembership(membership: ShareRecord['membership']): void {
    this.record = { ...this.record, membership };
  }

  noteSending(sending: Pick<ShareRecord, 'sendBy' | 'choice'>): void {
    this.record = { ...this.record, ...sending };
  }

  noteUpload(upload: ShareRecord['upload']): void {
    this.record = { ...this.record, upload };
  }

  release(): void {
    if (this.state === 'held') this.state = 'released';
  }

  async remove(): Promise<void> {
    this.state = 'removed';
  }
}

/** A server that takes no uploads. */
const NO_UPLOADS: Pick<SendTools, 'uploads' | 'openUploader'> = {
  uploads: {
    status: () => Promise.reject(new OnehopError('upload-not-found')),
    delete: () => Promise.resolve(),
    terms: () => Promise.reject(new OnehopError('upload-unreachable')),
  },
  openUploader: (_task, _tools, listener) => {
    queueMicrotask(() => listener.onFailed('upload-unreachable'));
    return { close: () => {} };
  },
};

/** What is still open of what was opened. */
export interface LeftOpen {
  readonly places: number;
  readonly lanes: number;
  /** stores of a receiver, readers of the sender */
  readonly storage: number;
}

/** Nothing is. */
export const NOTHING_OPEN: LeftOpen = { places: 0, lanes: 0, storage: 0 };

interface Link {
  readonly pair: LanePair;
  answered: boolean;
  /** whatever goes over it stays on its way */
  silent: boolean;
}

/** Ticks by vitest's fake timers. */
export function startFakeTicker(onTick: () => void, signal: AbortSignal): void {
  const timer = setInterval(onTick, TICK_MS);
  signal.addEventListener('abort', () => clearInterval(timer));
}

/** A sending page, its room, and lanes to whoever offers them, in memory; time is that of vitest's fake timers. */
export class SenderWorld {
  readonly room = new FakeRoom();
  readonly originals: readonly Uint8Array<ArrayBuffer>[];
  /** the comparisons that the sender opened */
  readonly compared: {
    readonly files: readonly File[];
    readonly onSecret: (secret: ShareSecret) => void;
  }[] = [];
  readonly readers: WorldReader[] = [];
  readonly kept: WorldKeptShare[] = [];
  readonly sendStates: SendState[] = [];
  sendDetails: ReceiverDetails = new Map();
  /** what the sending page shows of how its files go */
  sendDelivery = FIRST_DELIVERY;
  /** what a probe of its line to the server shows; null for nothing */
  uploadLeg: LegProbe | null = null;
  /** how it uploads: where a test has no server, never */
  uploads: Pick<SendTools, 'uploads' | 'openUploader'> = NO_UPLOADS;
  sender: SendSession;
  /** how many lanes the sender has answered */
  answers = 0;
  /** whether the network takes new lanes */
  connects = true;
  /** whether the browser keeps shares */
  keeps = true;
  readonly #links: Link[] = [];
  readonly #senderLanes = new Set<LaneListener>();
  readonly #maxMessageBytes: number;

  constructor({ sizes = [3_000], maxMessageBytes = 64 * 1024 } = {}) {
    const random = seededRandom(1);
    this.originals = sizes.map((size) => random.bytes(size));
    this.#maxMessageBytes = maxMessageBytes;
    this.sender = this.#openSender();
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

  /** The originals as the user chooses them. */
  get chosen(): ChosenEntry[] {
    return this.originals.map((bytes, index) => ({
      path: `file-${index}`,
      file: new File([bytes], `file-${index}`, { lastModified: 0 }),
    }));
  }

  /** Shares the files and waits for the link. */
  async share(): Promise<void> {
    this.sender.share(this.chosen);
    await this.until('a link', () => this.sendState.type === 'sharing');
  }

  /** Loads the sending page anew. */
  async reload(): Promise<void> {
    this.sender.close();
    await this.settle();
    this.sender = this.#openSender();
    await this.settle();
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
    for (const { pair } of this.#links.slice()) pair.cut();
  }

  /** Has nothing arrive any more over the lanes that there are, as a lost network does before anybody notices. */
  silenceLanes(): void {
    for (const link of this.#links) link.silent = true;
  }

  /** Moves at most one message on every lane, and lets digests that run on other threads come back. */
  async step(): Promise<void> {
    for (const link of this.#links) if (moves(link)) link.pair.step();
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
      if (this.#links.some((link) => moves(link))) quiet = 0;
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
      silent: false,
    };
    this.#links.push(link);
    queueMicrotask(() => listener.onSignal({ type: 'offer', sdp: String(number) }));
    const accept = ({ type }: Signal) => {
      if (type === 'answer') link.answered = this.connects;
    };
    return { ...link.pair.open(1)(listener), signal: accept };
  }

  /** A lane as a page's tools open it. @param open keeps those that are open */
  openLane({ initiator }: LaneOptions, listener: LaneListener, open: Set<LaneListener>): Lane {
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

  #openSender(): SendSession {
    const tools: SendTools = {
      clock: () => performance.now(),
      startTicker: startFakeTicker,
      openRoom: (...wanted) => this.room.open(...wanted),
      openLane: (options, listener) => this.openLane(options, listener, this.#senderLanes),
      openReader: ({ manifest, failed }, listener) => {
        const reader = new WorldReader(manifest, this.originals, listener, failed);
        this.readers.push(reader);
        return reader;
      },
      ...this.uploads,
      probeUpload: async () => this.uploadLeg,
      openComparison: (files, onSecret) => this.compared.push({ files, onSecret }),
      keepShare: async (record) => (this.keeps ? this.#keep(record) : null),
      takeUpShare: async () => {
        const last = this.kept.findLast(({ state }) => state === 'released');
        return last === undefined ? null : this.#keep(last.record);
      },
    };
    return new SendSession(tools, 'https://onehop.test', {
      onChange: (state) => this.sendStates.push(state),
      onDetails: (details) => (this.sendDetails = details),
      onDelivery: (delivery) => (this.sendDelivery = delivery),
    });
  }

  #keep(record: ShareRecord): WorldKeptShare {
    const share = new WorldKeptShare(record);
    this.kept.push(share);
    return share;
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
      readPath: async () => (await lane?.readPath()) ?? null,
      close: (options) => lane?.close(options),
    };
  }
}

function moves({ pair, answered, silent }: Link): boolean {
  return answered && !silent && pair.busy;
}
