import type { LegProbe } from '../compare/prediction.ts';
import type { LaneListener } from '../peer/lane.ts';
import { NO_DELIVERY, type ReceiveDelivery } from '../session/delivery-state.ts';
import { ReceiveSession } from '../session/receive-session.ts';
import type { ReceiveState, StorageFit } from '../session/receive-state.ts';
import type { ReceiveTools, StoreHandle } from '../session/receive-tools.ts';
import type { TransferDetails } from '../session/transfer-details.ts';
import type { ClaimHandle, ServerSourceHandle } from '../session/server-link.ts';
import type { ShareKeys } from '../share/share-keys.ts';
import type { ServerSourceListener } from '../transfer/server-source.ts';
import { type LeftOpen, SenderWorld, startFakeTicker } from './sender-world.ts';
import { WorldStore } from './world-store.ts';

export { NOTHING_OPEN } from './sender-world.ts';

/** How a receiver's stores come to be. @param opens how many there were with this one */
export type OpenStore = (store: WorldStore, opens: number) => Promise<StoreHandle>;

/** A receiving page in a world. */
export interface WorldReceiver {
  readonly session: ReceiveSession;
  readonly state: ReceiveState;
  readonly details: TransferDetails | null;
  readonly delivery: ReceiveDelivery;
  /** every store that was opened, is being opened or was found by the page, also those that fail to open */
  readonly stores: WorldStore[];
  readonly saved: { readonly content: Blob; readonly name: string }[];
  leftOpen(): LeftOpen;
}

/** There is as much room as anybody wants. */
const FITS: Omit<StorageFit, 'neededBytes'> = {
  fits: true,
  availableBytes: null,
  reclaimable: { count: 0, bytes: 0 },
  canPickFolder: true,
};

/** A server that has nothing of the share. */
class NoServerSource implements ServerSourceHandle {
  readonly firstByteAt = null;
  readonly summary = null;
  readonly claim = null;
  #closed = false;

  constructor(listener: ServerSourceListener) {
    queueMicrotask(() => {
      if (!this.#closed) listener.onClosed('upload-not-found');
    });
  }

  fetchManifest(): void {}
  select(): void {}
  request(): void {}
  withdraw(): void {}
  reportPause(): void {}
  reportProgress(): void {}
  reportComplete(): void {}
  tick(): void {}

  close(): void {
    this.#closed = true;
  }
}

/** A sending page, receiving pages, their room and the lanes between them, in memory; time is that of vitest's fake timers. */
export class SessionWorld extends SenderWorld {
  /** every store of every receiving page */
  readonly stores: WorldStore[] = [];
  /** what the user picks as a folder; null where nothing */
  picked: FileSystemDirectoryHandle | null = null;
  /** what the server has of the share; nothing, where a test has no server */
  openServerSource: (keys: ShareKeys, listener: ServerSourceListener) => ServerSourceHandle = (
    _keys,
    listener,
  ) => new NoServerSource(listener);

  /** what a probe of the line from the server shows; null for nothing */
  downloadLeg: LegProbe | null = null;
  /** the places among the server's downloads that pages confirmed for those before them */
  readonly confirmed: string[] = [];
  /** whether the server takes receipts */
  counts = true;

  #openClaim(token: string): ClaimHandle {
    return {
      token,
      confirm: () => this.confirmed.push(token),
      giveBack: () => {},
      counted: Promise.resolve(this.counts),
    };
  }

  /** Opens the link on another page. */
  receive(openStore: OpenStore = async (store) => store): WorldReceiver {
    const states: ReceiveState[] = [];
    let details: TransferDetails | null = null;
    let delivery = NO_DELIVERY;
    const stores: WorldStore[] = [];
    const saved: WorldReceiver['saved'] = [];
    const lanes = new Set<LaneListener>();
    const places = this.room.members.slice(0, 0);
    const tools: ReceiveTools = {
      clock: () => performance.now(),
      startTicker: startFakeTicker,
      openRoom: (...wanted) => {
        const handle = this.room.open(...wanted);
        places.push(...this.room.members.slice(-1));
        return handle;
      },
      openLane: (options, listener) => this.openLane(options, listener, lanes),
      openServerSource: (_secret, keys, listener) => this.openServerSource(keys, listener),
      probeDownload: async () => this.downloadLeg,
      openClaim: (_keys, token) => this.#openClaim(token),
      openStore: () => {
        const store = new WorldStore(this.originals.map(({ length }) => length));
        this.stores.push(store);
        stores.push(store);
        return openStore(store, stores.length);
      },
      reopenStore: async () => {
        const kept = this.stores.findLast(({ state, record }) => state === 'closed' && record);
        if (kept !== undefined && !stores.includes(kept)) stores.push(kept);
        return kept?.reopen() ?? null;
      },
      measureFit: async (neededBytes) => ({ ...FITS, neededBytes }),
      makeRoom: async () => {},
      pickFolder: async () => this.picked,
      saveFile: (content, name) => saved.push({ content, name }),
    };
    const session = new ReceiveSession(tools, this.secret, {
      onChange: (state) => states.push(state),
      onDetails: (next) => (details = next),
      onDelivery: (next) => (delivery = next),
    });
    return {
      session,
      stores,
      saved,
      get state() {
        return states.at(-1) ?? { type: 'connecting', step: 'room', kept: null };
      },
      get details() {
        return details;
      },
      get delivery() {
        return delivery;
      },
      leftOpen: () => ({
        places: places.filter(({ place }) => place === 'entering' || place === 'taken').length,
        lanes: lanes.size,
        storage: stores.filter(({ state }) => state === 'open').length,
      }),
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
