import type { ErrorReason } from '../errors/error-reason.ts';
import { type SpeedMeter, addSample } from '../progress/speed-meter.ts';
import type { Manifest } from '../share/manifest.ts';
import type { ReceiverStatus } from './send-state.ts';

/** How many receivers that are through stay listed; the oldest go first. */
export const MAX_LISTED_RECEIVERS = 50;

/** One receiver as the sending page keeps it. */
export interface ReceiverEntry {
  readonly number: number;
  readonly status: ReceiverStatus;
  /** verified in its sink */
  readonly bytes: number;
  readonly meter: SpeedMeter;
}

/** A share that is open to receivers. */
interface Sharing {
  readonly type: 'sharing';
  readonly manifest: Manifest;
  readonly link: string;
  readonly online: boolean;
  /** by peer id, in the order they came */
  readonly receivers: ReadonlyMap<string, ReceiverEntry>;
  readonly receiversSeen: number;
  /** why the room is gone; null while there is one. Transfers that run are brought to their end without it */
  readonly roomEnd: ErrorReason | null;
}

/** Where the sending page stands. */
export type SendPhase =
  | { readonly type: 'idle' }
  | { readonly type: 'opening'; readonly manifest: Manifest }
  | Sharing
  | { readonly type: 'failed'; readonly reason: ErrorReason; readonly manifest: Manifest | null }
  | { readonly type: 'cancelled' };

/** What happens to the sending page. */
export type SendEvent =
  | { readonly type: 'share'; readonly manifest: Manifest | null }
  | { readonly type: 'opened'; readonly link: string }
  | { readonly type: 'online'; readonly online: boolean }
  | { readonly type: 'receiver-connecting'; readonly peerId: string }
  | {
      readonly type: 'receiver-stage';
      readonly peerId: string;
      readonly stage: 'choosing' | 'receiving' | 'done';
    }
  | { readonly type: 'receiver-progress'; readonly peerId: string; readonly bytes: number }
  | { readonly type: 'receiver-lost'; readonly peerId: string; readonly reason: ErrorReason }
  | { readonly type: 'failed'; readonly reason: ErrorReason }
  | { readonly type: 'stop' }
  | { readonly type: 'start-over' }
  | { readonly type: 'tick' };

/** What the sending page wants done. */
export type SendEffect =
  | { readonly type: 'open-share'; readonly manifest: Manifest }
  | { readonly type: 'close-share'; readonly reason: ErrorReason };

/** The next phase and what is to be done about it. */
export interface SendStep {
  readonly phase: SendPhase;
  readonly effects: readonly SendEffect[];
}

/** One step of the sending page at `now`, in milliseconds of a monotonic clock. Pure. */
export function stepSend(phase: SendPhase, event: SendEvent, now: number): SendStep {
  switch (event.type) {
    case 'share':
      return share(phase, event.manifest);
    case 'failed':
      return onFailed(phase, event.reason);
    case 'stop':
      return phase.type === 'opening' || phase.type === 'sharing'
        ? {
            phase: { type: 'cancelled' },
            effects: [{ type: 'close-share', reason: 'sender-stopped' }],
          }
        : stay(phase);
    case 'start-over':
      return phase.type === 'failed' || phase.type === 'cancelled'
        ? stay({ type: 'idle' })
        : stay(phase);
    case 'opened':
      return phase.type === 'opening' ? stay(open(phase.manifest, event.link)) : stay(phase);
    default:
      return phase.type === 'sharing' ? settle(onSharing(phase, event, now)) : stay(phase);
  }
}

function onFailed(phase: SendPhase, reason: ErrorReason): SendStep {
  if (phase.type === 'opening') return fail(phase.manifest, reason);
  return phase.type === 'sharing'
    ? settle({ ...phase, online: false, roomEnd: reason })
    : stay(phase);
}

/** A share without a room ends with its last running transfer. */
function settle(phase: Sharing): SendStep {
  const running = [...phase.receivers.values()].some(({ status }) => status.type === 'receiving');
  return phase.roomEnd === null || running ? stay(phase) : fail(phase.manifest, phase.roomEnd);
}

function share(phase: SendPhase, manifest: Manifest | null): SendStep {
  if (phase.type === 'opening' || phase.type === 'sharing') return stay(phase);
  if (manifest === null) {
    return stay({ type: 'failed', reason: 'too-many-files', manifest: null });
  }
  return { phase: { type: 'opening', manifest }, effects: [{ type: 'open-share', manifest }] };
}

function open(manifest: Manifest, link: string): Sharing {
  return {
    type: 'sharing',
    manifest,
    link,
    online: true,
    receivers: new Map(),
    receiversSeen: 0,
    roomEnd: null,
  };
}

type SharingEvent = Exclude<
  SendEvent,
  { type: 'share' | 'failed' | 'stop' | 'start-over' | 'opened' }
>;

function onSharing(phase: Sharing, event: SharingEvent, now: number): Sharing {
  switch (event.type) {
    case 'online':
      return { ...phase, online: event.online };
    case 'receiver-connecting':
      return addReceiver(phase, event.peerId);
    case 'receiver-stage':
      return changeReceiver(phase, event.peerId, (receiver) => ({
        ...receiver,
        status: { type: event.stage },
      }));
    case 'receiver-progress':
      return changeReceiver(phase, event.peerId, (receiver) => ({
        ...receiver,
        bytes: event.bytes,
        meter: addSample(receiver.meter, { at: now, bytes: event.bytes }),
      }));
    case 'receiver-lost':
      return changeReceiver(phase, event.peerId, (receiver) =>
        receiver.status.type === 'done'
          ? receiver
          : { ...receiver, status: { type: 'failed', reason: receiverReason(event.reason) } },
      );
    case 'tick':
      return phase;
  }
}

function addReceiver(phase: Sharing, peerId: string): Sharing {
  if (phase.receivers.has(peerId)) return phase;
  const number = phase.receiversSeen + 1;
  const receivers = new Map(phase.receivers).set(peerId, {
    number,
    status: { type: 'connecting' },
    bytes: 0,
    meter: [],
  });
  const through = [...receivers].filter(([, one]) => isThrough(one)).map(([id]) => id);
  for (const id of through.slice(0, Math.max(0, receivers.size - MAX_LISTED_RECEIVERS))) {
    receivers.delete(id);
  }
  return { ...phase, receivers, receiversSeen: number };
}

function isThrough({ status }: ReceiverEntry): boolean {
  return status.type === 'done' || status.type === 'failed';
}

function changeReceiver(
  phase: Sharing,
  peerId: string,
  change: (receiver: ReceiverEntry) => ReceiverEntry,
): Sharing {
  const receiver = phase.receivers.get(peerId);
  if (receiver === undefined) return phase;
  return { ...phase, receivers: new Map(phase.receivers).set(peerId, change(receiver)) };
}

/** On this side, a lane that is gone means that its receiver is. */
function receiverReason(reason: ErrorReason): ErrorReason {
  return reason === 'connection-lost' || reason === 'peer-silent' ? 'receiver-left' : reason;
}

function fail(manifest: Manifest, reason: ErrorReason): SendStep {
  return {
    phase: { type: 'failed', reason, manifest },
    effects: [{ type: 'close-share', reason }],
  };
}

function stay(phase: SendPhase): SendStep {
  return { phase, effects: [] };
}
