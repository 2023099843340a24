import { REJOIN_GRACE_MS } from '../../signaling/protocol/limits.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import { type SpeedMeter, addSample } from '../progress/speed-meter.ts';
import type { Manifest } from '../share/manifest.ts';

/** When a lane is lost, signaling has this long to say that the sender is gone: its word explains more. */
export const LOSS_GRACE_MS = 1_500;
/** How long to wait for a sender whose socket dropped; the server gives it up at `REJOIN_GRACE_MS`. */
export const SENDER_WAIT_MS = REJOIN_GRACE_MS + 5_000;
/** How long a sender may take to close the lane after it heard that all is received. */
export const FAREWELL_MS = 5_000;
/** How long the last checks may take. */
export const CHECKING_TIMEOUT_MS = 60_000;

/** A transfer that runs, from the press of Receive on. */
export interface Running {
  readonly type: 'running';
  readonly manifest: Manifest;
  readonly pressedAt: number;
  /** verified and in the sink */
  readonly bytes: number;
  readonly meter: SpeedMeter;
  /** since when the last checks run; null while bytes are still missing */
  readonly checkingSince: number | null;
}

interface Offered {
  readonly type: 'offered';
  readonly manifest: Manifest;
}

/**
 * Where the receiving page stands. Times are milliseconds of one monotonic clock.
 * `kept`: on another try, how many bytes an earlier one left in the sink; null before Receive was ever pressed.
 */
export type ReceivePhase =
  | { readonly type: 'room'; readonly kept: number | null }
  | { readonly type: 'waiting'; readonly kept: number | null; readonly since: number }
  | { readonly type: 'peer'; readonly kept: number | null }
  | { readonly type: 'manifest'; readonly kept: number | null }
  | Offered
  | Running
  | {
      readonly type: 'losing';
      readonly reason: ErrorReason;
      readonly since: number;
      readonly from: Offered | Running;
    }
  | {
      readonly type: 'done';
      readonly manifest: Manifest;
      readonly seconds: number;
      /** when the lane is closed from this side; null once it is */
      readonly farewellAt: number | null;
    }
  | {
      readonly type: 'failed';
      readonly reason: ErrorReason;
      readonly manifest: Manifest | null;
      readonly kept: number | null;
    }
  | { readonly type: 'cancelled'; readonly manifest: Manifest | null };

/** What happens to the receiving page. */
export type ReceiveEvent =
  | { readonly type: 'entered'; readonly senderOnline: boolean }
  | { readonly type: 'sender-online' }
  | { readonly type: 'sender-offline' }
  | { readonly type: 'room-closed'; readonly reason: ErrorReason }
  | { readonly type: 'source-opened' }
  | { readonly type: 'manifest'; readonly manifest: Manifest }
  | { readonly type: 'source-closed'; readonly reason: ErrorReason; readonly senderOnline: boolean }
  | { readonly type: 'progress'; readonly bytes: number }
  | { readonly type: 'checking' }
  | { readonly type: 'complete' }
  | { readonly type: 'failed'; readonly reason: ErrorReason }
  | { readonly type: 'receive' }
  | { readonly type: 'cancel' }
  | { readonly type: 'try-again' }
  | { readonly type: 'save-failed'; readonly reason: ErrorReason }
  | { readonly type: 'tick' };

/** What the receiving page wants done. */
export type ReceiveEffect =
  | { readonly type: 'enter-room' }
  | { readonly type: 'open-source' }
  | { readonly type: 'fetch-manifest' }
  | { readonly type: 'start-fetch'; readonly manifest: Manifest }
  /** leave the room; the source is left to the sender to close, who still has to hear of the end */
  | { readonly type: 'leave-room' }
  /** close everything that is open for this attempt; what was received is kept */
  | { readonly type: 'end'; readonly reason: ErrorReason }
  /** drop what was received */
  | { readonly type: 'discard' };

/** The next phase and what is to be done about it. */
export interface ReceiveStep {
  readonly phase: ReceivePhase;
  readonly effects: readonly ReceiveEffect[];
}

/** The first step of a receiving page. */
export function beginReceive(): ReceiveStep {
  return { phase: { type: 'room', kept: null }, effects: [{ type: 'enter-room' }] };
}

/** One step of the receiving page. Pure. */
export function stepReceive(phase: ReceivePhase, event: ReceiveEvent, now: number): ReceiveStep {
  switch (event.type) {
    case 'cancel':
      return isOver(phase) ? stay(phase) : cancel(phase);
    case 'try-again':
      return tryAgain(phase);
    case 'failed':
      return isOver(phase) ? stay(phase) : fail(phase, event.reason);
    case 'save-failed':
      return phase.type === 'done' ? onSaveFailed(phase, event.reason) : stay(phase);
    case 'room-closed':
      return onRoomClosed(phase, event.reason);
    case 'source-closed':
      return onSourceClosed(phase, event, now);
    default:
      return onProgressOfPhase(phase, event, now);
  }
}

type PhaseEvent = Exclude<
  ReceiveEvent,
  { type: 'cancel' | 'try-again' | 'save-failed' | 'failed' | 'room-closed' | 'source-closed' }
>;

function onProgressOfPhase(phase: ReceivePhase, event: PhaseEvent, now: number): ReceiveStep {
  switch (phase.type) {
    case 'room':
      return event.type === 'entered'
        ? onEntered(phase.kept, event.senderOnline, now)
        : stay(phase);
    case 'waiting':
      if (event.type === 'sender-online') return openSource(phase.kept);
      return event.type === 'tick' && now - phase.since >= SENDER_WAIT_MS
        ? fail(phase, 'sender-left')
        : stay(phase);
    case 'peer':
      return event.type === 'source-opened'
        ? { phase: { type: 'manifest', kept: phase.kept }, effects: [{ type: 'fetch-manifest' }] }
        : stay(phase);
    case 'manifest':
      return event.type === 'manifest' ? onManifest(phase.kept, event.manifest, now) : stay(phase);
    case 'offered':
      return event.type === 'receive' ? start(phase.manifest, 0, now) : stay(phase);
    case 'running':
      return onRunning(phase, event, now);
    case 'losing':
      return onLosing(phase, event, now);
    case 'done':
      return event.type === 'tick' && phase.farewellAt !== null && now >= phase.farewellAt
        ? {
            phase: { ...phase, farewellAt: null },
            effects: [{ type: 'end', reason: 'receiver-left' }],
          }
        : stay(phase);
    case 'failed':
    case 'cancelled':
      return stay(phase);
  }
}

function onEntered(kept: number | null, senderOnline: boolean, now: number): ReceiveStep {
  return senderOnline
    ? openSource(kept)
    : { phase: { type: 'waiting', kept, since: now }, effects: [] };
}

function openSource(kept: number | null): ReceiveStep {
  return { phase: { type: 'peer', kept }, effects: [{ type: 'open-source' }] };
}

function onManifest(kept: number | null, manifest: Manifest, now: number): ReceiveStep {
  return kept === null
    ? { phase: { type: 'offered', manifest }, effects: [] }
    : start(manifest, kept, now);
}

function start(manifest: Manifest, bytes: number, now: number): ReceiveStep {
  const running: Running = {
    type: 'running',
    manifest,
    pressedAt: now,
    bytes,
    meter: [],
    checkingSince: null,
  };
  return { phase: running, effects: [{ type: 'start-fetch', manifest }] };
}

function onRunning(phase: Running, event: PhaseEvent, now: number): ReceiveStep {
  switch (event.type) {
    case 'progress': {
      const meter = addSample(phase.meter, { at: now, bytes: event.bytes });
      return stay({ ...phase, bytes: event.bytes, meter });
    }
    case 'checking':
      return stay({ ...phase, checkingSince: now });
    case 'complete':
      return finish(phase, now);
    case 'tick':
      return phase.checkingSince !== null && now - phase.checkingSince >= CHECKING_TIMEOUT_MS
        ? fail(phase, 'source-stalled')
        : stay(phase);
    default:
      return stay(phase);
  }
}

function finish({ manifest, pressedAt }: Running, now: number): ReceiveStep {
  const seconds = (now - pressedAt) / 1_000;
  return {
    phase: { type: 'done', manifest, seconds, farewellAt: now + FAREWELL_MS },
    effects: [{ type: 'leave-room' }],
  };
}

type Losing = Extract<ReceivePhase, { type: 'losing' }>;

/** The lane is lost: what had arrived is still stored, and may be all there was to come. */
function onLosing(phase: Losing, event: PhaseEvent, now: number): ReceiveStep {
  if (event.type === 'sender-offline') return fail(phase, 'sender-left');
  if (event.type === 'tick' && now - phase.since >= LOSS_GRACE_MS) return fail(phase, phase.reason);
  if (phase.from.type !== 'running') return stay(phase);
  const { phase: from, effects } = onRunning(phase.from, event, now);
  return from.type === 'running' ? stay({ ...phase, from }) : { phase: from, effects };
}

function onRoomClosed(phase: ReceivePhase, reason: ErrorReason): ReceiveStep {
  // An open lane needs no server; if the sender is gone as well, the lane says so.
  const laneOpen = phase.type === 'offered' || phase.type === 'running';
  return isOver(phase) || laneOpen ? stay(phase) : fail(phase, reason);
}

/** Losses that the server's word about the sender explains better than they do themselves. */
const UNEXPLAINED: ReadonlySet<ErrorReason> = new Set(['connection-lost', 'peer-silent']);

function onSourceClosed(
  phase: ReceivePhase,
  { reason, senderOnline }: Extract<ReceiveEvent, { type: 'source-closed' }>,
  now: number,
): ReceiveStep {
  if (isOver(phase) || phase.type === 'losing') return stay(phase);
  if (!UNEXPLAINED.has(reason)) return fail(phase, reason);
  if (!senderOnline && !isChecking(phase)) return fail(phase, 'sender-left');
  return phase.type === 'running' || phase.type === 'offered'
    ? stay({ type: 'losing', reason, since: now, from: phase })
    : fail(phase, reason);
}

/** All bytes are here: the sender is not needed any more if it gave its root hash. */
function isChecking(phase: ReceivePhase): boolean {
  return phase.type === 'running' && phase.checkingSince !== null;
}

function cancel(phase: ReceivePhase): ReceiveStep {
  return {
    phase: { type: 'cancelled', manifest: manifestOf(phase) },
    effects: [{ type: 'end', reason: 'receiver-cancelled' }, { type: 'discard' }],
  };
}

function tryAgain(phase: ReceivePhase): ReceiveStep {
  if (phase.type !== 'failed' && phase.type !== 'cancelled') return stay(phase);
  const kept = phase.type === 'failed' ? phase.kept : null;
  return { phase: { type: 'room', kept }, effects: [{ type: 'enter-room' }] };
}

function fail(phase: ReceivePhase, reason: ErrorReason): ReceiveStep {
  const kept = runningOf(phase)?.bytes ?? ('kept' in phase ? phase.kept : null);
  return {
    phase: { type: 'failed', reason, manifest: manifestOf(phase), kept },
    effects: [{ type: 'end', reason }],
  };
}

function onSaveFailed(
  { manifest }: Extract<ReceivePhase, { type: 'done' }>,
  reason: ErrorReason,
): ReceiveStep {
  return stay({ type: 'failed', reason, manifest, kept: manifest.totalBytes });
}

function stay(phase: ReceivePhase): ReceiveStep {
  return { phase, effects: [] };
}

function isOver(phase: ReceivePhase): boolean {
  return phase.type === 'done' || phase.type === 'failed' || phase.type === 'cancelled';
}

function runningOf(phase: ReceivePhase): Running | null {
  if (phase.type === 'running') return phase;
  return phase.type === 'losing' && phase.from.type === 'running' ? phase.from : null;
}

function manifestOf(phase: ReceivePhase): Manifest | null {
  if (phase.type === 'losing') return phase.from.manifest;
  return 'manifest' in phase ? phase.manifest : null;
}
