import { REJOIN_GRACE_MS } from '../../signaling/protocol/limits.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import type {
  LanePart,
  LinkEffect,
  LinkEvent,
  LinkState,
  LinkStep,
  RoomPart,
} from './link-phase.ts';
import { explainLoss, isPassing } from './link-reasons.ts';

/** How long to wait for a sender whose socket dropped before there is anything to lose; the server gives it up sooner. */
export const SENDER_WAIT_MS = REJOIN_GRACE_MS + 5_000;
/** A lane on which nothing was heard for this long is doubted: another one is opened beside it. */
export const DOUBT_MS = 2_500;
/** A doubted lane on which something was heard this recently is trusted again. */
const TRUST_MS = 700;
/** A lane that is to replace another has this long to open before yet another one is tried; then twice as long. */
export const FIRST_ATTEMPT_MS = 3_000;
const LAST_ATTEMPT_MS = 12_000;
/** A transfer without a lane goes on looking for one this long. */
export const RETRY_MS = 600_000;
const FIRST_BACKOFF_MS = 500;
const LAST_BACKOFF_MS = 10_000;

type Open = Extract<LinkState, { type: 'open' }>;

/** The first step of a link. @param persistent whether an earlier page left something of this share */
export function beginLink(persistent: boolean, now: number): LinkStep {
  return {
    state: {
      type: 'open',
      room: { type: 'joining' },
      lane: { type: 'none', openAt: now },
      persistent,
      lanes: -1,
      failures: 0,
      downSince: now,
      downReason: 'signaling-unreachable',
    },
    effects: [{ type: 'join-room' }],
  };
}

/**
 * One step of the link to the sender: finds it in the room, opens a lane, and once there is something to lose replaces
 * a lane that is lost or doubted, and the place in a room that is gone, for as long as that can help. Pure.
 */
export function stepLink(state: LinkState, event: LinkEvent, now: number): LinkStep {
  if (state.type === 'ended') return { state, effects: [] };
  switch (event.type) {
    case 'room-entered':
      // In a room of a server that was restarted, the sender has another address.
      return abandonAttempt(enter(state, event.senderOnline), now);
    case 'room-reachable':
      return onReachable(state, event.reachable, now);
    case 'room-closed':
      return onRoomClosed(state, event.reason, now);
    case 'sender-online':
      return onSenderOnline(state, event.online, now);
    case 'lane-opened':
      return onLaneOpened(state, event.lane);
    case 'lane-closed':
      return onLaneClosed(state, event.lane, event.reason, now);
    case 'persist':
      return stay({ ...state, persistent: true });
    case 'tick':
      return onTick(state, event.silentMs, now);
  }
}

function enter(state: Open, senderOnline: boolean): Open {
  return { ...state, room: { type: 'in', senderOnline, reachable: true } };
}

/** Signals to a server that was out of reach are lost: an attempt that was begun then is begun again. */
function onReachable(state: Open, reachable: boolean, now: number): LinkStep {
  const { room } = state;
  if (room.type !== 'in' || room.reachable === reachable) return stay(state);
  const next: Open = { ...state, room: { ...room, reachable } };
  return reachable ? abandonAttempt(next, now) : stay(next);
}

/** Gives up the attempt that runs, and makes another one where one is due. */
function abandonAttempt(state: Open, now: number): LinkStep {
  const { lane } = state;
  const attempt = lane.type === 'opening' ? lane : lane.type === 'up' ? lane.spare : null;
  if (attempt === null) return pursue(state, now);
  const rest: LanePart =
    lane.type === 'up' ? { ...lane, spare: null } : { type: 'none', openAt: now };
  const closing: LinkEffect = { type: 'close-lane', lane: attempt.lane, reason: 'lane-replaced' };
  return after([closing], pursue({ ...state, lane: rest }, now));
}

/** Gives up an attempt that took too long. */
function renewAttempt(state: Open, now: number): LinkStep {
  return abandonAttempt({ ...state, failures: state.failures + 1 }, now);
}

function onRoomClosed(state: Open, reason: ErrorReason, now: number): LinkStep {
  const joinAt = now + backoff(state.failures);
  const room: RoomPart = { type: 'gone', reason, joinAt };
  const next: Open = { ...state, room, failures: state.failures + 1 };
  // An open lane needs no server; if the sender is gone as well, the lane says so.
  if (state.lane.type === 'up') return stay(next);
  if (!state.persistent || !isPassing(reason)) return end(reason);
  return down(next, reason);
}

function onSenderOnline(state: Open, online: boolean, now: number): LinkStep {
  const { room, lane } = state;
  if (room.type !== 'in') return stay(state);
  const next: Open = { ...state, room: { ...room, senderOnline: online } };
  if (online) return pursue(next, now);
  if (lane.type === 'up') return stay(next);
  const closing: LinkEffect[] =
    lane.type === 'opening'
      ? [{ type: 'close-lane', lane: lane.lane, reason: 'lane-replaced' }]
      : [];
  const downSince = state.persistent ? (state.downSince ?? now) : now;
  const waiting: Open = { ...next, lane: { type: 'none', openAt: now }, downSince };
  return after(closing, state.persistent ? down(waiting, 'sender-left') : pursue(waiting, now));
}

function onLaneOpened(state: Open, number: number): LinkStep {
  const { lane } = state;
  const old = lane.type === 'up' && lane.spare?.lane === number ? lane.lane : null;
  const expected = lane.type === 'opening' ? lane.lane === number : old !== null;
  if (!expected) return stay(state);
  const closing: LinkEffect[] =
    old === null ? [] : [{ type: 'close-lane', lane: old, reason: 'lane-replaced' }];
  return {
    state: {
      ...state,
      lane: { type: 'up', lane: number, spare: null },
      failures: 0,
      downSince: null,
    },
    effects: [{ type: 'up', lane: number }, ...closing],
  };
}

function onLaneClosed(state: Open, number: number, reason: ErrorReason, now: number): LinkStep {
  const { lane } = state;
  if (lane.type === 'up' && lane.spare?.lane === number) {
    return stay({ ...state, lane: { ...lane, spare: null } });
  }
  if (lane.type === 'none' || lane.lane !== number) return stay(state);
  const named = explainLoss(reason, senderGone(state));
  const fatal = state.room.type === 'gone' && !isPassing(state.room.reason);
  if (fatal) return end(state.room.reason);
  if (!state.persistent || !isPassing(named)) return end(named);
  if (lane.type === 'opening') {
    const openAt = now + backoff(state.failures);
    const next: Open = { ...state, failures: state.failures + 1, lane: { type: 'none', openAt } };
    return pursue(next, now);
  }
  const rest: LanePart =
    lane.spare === null ? { type: 'none', openAt: now } : { type: 'opening', ...lane.spare };
  const lost = down({ ...state, lane: rest, downSince: now }, named);
  return lost.state.type === 'ended' ? lost : after(lost.effects, pursue(lost.state, now));
}

function onTick(state: Open, silentMs: number, now: number): LinkStep {
  if (state.lane.type === 'up') return watchLane(state, state.lane, silentMs, now);
  const waited = state.downSince === null ? 0 : now - state.downSince;
  if (state.persistent && waited >= RETRY_MS) return end(state.downReason);
  const senderAway = state.room.type === 'in' && !state.room.senderOnline;
  if (!state.persistent && senderAway && waited >= SENDER_WAIT_MS) {
    return end('sender-left');
  }
  const overdue =
    state.persistent &&
    state.lane.type === 'opening' &&
    now - state.lane.since >= attemptLimit(state);
  return overdue ? renewAttempt(state, now) : pursue(state, now);
}

type Up = Extract<LanePart, { type: 'up' }>;

function watchLane(state: Open, lane: Up, silentMs: number, now: number): LinkStep {
  const { spare } = lane;
  if (!state.persistent) return stay(state);
  if (silentMs < DOUBT_MS) {
    const trusted = spare !== null && silentMs < TRUST_MS;
    if (!trusted) return stay(state);
    return {
      state: { ...state, lane: { ...lane, spare: null } },
      effects: [{ type: 'close-lane', lane: spare.lane, reason: 'lane-replaced' }],
    };
  }
  const overdue = spare !== null && now - spare.since >= attemptLimit(state);
  const step = overdue ? renewAttempt(state, now) : pursue(state, now);
  return after([{ type: 'check-room' }], step);
}

/** Does what is due to come to a lane, or to one in place of a doubted one. */
function pursue(state: Open, now: number): LinkStep {
  const { room, lane } = state;
  if (room.type === 'gone') {
    if (now < room.joinAt || !isPassing(room.reason)) return stay(state);
    return { state: { ...state, room: { type: 'joining' } }, effects: [{ type: 'join-room' }] };
  }
  if (room.type === 'joining' || !room.reachable || lane.type === 'opening') return stay(state);
  if (!room.senderOnline) {
    return lane.type === 'none'
      ? { state, effects: [{ type: 'waiting', for: 'sender' }] }
      : stay(state);
  }
  if (lane.type === 'none' ? now < lane.openAt : lane.spare !== null) return stay(state);
  const number = state.lanes + 1;
  const attempt = { lane: number, since: now };
  const next: LanePart =
    lane.type === 'none' ? { type: 'opening', ...attempt } : { ...lane, spare: attempt };
  const waiting: LinkEffect[] = lane.type === 'none' ? [{ type: 'waiting', for: 'peer' }] : [];
  return {
    state: { ...state, lanes: number, lane: next },
    effects: [...waiting, { type: 'open-lane', lane: number }],
  };
}

function senderGone({ room }: Open): boolean {
  return room.type === 'in' && !room.senderOnline;
}

function down(state: Open, reason: ErrorReason): LinkStep {
  // Of a sender that left, the room is gone as well after a while: that explains no more.
  const known = reason === 'share-not-found' && state.downReason === 'sender-left';
  const downReason = known ? state.downReason : reason;
  return { state: { ...state, downReason }, effects: [{ type: 'down', reason: downReason }] };
}

function end(reason: ErrorReason): LinkStep {
  return { state: { type: 'ended' }, effects: [{ type: 'ended', reason }] };
}

function after(effects: readonly LinkEffect[], step: LinkStep): LinkStep {
  return { state: step.state, effects: [...effects, ...step.effects] };
}

function stay(state: LinkState): LinkStep {
  return { state, effects: [] };
}

/** How long the attempt after so many failed ones may take, in milliseconds. */
function attemptLimit({ failures }: Open): number {
  return Math.min(FIRST_ATTEMPT_MS * 2 ** failures, LAST_ATTEMPT_MS);
}

/** The wait before the attempt after so many failed ones, in milliseconds. */
function backoff(failures: number): number {
  return failures === 0 ? 0 : Math.min(FIRST_BACKOFF_MS * 2 ** (failures - 1), LAST_BACKOFF_MS);
}
