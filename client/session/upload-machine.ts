import type { UploadSummary } from '../../signaling/protocol/uploads.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import { type SpeedMeter, addSample } from '../progress/speed-meter.ts';

/** What the server has of a share, as people see it. */
export interface Stored {
  /** milliseconds since 1970 */
  readonly expiresAt: number;
  /** how many downloads are allowed; 0 for any number */
  readonly downloadLimit: number;
  /** that their receivers confirmed */
  readonly downloads: number;
}

/** Where a share's upload stands. */
export type UploadPhase =
  | { readonly type: 'none' }
  /** it is not known yet what the server has of an upload that an earlier page began */
  | { readonly type: 'looking' }
  | {
      readonly type: 'uploading';
      /** bytes of files that have left, of so many */
      readonly sent: number;
      readonly total: number;
      readonly meter: SpeedMeter;
      /** why nothing goes for now; it goes on by itself. Null while it does */
      readonly waitingFor: ErrorReason | null;
      /** null until the server has said so */
      readonly stored: Stored | null;
    }
  | ({ readonly type: 'stored' } & Stored)
  | { readonly type: 'deleting' }
  /** the server has it no more. `over`: its time, or the number of its downloads */
  | { readonly type: 'gone'; readonly why: 'deleted' | 'over' }
  /** `deleting`: it was to be deleted, and another try does that */
  | { readonly type: 'failed'; readonly reason: ErrorReason; readonly deleting: boolean };

/** What happens to an upload. */
export type UploadPhaseEvent =
  | { readonly type: 'upload' }
  /** an earlier page began one */
  | { readonly type: 'take-up' }
  | { readonly type: 'progress'; readonly sent: number; readonly total: number }
  | { readonly type: 'waiting'; readonly reason: ErrorReason | null }
  | { readonly type: 'complete' }
  | { readonly type: 'failed'; readonly reason: ErrorReason }
  /** what the server says that it has; null for nothing @param wallTime in ms since 1970 */
  | { readonly type: 'told'; readonly upload: UploadSummary | null; readonly wallTime: number }
  | { readonly type: 'delete' }
  | { readonly type: 'deleted' };

/** What is to be done about it. */
export type UploadPhaseEffect =
  /** begin one, or go on with the one that is kept */
  | { readonly type: 'send' }
  /** send no more */
  | { readonly type: 'stop-sending' }
  /** find out what the server has; `told` or `failed` follows */
  | { readonly type: 'ask' }
  /** have the server delete it; `deleted` or `failed` follows */
  | { readonly type: 'delete' }
  /** the server has nothing of it any more */
  | { readonly type: 'forget' }
  /** it is not to be gone on with: what the server has of it is of no use, and in the way of the next one */
  | { readonly type: 'abandon' };

/** The next phase and what is to be done about it. */
export interface UploadStep {
  readonly phase: UploadPhase;
  readonly effects: readonly UploadPhaseEffect[];
}

/** One step of a share's upload at `now`, in milliseconds of a monotonic clock. Pure. */
export function stepUpload(phase: UploadPhase, event: UploadPhaseEvent, now: number): UploadStep {
  switch (event.type) {
    case 'upload':
      if (phase.type === 'failed' && phase.deleting) return remove();
      return MAY_BEGIN.has(phase.type) ? begin() : stay(phase);
    case 'take-up':
      return phase.type === 'none'
        ? { phase: { type: 'looking' }, effects: [{ type: 'ask' }] }
        : stay(phase);
    case 'progress':
      return stay(onProgress(phase, event, now));
    case 'waiting':
      return stay(phase.type === 'uploading' ? { ...phase, waitingFor: event.reason } : phase);
    case 'complete':
      return phase.type === 'uploading'
        ? { phase: complete(phase), effects: phase.stored === null ? [{ type: 'ask' }] : [] }
        : stay(phase);
    case 'failed':
      return onFailed(phase, event.reason);
    case 'told':
      return onTold(phase, event.upload, event.wallTime);
    case 'delete':
      return HAS_SOMETHING.has(phase.type) ? remove() : stay(phase);
    case 'deleted':
      return { phase: { type: 'gone', why: 'deleted' }, effects: [{ type: 'forget' }] };
  }
}

const MAY_BEGIN: ReadonlySet<UploadPhase['type']> = new Set(['none', 'gone', 'failed']);
const HAS_SOMETHING: ReadonlySet<UploadPhase['type']> = new Set([
  'looking',
  'uploading',
  'stored',
  'failed',
]);

/** A complete upload of which the server has not said yet until when. */
const UNKNOWN: Stored = { expiresAt: 0, downloadLimit: 0, downloads: 0 };

function begin(): UploadStep {
  return {
    phase: { type: 'uploading', sent: 0, total: 0, meter: [], waitingFor: null, stored: null },
    effects: [{ type: 'send' }],
  };
}

function remove(): UploadStep {
  return {
    phase: { type: 'deleting' },
    effects: [{ type: 'stop-sending' }, { type: 'delete' }],
  };
}

function onProgress(
  phase: UploadPhase,
  { sent, total }: { readonly sent: number; readonly total: number },
  now: number,
): UploadPhase {
  if (phase.type !== 'uploading') return phase;
  return { ...phase, sent, total, meter: addSample(phase.meter, { at: now, bytes: sent }) };
}

function complete({ stored }: Extract<UploadPhase, { type: 'uploading' }>): UploadPhase {
  return { type: 'stored', ...(stored ?? UNKNOWN) };
}

/** What cannot be gone on with is given up: the next try is another upload. */
function onFailed(phase: UploadPhase, reason: ErrorReason): UploadStep {
  const failed: UploadPhase = { type: 'failed', reason, deleting: phase.type === 'deleting' };
  if (phase.type === 'none' || phase.type === 'gone') return stay(phase);
  if (reason === 'upload-not-found') return { phase: failed, effects: [{ type: 'forget' }] };
  if (reason === 'source-changed') return { phase: failed, effects: [{ type: 'abandon' }] };
  return stay(failed);
}

function onTold(phase: UploadPhase, upload: UploadSummary | null, wallTime: number): UploadStep {
  const stored: Stored | null = upload === null ? null : storedOf(upload, wallTime);
  switch (phase.type) {
    case 'looking':
      if (upload === null || stored === null) return over();
      return upload.complete ? stay({ type: 'stored', ...stored }) : begin();
    case 'uploading':
      // That there is none yet is no news; one that is gone, the next part of it finds out.
      return stored === null ? stay(phase) : stay({ ...phase, stored });
    case 'stored':
      return stored === null ? over() : stay({ type: 'stored', ...stored });
    default:
      return stay(phase);
  }
}

function over(): UploadStep {
  return { phase: { type: 'gone', why: 'over' }, effects: [{ type: 'forget' }] };
}

function storedOf(upload: UploadSummary, wallTime: number): Stored {
  const { expiresInMs, downloadLimit, downloads } = upload;
  return { expiresAt: wallTime + expiresInMs, downloadLimit, downloads };
}

function stay(phase: UploadPhase): UploadStep {
  return { phase, effects: [] };
}
