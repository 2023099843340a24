import type { ErrorReason } from '../errors/error-reason.ts';
import { type SpeedMeter, addSample } from '../progress/speed-meter.ts';
import type { SeederStage } from '../transfer/seeder-state.ts';
import type { ReceiverStatus } from './send-state.ts';

/** How many receivers that are through stay listed; the oldest go first. */
export const MAX_LISTED_RECEIVERS = 50;
/** A receiver that was lost without a word is waited for this long: the server keeps its place for 60 s. */
export const RECEIVER_WAIT_MS = 70_000;

type Stage =
  | { readonly type: 'connecting' | SeederStage }
  | { readonly type: 'failed'; readonly reason: ErrorReason };

/** One receiver as the sending page keeps it, over all its lanes and places in the room. */
export interface ReceiverEntry {
  readonly number: number;
  /** by which it is known when it comes back; null until it has said what it takes */
  readonly receiver: string | null;
  /** its places in the room, by peer id, each with whether a lane to it is there */
  readonly peers: ReadonlyMap<string, boolean>;
  readonly stage: Stage;
  /** since when it is without a lane and has not come back; null where it is here */
  readonly lostAt: number | null;
  readonly pausedByYou: boolean;
  readonly pausedByReceiver: boolean;
  /** verified in its sink */
  readonly bytes: number;
  /** of the files that it takes */
  readonly totalBytes: number;
  readonly meter: SpeedMeter;
}

/** The receivers of a share. */
export interface ReceiverList {
  /** by their number, in the order they came */
  readonly entries: ReadonlyMap<number, ReceiverEntry>;
  readonly seen: number;
  /** of the share */
  readonly totalBytes: number;
}

/** What happens to receivers. */
export type ReceiverEvent =
  | { readonly type: 'receiver-connecting'; readonly peerId: string }
  | { readonly type: 'receiver-stage'; readonly peerId: string; readonly stage: SeederStage }
  | {
      readonly type: 'receiver-selected';
      readonly peerId: string;
      readonly receiver: string;
      readonly bytes: number;
    }
  | { readonly type: 'receiver-paused'; readonly peerId: string; readonly paused: boolean }
  | { readonly type: 'receiver-progress'; readonly peerId: string; readonly bytes: number }
  | { readonly type: 'receiver-lost'; readonly peerId: string; readonly reason: ErrorReason }
  | { readonly type: 'pause-receiver'; readonly number: number; readonly paused: boolean }
  | { readonly type: 'cancel-receiver'; readonly number: number }
  | { readonly type: 'tick' };

/** What is to be done about receivers. */
export type ReceiverEffect =
  | { readonly type: 'pause-peers'; readonly peerIds: readonly string[]; readonly paused: boolean }
  | { readonly type: 'cancel-peers'; readonly peerIds: readonly string[] };

interface ListStep {
  readonly list: ReceiverList;
  readonly effects: readonly ReceiverEffect[];
}

/** No receiver yet. @param totalBytes of the share */
export function createReceiverList(totalBytes: number): ReceiverList {
  return { entries: new Map(), seen: 0, totalBytes };
}

/** How a receiver stands, for people to see. */
export function statusOf(entry: ReceiverEntry): ReceiverStatus {
  const { stage, lostAt, pausedByYou, pausedByReceiver } = entry;
  if (stage.type === 'failed' || stage.type === 'done') return stage;
  if (lostAt !== null) return { type: 'reconnecting' };
  if (stage.type !== 'receiving' || (!pausedByYou && !pausedByReceiver)) return stage;
  if (pausedByYou && pausedByReceiver) return { type: 'paused', by: 'both' };
  return { type: 'paused', by: pausedByYou ? 'you' : 'receiver' };
}

/** Whether a receiver has begun and not ended; it may be paused, or lost for now. */
export function isUnderWay({ stage }: ReceiverEntry): boolean {
  return stage.type === 'receiving';
}

/** Whether there is a lane to a receiver. */
export function isHere({ peers }: ReceiverEntry): boolean {
  return [...peers.values()].some(Boolean);
}

/** One step of the receivers at `now`, in milliseconds of a monotonic clock. Pure. */
export function stepReceivers(list: ReceiverList, event: ReceiverEvent, now: number): ListStep {
  switch (event.type) {
    case 'tick':
      return { list: giveUp(list, now), effects: [] };
    case 'receiver-connecting':
      return { list: connect(list, event.peerId), effects: [] };
    case 'receiver-selected':
      return select(list, event);
    case 'pause-receiver':
      return pause(list, event.number, event.paused);
    case 'cancel-receiver':
      return cancel(list, event.number);
    default: {
      const entry = findPeer(list, event.peerId);
      if (entry === null) return { list, effects: [] };
      return { list: put(list, stepEntry(entry, event, now)), effects: [] };
    }
  }
}

type EntryEvent = Extract<
  ReceiverEvent,
  { type: 'receiver-stage' | 'receiver-paused' | 'receiver-progress' | 'receiver-lost' }
>;

function stepEntry(entry: ReceiverEntry, event: EntryEvent, now: number): ReceiverEntry {
  switch (event.type) {
    case 'receiver-stage':
      return enter(entry, event.stage);
    case 'receiver-paused':
      return { ...entry, pausedByReceiver: event.paused };
    case 'receiver-progress': {
      const meter = addSample(entry.meter, { at: now, bytes: event.bytes });
      return { ...entry, bytes: event.bytes, meter };
    }
    case 'receiver-lost':
      return lose(entry, event.peerId, event.reason, now);
  }
}

/** A new lane begins with `choosing`, also that of a receiver that is under way: then it will say so itself. */
function enter(entry: ReceiverEntry, stage: SeederStage): ReceiverEntry {
  const pausedByYou = entry.pausedByYou && stage !== 'done';
  if (stage !== 'choosing') return { ...entry, stage: { type: stage }, lostAt: null, pausedByYou };
  const fresh = { ...entry, pausedByReceiver: false };
  return entry.stage.type === 'connecting' ? { ...fresh, stage: { type: stage } } : fresh;
}

function lose(
  entry: ReceiverEntry,
  peerId: string,
  reason: ErrorReason,
  now: number,
): ReceiverEntry {
  const gone: ReceiverEntry = { ...entry, peers: new Map(entry.peers).set(peerId, false) };
  const through = gone.stage.type === 'done' || gone.stage.type === 'failed';
  if (through || isHere(gone)) return gone;
  const comesBack = mayComeBack(reason) && gone.stage.type !== 'connecting';
  if (comesBack) return { ...gone, lostAt: gone.lostAt ?? now };
  return fail(gone, mayComeBack(reason) && reason !== 'connect-timeout' ? 'receiver-left' : reason);
}

const PASSING: ReadonlySet<ErrorReason> = new Set([
  'connection-lost',
  'peer-silent',
  'connect-timeout',
  'lane-replaced',
]);

/** Whether a lane ends so whose receiver may come back: it did not say that it goes. */
export function mayComeBack(reason: ErrorReason): boolean {
  return PASSING.has(reason);
}

function fail(entry: ReceiverEntry, reason: ErrorReason): ReceiverEntry {
  return { ...entry, stage: { type: 'failed', reason }, lostAt: null };
}

function giveUp(list: ReceiverList, now: number): ReceiverList {
  let given = list;
  for (const entry of list.entries.values()) {
    const overdue = entry.lostAt !== null && now - entry.lostAt >= RECEIVER_WAIT_MS;
    if (overdue && !isHere(entry)) given = put(given, fail(entry, 'receiver-left'));
  }
  return given;
}

function connect(list: ReceiverList, peerId: string): ReceiverList {
  const entry = findPeer(list, peerId);
  if (entry === null) return add(list, peerId);
  const peers = new Map(entry.peers).set(peerId, true);
  // One that is under way stays what it is until it says itself that it goes on.
  const kept = entry.stage.type === 'receiving' || entry.stage.type === 'done';
  if (kept) return put(list, { ...entry, peers });
  return put(list, { ...entry, peers, stage: { type: 'connecting' }, lostAt: null });
}

function add(list: ReceiverList, peerId: string): ReceiverList {
  const number = list.seen + 1;
  const entries = new Map(list.entries).set(number, {
    number,
    receiver: null,
    peers: new Map([[peerId, true]]),
    stage: { type: 'connecting' },
    lostAt: null,
    pausedByYou: false,
    pausedByReceiver: false,
    bytes: 0,
    totalBytes: list.totalBytes,
    meter: [],
  });
  const through = [...entries.values()].filter(
    ({ stage }) => stage.type === 'done' || stage.type === 'failed',
  );
  for (const old of through.slice(0, Math.max(0, entries.size - MAX_LISTED_RECEIVERS))) {
    entries.delete(old.number);
  }
  return { ...list, entries, seen: number };
}

/** The receiver says who it is: one that was here before goes on as the entry that it was. */
function select(
  list: ReceiverList,
  { peerId, receiver, bytes }: Extract<ReceiverEvent, { type: 'receiver-selected' }>,
): ListStep {
  const newcomer = findPeer(list, peerId);
  if (newcomer === null) return { list, effects: [] };
  const known = [...list.entries.values()].find((one) => one.receiver === receiver) ?? newcomer;
  const back: ReceiverEntry = {
    ...known,
    receiver,
    peers: new Map([...known.peers, ...newcomer.peers]),
    stage: { type: 'receiving' },
    lostAt: null,
    pausedByReceiver: newcomer.pausedByReceiver,
    bytes: newcomer.bytes > 0 ? newcomer.bytes : known.bytes,
    totalBytes: bytes,
  };
  const merged = known === newcomer ? list : remove(list, newcomer.number);
  return {
    list: put(merged, back),
    effects: back.pausedByYou ? [{ type: 'pause-peers', peerIds: [peerId], paused: true }] : [],
  };
}

function pause(list: ReceiverList, number: number, paused: boolean): ListStep {
  const entry = list.entries.get(number);
  if (entry === undefined || !isUnderWay(entry) || entry.pausedByYou === paused) {
    return { list, effects: [] };
  }
  return {
    list: put(list, { ...entry, pausedByYou: paused }),
    effects: [{ type: 'pause-peers', peerIds: [...entry.peers.keys()], paused }],
  };
}

function cancel(list: ReceiverList, number: number): ListStep {
  const entry = list.entries.get(number);
  if (entry === undefined || entry.stage.type === 'done' || entry.stage.type === 'failed') {
    return { list, effects: [] };
  }
  return {
    list: put(list, fail({ ...entry, pausedByYou: false }, 'sender-cancelled')),
    effects: [{ type: 'cancel-peers', peerIds: [...entry.peers.keys()] }],
  };
}

function findPeer(list: ReceiverList, peerId: string): ReceiverEntry | null {
  return [...list.entries.values()].find(({ peers }) => peers.has(peerId)) ?? null;
}

function put(list: ReceiverList, entry: ReceiverEntry): ReceiverList {
  return { ...list, entries: new Map(list.entries).set(entry.number, entry) };
}

/** Takes out one that was another one all along; the number of the last one is free again. */
function remove(list: ReceiverList, number: number): ReceiverList {
  const entries = new Map(list.entries);
  entries.delete(number);
  return { ...list, entries, seen: number === list.seen ? number - 1 : list.seen };
}
