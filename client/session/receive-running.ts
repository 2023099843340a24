import { addSample } from '../progress/speed-meter.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import type { FileFailure } from './file-summary.ts';
import type { ReceivePlace } from './receive-state.ts';
import type {
  Down,
  ReceiveEffect,
  ReceiveEvent,
  ReceiveStep,
  Running,
  Taken,
} from './receive-phase.ts';

/** How long the lane stays after the end, so that the sender hears of it also over a line that loses packets. */
export const FAREWELL_MS = 5_000;

/** A link that has never been up is looked for like one that was lost. */
export const NOT_YET_UP: Down = { reason: 'connection-lost', since: 0 };

/** Troubles that the user can mend, while what was received waits. */
const MENDABLE: ReadonlySet<ErrorReason> = new Set(['storage-full', 'folder-refused']);

/** A transfer that has just begun, or begins again with what an earlier page left of it. */
export function beginRunning(taken: Taken, pressedAt: number | null, paused: boolean): Running {
  return {
    type: 'running',
    taken,
    pressedAt,
    meter: [],
    stage: 'preparing',
    rootKnown: false,
    paused,
    senderPaused: false,
    trouble: null,
    down: null,
    linkEnded: false,
  };
}

/** Whether the user can mend this, and then go on. */
export function isMendable(reason: ErrorReason): boolean {
  return MENDABLE.has(reason);
}

/** What remains is between this page and its sink. */
export function needsNoSender({ stage, rootKnown }: Running): boolean {
  return stage === 'checking' && rootKnown;
}

/** One step of a transfer that runs, but for its end. Pure. */
export function stepRunning(phase: Running, event: ReceiveEvent, now: number): ReceiveStep {
  switch (event.type) {
    case 'begun':
      return stay(onBegun(phase, event.place));
    case 'prepared':
      return onPrepared(phase, event);
    case 'link-up':
      return stay({ ...phase, down: null });
    case 'link-down':
      return stay({ ...phase, down: { reason: event.reason, since: phase.down?.since ?? now } });
    case 'sender-paused':
      return stay({ ...phase, senderPaused: event.paused });
    case 'progress':
      return stay(addProgress(phase, event.bytes, now));
    case 'files-failed':
      return failFiles(phase, event.failures);
    case 'checking':
      return stay({ ...phase, stage: 'checking' });
    case 'root-known':
      return stay({ ...phase, rootKnown: true });
    case 'complete':
      return finish(phase, now);
    case 'pause':
      return phase.paused ? stay(phase) : pause(phase);
    case 'resume':
      return resume(phase);
    default:
      return stay(phase);
  }
}

function onBegun(phase: Running, place: ReceivePlace): Running {
  const stage = phase.stage === 'preparing' ? 'fetching' : phase.stage;
  return { ...phase, stage, taken: { ...phase.taken, place } };
}

function onPrepared(
  phase: Running,
  { place, bytes }: Extract<ReceiveEvent, { type: 'prepared' }>,
): ReceiveStep {
  if (phase.stage !== 'preparing') return stay(phase);
  const effects: ReceiveEffect[] = [{ type: 'start-fetch' }];
  if (phase.paused) effects.push({ type: 'pause-fetch' });
  const taken = { ...phase.taken, place, bytes };
  return { phase: { ...phase, stage: 'fetching', trouble: null, taken }, effects };
}

function addProgress(phase: Running, bytes: number, now: number): Running {
  const taken = { ...phase.taken, bytes };
  return { ...phase, taken, meter: addSample(phase.meter, { at: now, bytes }) };
}

/** The root hash that the sender gave is over these files as well: it has to give another one. */
function failFiles(phase: Running, failed: readonly FileFailure[]): ReceiveStep {
  const failures = [...phase.taken.failures, ...failed];
  return {
    phase: { ...phase, taken: { ...phase.taken, failures }, rootKnown: false },
    effects: [{ type: 'note-failures', failures }],
  };
}

function finish(phase: Running, now: number): ReceiveStep {
  const { taken, pressedAt } = phase;
  const none = taken.selected.count > 0 && taken.failures.length === taken.selected.count;
  const reason = taken.failures[0]?.reason;
  if (none && reason !== undefined) {
    return {
      phase: { type: 'failed', reason, manifest: taken.manifest, taken },
      effects: [{ type: 'end-link', reason: 'receiver-left' }, { type: 'discard-store' }],
    };
  }
  return {
    phase: {
      type: 'done',
      taken,
      seconds: pressedAt === null ? null : (now - pressedAt) / 1_000,
      farewellAt: now + FAREWELL_MS,
      packing: null,
      saveFailure: null,
    },
    effects: [{ type: 'note-complete' }, { type: 'leave-room' }],
  };
}

function pause(phase: Running): ReceiveStep {
  return {
    phase: { ...phase, paused: true, meter: [] },
    effects: [{ type: 'pause-fetch' }, { type: 'note-paused', paused: true }],
  };
}

function resume(phase: Running): ReceiveStep {
  const { trouble, paused, linkEnded } = phase;
  if (trouble === null && !paused && !linkEnded) return stay(phase);
  const noted: ReceiveEffect[] = paused ? [{ type: 'note-paused', paused: false }] : [];
  const resumed: Running = { ...phase, paused: false, trouble: null, linkEnded: false, meter: [] };
  // What a folder has can be told only when it may be read again, and after it failed only by reading it.
  const unsure = phase.stage === 'preparing' || (trouble !== null && isFolder(phase.taken.place));
  if (unsure) return { phase: restart(resumed), effects: [...noted, ...RESTART] };
  if (!linkEnded) return { phase: resumed, effects: [...noted, { type: 'resume-fetch' }] };
  return {
    phase: { ...resumed, down: NOT_YET_UP },
    effects: [...noted, { type: 'resume-fetch' }, { type: 'start-link', persistent: true }],
  };
}

const RESTART: readonly ReceiveEffect[] = [
  { type: 'end-link', reason: 'lane-replaced' },
  { type: 'recover-store', ask: true },
  { type: 'start-link', persistent: true },
];

function restart(phase: Running): Running {
  return { ...phase, stage: 'preparing', rootKnown: false, down: NOT_YET_UP };
}

function isFolder({ type }: ReceivePlace): boolean {
  return type === 'folder';
}

function stay(phase: Running): ReceiveStep {
  return { phase, effects: [] };
}
