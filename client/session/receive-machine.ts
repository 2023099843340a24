import type { ErrorReason } from '../errors/error-reason.ts';
import type { Manifest } from '../share/manifest.ts';
import { type NumberSet, fullNumberSet, numbersIn, withNumbers } from '../share/number-set.ts';
import type {
  Done,
  KeptReceipt,
  Offered,
  ReceiveEffect,
  ReceiveEvent,
  ReceivePhase,
  ReceiveStep,
  Taken,
} from './receive-phase.ts';
import { isPassing } from './link-reasons.ts';
import {
  NOT_YET_UP,
  beginRunning,
  isMendable,
  needsNoSender,
  stepRunning,
} from './receive-running.ts';

/** The first step of a receiving page. */
export function beginReceive(): ReceiveStep {
  return { phase: { type: 'searching' }, effects: [{ type: 'search' }] };
}

/** One step of the receiving page. Pure. */
export function stepReceive(phase: ReceivePhase, event: ReceiveEvent, now: number): ReceiveStep {
  switch (event.type) {
    case 'cancel':
      return isOver(phase) ? stay(phase) : cancel(phase, event.keep);
    case 'try-again':
      return tryAgain(phase);
    case 'failed':
      return isOver(phase) ? stay(phase) : fail(phase, event.reason);
    case 'trouble':
      return onTrouble(phase, event.reason);
    case 'link-ended':
      return onLinkEnded(phase, event.reason);
    default:
      return onPhase(phase, event, now);
  }
}

type PhaseEvent = Exclude<
  ReceiveEvent,
  { type: 'cancel' | 'try-again' | 'failed' | 'trouble' | 'link-ended' }
>;

function onPhase(phase: ReceivePhase, event: PhaseEvent, now: number): ReceiveStep {
  switch (phase.type) {
    case 'searching':
      return event.type === 'searched' ? onSearched(event.kept) : stay(phase);
    case 'joining':
      return onJoining(phase, event);
    case 'offered':
      return onOffered(phase, event, now);
    case 'running':
      return stepRunning(phase, event, now);
    case 'done':
      return onDone(phase, event, now);
    case 'failed':
    case 'cancelled':
      return stay(phase);
  }
}

/** What is kept of this share goes on by itself: Receive was pressed for it once. */
function onSearched(kept: KeptReceipt | null): ReceiveStep {
  if (kept === null) {
    return {
      phase: { type: 'joining', step: 'room' },
      effects: [{ type: 'start-link', persistent: false }],
    };
  }
  const { manifest, selected, place, failures, bytes } = kept;
  const selectedBytes = sumSizes(manifest, selected);
  const taken: Taken = { manifest, selected, selectedBytes, place, failures, bytes };
  if (kept.complete) {
    return stay({
      type: 'done',
      taken,
      seconds: null,
      farewellAt: null,
      packing: null,
      saveFailure: null,
    });
  }
  return {
    phase: { ...beginRunning(taken, null, kept.paused), down: NOT_YET_UP },
    effects: [
      { type: 'recover-store', ask: false },
      { type: 'start-link', persistent: true },
    ],
  };
}

function onJoining(
  phase: Extract<ReceivePhase, { type: 'joining' }>,
  event: PhaseEvent,
): ReceiveStep {
  switch (event.type) {
    case 'waiting':
      return stay({ ...phase, step: event.for });
    case 'link-up':
      return { phase: { ...phase, step: 'manifest' }, effects: [{ type: 'fetch-manifest' }] };
    case 'manifest':
      return offer(event.manifest);
    default:
      return stay(phase);
  }
}

function offer(manifest: Manifest): ReceiveStep {
  const selected = fullNumberSet(manifest.entries.length);
  const selectedBytes = manifest.totalBytes;
  return {
    phase: { type: 'offered', manifest, selected, selectedBytes, fit: null, down: null },
    effects: [
      { type: 'persist-link' },
      { type: 'open-store' },
      { type: 'measure-fit', bytes: selectedBytes },
    ],
  };
}

function onOffered(phase: Offered, event: PhaseEvent, now: number): ReceiveStep {
  switch (event.type) {
    case 'select':
      return select(phase, event.files, event.included);
    case 'fit':
      // One that was measured before the last change of the selection says nothing.
      return event.fit.neededBytes === phase.selectedBytes
        ? stay({ ...phase, fit: event.fit })
        : stay(phase);
    case 'link-down':
      return stay({ ...phase, down: { reason: event.reason, since: phase.down?.since ?? now } });
    case 'link-up':
      return stay({ ...phase, down: null });
    case 'receive':
      return phase.selected.count === 0 ? stay(phase) : receive(phase, event.into, now);
    default:
      return stay(phase);
  }
}

function select(phase: Offered, files: readonly number[], included: boolean): ReceiveStep {
  const known = files.filter((file) => file >= 0 && file < phase.selected.size);
  const selected = withNumbers(phase.selected, known, included);
  const selectedBytes = sumSizes(phase.manifest, selected);
  return {
    phase: { ...phase, selected, selectedBytes },
    effects: [{ type: 'measure-fit', bytes: selectedBytes }],
  };
}

function receive(phase: Offered, into: 'browser' | 'folder', now: number): ReceiveStep {
  const { manifest, selected, selectedBytes, down } = phase;
  const place = into === 'browser' ? ({ type: 'browser' } as const) : { type: into, name: '' };
  const taken: Taken = { manifest, selected, selectedBytes, place, failures: [], bytes: 0 };
  return {
    phase: { ...beginRunning(taken, now, false), down },
    // What is asked for now arrives while the store is made ready.
    effects: [{ type: 'begin-store', manifest, selected, into }, { type: 'start-fetch' }],
  };
}

/** What the user can mend is waited for; a store that is broken is not trusted with another piece. */
function onTrouble(phase: ReceivePhase, reason: ErrorReason): ReceiveStep {
  if (phase.type !== 'running') return stay(phase);
  if (!isMendable(reason)) return fail(phase, reason);
  return { phase: { ...phase, trouble: reason }, effects: [{ type: 'pause-fetch' }] };
}

function onLinkEnded(phase: ReceivePhase, reason: ErrorReason): ReceiveStep {
  if (phase.type !== 'running') return isOver(phase) ? stay(phase) : fail(phase, reason);
  // Who waits needs no link yet; but that the sender has ended the transfer, the user hears at once.
  const waits = (phase.paused || phase.trouble !== null) && isPassing(reason);
  return needsNoSender(phase) || waits
    ? stay({ ...phase, linkEnded: true, down: null })
    : fail(phase, reason);
}

function onDone(phase: Done, event: PhaseEvent, now: number): ReceiveStep {
  switch (event.type) {
    case 'packing':
      return stay({ ...phase, packing: event.fraction });
    case 'saved':
      return stay({ ...phase, packing: null, saveFailure: event.failure });
    case 'tick': {
      const over = phase.farewellAt !== null && now >= phase.farewellAt;
      if (!over) return stay(phase);
      return {
        phase: { ...phase, farewellAt: null },
        effects: [{ type: 'end-link', reason: 'receiver-left' }],
      };
    }
    default:
      return stay(phase);
  }
}

function cancel(phase: ReceivePhase, keep: boolean): ReceiveStep {
  const taken = phase.type === 'running' && keep ? phase.taken : null;
  return {
    phase: { type: 'cancelled', manifest: manifestOf(phase), taken },
    effects: [
      { type: 'end-link', reason: 'receiver-cancelled' },
      { type: taken === null ? 'discard-store' : 'keep-store' },
    ],
  };
}

function tryAgain(phase: ReceivePhase): ReceiveStep {
  if (phase.type !== 'failed' && phase.type !== 'cancelled') return stay(phase);
  return beginReceive();
}

function fail(phase: ReceivePhase, reason: ErrorReason): ReceiveStep {
  const taken = takenOf(phase);
  const effects: ReceiveEffect[] = [{ type: 'end-link', reason }];
  // What is not what was offered can never be completed; and memory that failed is not there any more.
  const lost = reason === 'root-mismatch' || (BROKEN.has(reason) && taken?.place.type === 'memory');
  if (lost) effects.push({ type: 'discard-store' });
  else if (BROKEN.has(reason)) effects.push({ type: 'keep-store' });
  const kept = lost ? null : taken;
  return { phase: { type: 'failed', reason, manifest: manifestOf(phase), taken: kept }, effects };
}

/** After these, the store is let go: another try opens what it has kept anew, and verifies it. */
const BROKEN: ReadonlySet<ErrorReason> = new Set([
  'storage-failed',
  'script-missing',
  'unexpected',
]);

/** Whether the page is at an end, of whatever kind. */
export function isOver({ type }: ReceivePhase): boolean {
  return type === 'done' || type === 'failed' || type === 'cancelled';
}

function takenOf(phase: ReceivePhase): Taken | null {
  return phase.type === 'running' ? phase.taken : null;
}

function manifestOf(phase: ReceivePhase): Manifest | null {
  if (phase.type === 'running' || phase.type === 'done') return phase.taken.manifest;
  return 'manifest' in phase ? phase.manifest : null;
}

/** How many bytes these files have together. */
export function sumSizes(manifest: Manifest, files: NumberSet): number {
  let bytes = 0;
  for (const file of numbersIn(files)) bytes += manifest.entries[file]?.size ?? 0;
  return bytes;
}

function stay(phase: ReceivePhase): ReceiveStep {
  return { phase, effects: [] };
}
