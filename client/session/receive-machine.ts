import { REJOIN_GRACE_MS } from '../../signaling/protocol/limits.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import { addSample } from '../progress/speed-meter.ts';
import type { Manifest } from '../share/manifest.ts';
import type {
  Offered,
  ReceiveEffect,
  ReceiveEvent,
  ReceivePhase,
  ReceiveStep,
  Running,
} from './receive-phase.ts';

/** When a lane is lost, signaling has this long to say that the sender is gone: its word explains more. */
export const LOSS_GRACE_MS = 1_500;
/** When the sender has sent its last, what is missing may still be being written: for this long after every piece. */
export const STORING_GRACE_MS = 3_000;
/** How long to wait for a sender whose socket dropped; the server gives it up at `REJOIN_GRACE_MS`. */
export const SENDER_WAIT_MS = REJOIN_GRACE_MS + 5_000;
/** How long the lane stays after the end, so that the sender hears of it also over a line that loses packets. */
export const FAREWELL_MS = 5_000;

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
  { type: 'cancel' | 'try-again' | 'failed' | 'room-closed' | 'source-closed' }
>;

function onProgressOfPhase(phase: ReceivePhase, event: PhaseEvent, now: number): ReceiveStep {
  switch (phase.type) {
    case 'room':
      return event.type === 'entered'
        ? onEntered(phase.kept, event.senderOnline, now)
        : stay(phase);
    case 'waiting':
      if (event.type === 'sender-online') return openSource(phase.kept);
      // The server was restarted meanwhile, and the room is another one.
      if (event.type === 'entered') return onEntered(phase.kept, event.senderOnline, now);
      return event.type === 'tick' && now - phase.since >= SENDER_WAIT_MS
        ? fail(phase, 'sender-left')
        : stay(phase);
    case 'peer':
      return onPeer(phase.kept, event, now);
    case 'manifest':
      return event.type === 'manifest' ? onManifest(phase.kept, event.manifest, now) : stay(phase);
    case 'offered':
      return event.type === 'receive' ? start(phase.manifest, 0, now) : stay(phase);
    case 'running':
      return onRunning(phase, event, now);
    case 'losing':
      return onLosing(phase, event, now);
    case 'done':
      return onDone(phase, event, now);
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

function onPeer(kept: number | null, event: PhaseEvent, now: number): ReceiveStep {
  switch (event.type) {
    case 'source-opened':
      return { phase: { type: 'manifest', kept }, effects: [{ type: 'fetch-manifest' }] };
    case 'sender-offline':
      return { phase: { type: 'waiting', kept, since: now }, effects: [{ type: 'close-source' }] };
    case 'entered': {
      // The server was restarted meanwhile: the sender has another address there.
      const { phase, effects } = onEntered(kept, event.senderOnline, now);
      return { phase, effects: [{ type: 'close-source' }, ...effects] };
    }
    default:
      return stay({ type: 'peer', kept });
  }
}

function openSource(kept: number | null): ReceiveStep {
  return { phase: { type: 'peer', kept }, effects: [{ type: 'open-source' }] };
}

function onManifest(kept: number | null, manifest: Manifest, now: number): ReceiveStep {
  return kept === null
    ? { phase: { type: 'offered', manifest }, effects: [{ type: 'prepare-store', manifest }] }
    : start(manifest, kept, now);
}

function start(manifest: Manifest, bytes: number, now: number): ReceiveStep {
  const running: Running = {
    type: 'running',
    manifest,
    pressedAt: now,
    bytes,
    meter: [],
    stage: 'fetching',
    rootKnown: false,
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
      return stay({ ...phase, stage: 'checking' });
    case 'root-known':
      return stay({ ...phase, rootKnown: true });
    case 'complete':
      return finish(phase, now);
    default:
      return stay(phase);
  }
}

function finish({ manifest, pressedAt }: Running, now: number): ReceiveStep {
  const seconds = (now - pressedAt) / 1_000;
  return {
    phase: { type: 'done', manifest, seconds, farewellAt: now + FAREWELL_MS, saveFailure: null },
    effects: [{ type: 'leave-room' }],
  };
}

type Done = Extract<ReceivePhase, { type: 'done' }>;

function onDone(phase: Done, event: PhaseEvent, now: number): ReceiveStep {
  if (event.type === 'saved') return stay({ ...phase, saveFailure: event.failure });
  const over = event.type === 'tick' && phase.farewellAt !== null && now >= phase.farewellAt;
  if (!over) return stay(phase);
  return {
    phase: { ...phase, farewellAt: null },
    effects: [{ type: 'end', reason: 'receiver-left' }],
  };
}

type Losing = Extract<ReceivePhase, { type: 'losing' }>;

/** The lane is lost: what had arrived is still being stored, and may be all there was to come. */
function onLosing(phase: Losing, event: PhaseEvent, now: number): ReceiveStep {
  if (event.type === 'sender-offline') return explain(phase, 'sender-left');
  const grace = mayBeWhole(phase.from) ? STORING_GRACE_MS : LOSS_GRACE_MS;
  if (event.type === 'tick' && now - phase.since >= grace) return fail(phase, phase.reason);
  if (phase.from.type !== 'running') return stay(phase);
  const { phase: from, effects } = onRunning(phase.from, event, now);
  if (from.type !== 'running') return { phase: from, effects };
  if (needsNoSender(from)) return stay(from);
  const since = event.type === 'progress' ? now : phase.since;
  return stay({ ...phase, from, since });
}

/** The server says why the lane was lost. That ends the wait, unless the rest may be here already. */
function explain(phase: Losing, reason: ErrorReason): ReceiveStep {
  if (!UNEXPLAINED.has(phase.reason) || !SENDER_ENDS.has(reason)) return stay(phase);
  return mayBeWhole(phase.from) ? stay({ ...phase, reason }) : fail(phase, reason);
}

function onRoomClosed(phase: ReceivePhase, reason: ErrorReason): ReceiveStep {
  if (phase.type === 'losing') return explain(phase, reason);
  // An open lane needs no server; if the sender is gone as well, the lane says so.
  const laneOpen =
    phase.type === 'manifest' || phase.type === 'offered' || phase.type === 'running';
  return isOver(phase) || laneOpen ? stay(phase) : fail(phase, reason);
}

/** What the server can say of a sender that is gone. */
const SENDER_ENDS: ReadonlySet<ErrorReason> = new Set([
  'sender-left',
  'sender-stopped',
  'share-expired',
]);

/** Losses that the server's word about the sender explains better than they do themselves. */
const UNEXPLAINED: ReadonlySet<ErrorReason> = new Set(['connection-lost', 'peer-silent']);

function onSourceClosed(
  phase: ReceivePhase,
  { reason, senderOnline }: Extract<ReceiveEvent, { type: 'source-closed' }>,
  now: number,
): ReceiveStep {
  if (isOver(phase) || phase.type === 'losing') return stay(phase);
  // Nothing was lost yet: the page waits for the sender to come back.
  if (phase.type === 'waiting') return stay(phase);
  if (phase.type === 'running' && needsNoSender(phase)) return stay(phase);
  const named = UNEXPLAINED.has(reason) && !senderOnline ? 'sender-left' : reason;
  const losing = { type: 'losing', reason: named, since: now } as const;
  if (phase.type === 'running' && mayBeWhole(phase)) return stay({ ...losing, from: phase });
  if (!UNEXPLAINED.has(named)) return fail(phase, named);
  return phase.type === 'running' || phase.type === 'offered'
    ? stay({ ...losing, from: phase })
    : fail(phase, named);
}

/** What remains is between this page and its sink. */
function needsNoSender({ stage, rootKnown }: Running): boolean {
  return stage === 'checking' && rootKnown;
}

/** The sender has sent its last; what is missing may be on its way to the sink. */
function mayBeWhole(phase: Offered | Running): boolean {
  return phase.type === 'running' && phase.rootKnown;
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
  const manifest = manifestOf(phase);
  const end: ReceiveEffect = { type: 'end', reason };
  // A store that has failed once is not trusted with another try.
  return reason === 'storage-failed'
    ? {
        phase: { type: 'failed', reason, manifest, kept: kept === null ? null : 0 },
        effects: [end, { type: 'discard' }],
      }
    : { phase: { type: 'failed', reason, manifest, kept }, effects: [end] };
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
