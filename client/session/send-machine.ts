import type { ErrorReason } from '../errors/error-reason.ts';
import type { Manifest } from '../share/manifest.ts';
import type { FileFailure } from './file-summary.ts';
import {
  type ReceiverEffect,
  type ReceiverEvent,
  type ReceiverList,
  createReceiverList,
  isHere,
  isUnderWay,
  stepReceivers,
} from './receiver-list.ts';
import type { Unrecognized } from './send-state.ts';

/** A share that is open to receivers. */
interface Sharing {
  readonly type: 'sharing';
  readonly manifest: Manifest;
  readonly link: string;
  readonly online: boolean;
  readonly receivers: ReceiverList;
  readonly failures: readonly FileFailure[];
  /** why the room is gone; null while there is one. Transfers that run are brought to their end without it */
  readonly roomEnd: ErrorReason | null;
}

/** Where the sending page stands. */
export type SendPhase =
  | { readonly type: 'idle' }
  | {
      readonly type: 'interrupted';
      readonly manifest: Manifest;
      readonly link: string;
      readonly unrecognized: readonly Unrecognized[];
      /** what of the share could not be sent if it went on now; null while nothing of it could */
      readonly failures: readonly FileFailure[] | null;
    }
  | {
      readonly type: 'opening';
      readonly manifest: Manifest;
      readonly failures: readonly FileFailure[];
    }
  | Sharing
  | { readonly type: 'failed'; readonly reason: ErrorReason; readonly manifest: Manifest | null }
  | { readonly type: 'cancelled' };

/** What happens to the sending page. */
export type SendEvent =
  | { readonly type: 'share'; readonly manifest: Manifest | null }
  /** a share was found that an earlier page kept */
  | { readonly type: 'interrupted'; readonly manifest: Manifest; readonly link: string }
  /** files of the interrupted share were chosen; `failures`: see the phase */
  | {
      readonly type: 'recognized';
      readonly unrecognized: readonly Unrecognized[];
      readonly failures: readonly FileFailure[] | null;
    }
  | { readonly type: 'continue-without' }
  | { readonly type: 'give-up' }
  | { readonly type: 'opened'; readonly link: string }
  | { readonly type: 'online'; readonly online: boolean }
  | ({ readonly type: 'file-failed' } & FileFailure)
  /** the room is gone */
  | { readonly type: 'failed'; readonly reason: ErrorReason }
  /** nothing can be sent any more */
  | { readonly type: 'broken'; readonly reason: ErrorReason }
  | { readonly type: 'stop' }
  | { readonly type: 'start-over' }
  | ReceiverEvent;

/** What the sending page wants done. */
export type SendEffect =
  | {
      readonly type: 'open-share';
      readonly manifest: Manifest;
      readonly failures: readonly FileFailure[];
    }
  | { readonly type: 'close-share'; readonly reason: ErrorReason }
  | { readonly type: 'forget-share' }
  | ReceiverEffect;

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
    case 'interrupted':
    case 'recognized':
    case 'continue-without':
    case 'give-up':
      return onInterrupted(phase, event);
    case 'opened':
      return phase.type === 'opening' ? stay(open(phase, event.link)) : stay(phase);
    case 'file-failed':
      return onFileFailed(phase, { file: event.file, reason: event.reason });
    case 'failed':
      return onFailed(phase, event.reason);
    case 'broken':
      return phase.type === 'opening' || phase.type === 'sharing'
        ? fail(phase.manifest, event.reason)
        : stay(phase);
    case 'stop':
      return stop(phase);
    case 'start-over':
      return phase.type === 'failed' || phase.type === 'cancelled'
        ? stay({ type: 'idle' })
        : stay(phase);
    case 'online':
      return phase.type === 'sharing' ? stay({ ...phase, online: event.online }) : stay(phase);
    default:
      return phase.type === 'sharing' ? onReceivers(phase, event, now) : stay(phase);
  }
}

function share(phase: SendPhase, manifest: Manifest | null): SendStep {
  if (phase.type === 'opening' || phase.type === 'sharing' || phase.type === 'interrupted') {
    return stay(phase);
  }
  if (manifest === null) {
    return stay({ type: 'failed', reason: 'too-many-files', manifest: null });
  }
  return begin(manifest, []);
}

function begin(manifest: Manifest, failures: readonly FileFailure[]): SendStep {
  return {
    phase: { type: 'opening', manifest, failures },
    effects: [{ type: 'open-share', manifest, failures }],
  };
}

function onInterrupted(
  phase: SendPhase,
  event: Extract<
    SendEvent,
    { type: 'interrupted' | 'recognized' | 'continue-without' | 'give-up' }
  >,
): SendStep {
  if (event.type === 'interrupted') {
    const { manifest, link } = event;
    return phase.type === 'idle'
      ? stay({ type: 'interrupted', manifest, link, unrecognized: [], failures: null })
      : stay(phase);
  }
  if (phase.type !== 'interrupted') return stay(phase);
  switch (event.type) {
    case 'recognized': {
      const { unrecognized, failures } = event;
      if (failures?.length === 0) return begin(phase.manifest, failures);
      return stay({ ...phase, unrecognized, failures });
    }
    case 'continue-without':
      return phase.failures === null ? stay(phase) : begin(phase.manifest, phase.failures);
    case 'give-up':
      return { phase: { type: 'idle' }, effects: [{ type: 'forget-share' }] };
  }
}

function open(phase: Extract<SendPhase, { type: 'opening' }>, link: string): Sharing {
  return {
    type: 'sharing',
    manifest: phase.manifest,
    link,
    online: true,
    receivers: createReceiverList(phase.manifest.totalBytes),
    failures: phase.failures,
    roomEnd: null,
  };
}

function onFileFailed(phase: SendPhase, failure: FileFailure): SendStep {
  if (phase.type !== 'opening' && phase.type !== 'sharing') return stay(phase);
  return stay({ ...phase, failures: [...phase.failures, failure] });
}

function onFailed(phase: SendPhase, reason: ErrorReason): SendStep {
  if (phase.type === 'opening') return fail(phase.manifest, reason);
  return phase.type === 'sharing'
    ? settle({ ...phase, online: false, roomEnd: reason }, [])
    : stay(phase);
}

function stop(phase: SendPhase): SendStep {
  if (phase.type !== 'opening' && phase.type !== 'sharing') return stay(phase);
  return {
    phase: { type: 'cancelled' },
    effects: [{ type: 'close-share', reason: 'sender-stopped' }],
  };
}

function onReceivers(phase: Sharing, event: ReceiverEvent, now: number): SendStep {
  const { list, effects } = stepReceivers(phase.receivers, event, now);
  return settle(list === phase.receivers ? phase : { ...phase, receivers: list }, effects);
}

/** A share without a room ends with its last running transfer: who is lost cannot come back. */
function settle(phase: Sharing, effects: readonly SendEffect[]): SendStep {
  const running = [...phase.receivers.entries.values()].some(
    (entry) => isUnderWay(entry) && isHere(entry),
  );
  if (phase.roomEnd === null || running) return { phase, effects };
  const failed = fail(phase.manifest, phase.roomEnd);
  return { phase: failed.phase, effects: [...effects, ...failed.effects] };
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
