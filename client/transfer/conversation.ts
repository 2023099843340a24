import { PROTOCOL_VERSION } from '../../signaling/protocol/limits.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import type { ControlMessage } from './control-message.ts';
import type { PeerMessage } from './peer-message.ts';

/** How long a lane may take to open, in milliseconds. */
export const OPEN_TIMEOUT_MS = 20_000;
/** How long the greeting may take once the lane is open. */
export const GREETING_TIMEOUT_MS = 10_000;
/** Each side sends a ping this often, so that silence always means something. */
export const PING_INTERVAL_MS = 1_000;
/** A lane that was silent for this long is given up… */
export const SILENCE_MS = 15_000;
/** …and sooner where the signaling server has lost the peer as well. */
export const SILENCE_WHILE_OFFLINE_MS = 2_500;
/** A longer gap between two ticks means that this page itself was asleep: silence is counted anew. */
export const SLEEP_GAP_MS = 3_000;

/** How many messages may overtake the peer's greeting: the channel keeps no order. */
export const MAX_HELD_MESSAGES = 64;

/** A lane as the two peers speak over it. All times are milliseconds of one monotonic clock. */
export type ConversationState =
  | {
      readonly type: 'opening' | 'greeting';
      readonly since: number;
      /** whether this side takes deflated pieces */
      readonly inflates: boolean;
      /** what overtook the peer's greeting */
      readonly held: readonly PeerMessage[];
    }
  | {
      readonly type: 'open';
      /** whether the peer takes deflated pieces */
      readonly peerInflates: boolean;
      /** the last round trip of a ping, in milliseconds; null before the first */
      readonly roundTripMs: number | null;
      readonly heardAt: number;
      readonly pingedAt: number;
      readonly tickedAt: number;
      readonly pings: number;
    }
  | { readonly type: 'closed'; readonly reason: ErrorReason };

/** What happens to a conversation. */
export type ConversationEvent =
  | { readonly type: 'lane-opened' }
  | { readonly type: 'lane-closed'; readonly reason: ErrorReason }
  | { readonly type: 'received'; readonly message: PeerMessage }
  | { readonly type: 'undecodable'; readonly reason: ErrorReason }
  | { readonly type: 'tick'; readonly peerOnline: boolean }
  | { readonly type: 'close'; readonly reason: ErrorReason };

/** What a conversation wants done. After `closed` comes nothing more. */
export type ConversationEffect =
  | { readonly type: 'send'; readonly message: ControlMessage }
  | { readonly type: 'opened' }
  | { readonly type: 'deliver'; readonly message: PeerMessage }
  /** `tell`: the peer does not know yet and is sent a `bye` with this reason */
  | { readonly type: 'closed'; readonly reason: ErrorReason; readonly tell: boolean };

/** The next state and what is to be done about it. */
export interface ConversationStep {
  readonly state: ConversationState;
  readonly effects: readonly ConversationEffect[];
}

/** A conversation whose lane is not open yet. @param inflates whether this side takes deflated pieces */
export function createConversation(now: number, inflates: boolean): ConversationState {
  return { type: 'opening', since: now, inflates, held: [] };
}

/** One step of a conversation: greeting, liveness and good-bye; everything else is delivered. Pure. */
export function stepConversation(
  state: ConversationState,
  event: ConversationEvent,
  now: number,
): ConversationStep {
  if (state.type === 'closed') return { state, effects: [] };
  switch (event.type) {
    case 'lane-opened':
      return state.type === 'opening'
        ? {
            state: { ...state, type: 'greeting', since: now },
            effects: [greet(state)],
          }
        : { state, effects: [] };
    case 'lane-closed':
      return close(event.reason, false);
    case 'undecodable':
    case 'close':
      return close(event.reason, true);
    case 'tick':
      return onTick(state, event.peerOnline, now);
    case 'received':
      return state.type === 'open'
        ? onReceived(state, event.message, now)
        : onGreeting(state, event.message, now);
  }
}

function greet({ inflates }: GreetingState): ConversationEffect {
  return { type: 'send', message: { type: 'hello', protocol: PROTOCOL_VERSION, inflates } };
}

type OpenState = Extract<ConversationState, { type: 'open' }>;

type GreetingState = Extract<ConversationState, { type: 'opening' | 'greeting' }>;

function onGreeting(state: GreetingState, received: PeerMessage, now: number): ConversationStep {
  // Data is asked for, and nothing can be asked for before both have greeted.
  if (received.type === 'data') return close('message-unexpected', true);
  const { message } = received;
  if (message.type === 'bye') return close(message.reason, false);
  if (message.type !== 'hello') {
    if (state.held.length >= MAX_HELD_MESSAGES) return close('message-unexpected', true);
    return { state: { ...state, held: [...state.held, received] }, effects: [] };
  }
  if (message.protocol !== PROTOCOL_VERSION) return close('protocol-mismatch', true);
  // A hello can overtake this side's own notice that the lane is open: then its greeting is still owed.
  const greeting: ConversationEffect[] = state.type === 'opening' ? [greet(state)] : [];
  const open: OpenState = {
    type: 'open',
    peerInflates: message.inflates,
    roundTripMs: null,
    heardAt: now,
    pingedAt: now,
    tickedAt: now,
    pings: 0,
  };
  return state.held.reduce<ConversationStep>(
    (step, held) => {
      const next = stepConversation(step.state, { type: 'received', message: held }, now);
      return { state: next.state, effects: [...step.effects, ...next.effects] };
    },
    { state: open, effects: [...greeting, { type: 'opened' }] },
  );
}

function onReceived(state: OpenState, received: PeerMessage, now: number): ConversationStep {
  const heard: OpenState = { ...state, heardAt: now };
  const deliver: ConversationStep = {
    state: heard,
    effects: [{ type: 'deliver', message: received }],
  };
  if (received.type === 'data') return deliver;
  const { message } = received;
  switch (message.type) {
    case 'hello':
      return close('message-unexpected', true);
    case 'bye':
      return close(message.reason, false);
    case 'ping':
      return {
        state: heard,
        effects: [{ type: 'send', message: { type: 'pong', id: message.id } }],
      };
    case 'pong':
      // An earlier ping's answer, or none of ours, says nothing about the last one.
      return message.id === state.pings
        ? { state: { ...heard, roundTripMs: now - state.pingedAt }, effects: [] }
        : { state: heard, effects: [] };
    default:
      return deliver;
  }
}

function onTick(
  state: Exclude<ConversationState, { type: 'closed' }>,
  peerOnline: boolean,
  now: number,
): ConversationStep {
  if (state.type !== 'open') {
    const opening = state.type === 'opening';
    const overdue = now - state.since >= (opening ? OPEN_TIMEOUT_MS : GREETING_TIMEOUT_MS);
    if (!overdue) return { state, effects: [] };
    return opening ? close('connect-timeout', false) : close('peer-silent', true);
  }
  const asleep = now - state.tickedAt > SLEEP_GAP_MS;
  const heardAt = asleep ? now : state.heardAt;
  const limit = peerOnline ? SILENCE_MS : SILENCE_WHILE_OFFLINE_MS;
  if (now - heardAt >= limit) return close('peer-silent', true);
  const ticked: OpenState = { ...state, heardAt, tickedAt: now };
  if (now - state.pingedAt < PING_INTERVAL_MS) return { state: ticked, effects: [] };
  const pings = state.pings + 1;
  return {
    state: { ...ticked, pings, pingedAt: now },
    effects: [{ type: 'send', message: { type: 'ping', id: pings } }],
  };
}

function close(reason: ErrorReason, tell: boolean): ConversationStep {
  return { state: { type: 'closed', reason }, effects: [{ type: 'closed', reason, tell }] };
}
