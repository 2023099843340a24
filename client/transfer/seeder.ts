import type { ErrorReason } from '../errors/error-reason.ts';
import {
  decodeNumberSet,
  emptyNumberSet,
  hasNumber,
  numbersIn,
  withNumbers,
} from '../share/number-set.ts';
import { locateRanges } from './asked-ranges.ts';
import type { ControlMessage, FileFailureReason } from './control-message.ts';
import {
  EMPTY_SEEDER_QUEUE,
  countQueued,
  dropFile,
  enqueue,
  keepRead,
  takeAhead,
  takeReady,
} from './seeder-queue.ts';
import type {
  SeederEffect,
  SeederEvent,
  SeederOffer,
  SeederState,
  SeederStep,
  Serving,
} from './seeder-state.ts';

/** A lane's receiver may have this many ranges asked for and not yet sent. */
export const MAX_QUEUED_RANGES = 4_096;
/** So much is put into a channel that has room before it is asked again whether it has. */
const BURST_BYTES = 128 * 1024;

/** A seeder that has greeted its receiver. Files that have failed before are told to it by `file-failed`. */
export function createSeeder(offer: SeederOffer): SeederStep {
  const serving: Serving = {
    offer,
    queue: EMPTY_SEEDER_QUEUE,
    partsSent: new Set(),
    bytes: 0,
    selection: null,
    failed: emptyNumberSet(offer.manifest.entries.length),
    ownPause: { paused: false, number: 0 },
    peerPause: { paused: false, number: 0 },
    roots: [],
    owesRoot: false,
    readingRest: false,
    checkedBytes: 0,
  };
  return {
    state: { type: 'serving', serving, stage: 'choosing' },
    effects: [{ type: 'stage', stage: 'choosing' }],
  };
}

/** One step of the sending side: reads what was asked for, a little ahead, and sends it as it is read. Pure. */
export function stepSeeder(state: SeederState, event: SeederEvent): SeederStep {
  if (state.type === 'closed') return { state, effects: [] };
  if (event.type === 'data') return close('message-unexpected');
  if (state.type === 'done') {
    return event.type === 'message' && ONCE.has(event.message.type)
      ? close('message-unexpected')
      : { state, effects: [] };
  }
  const { serving } = state;
  switch (event.type) {
    case 'message':
      return onMessage(state, event.message);
    case 'read':
      return change(state, { queue: keepRead(serving.queue, event.pieces) }, []);
    case 'room':
      return onRoom(state);
    case 'file-failed':
      return onFileFailed(state, event.file, event.reason);
    case 'root':
      return change(state, { roots: [...serving.roots, event.root], owesRoot: false }, [
        { type: 'send-root', root: event.root, files: event.files },
      ]);
    case 'checked':
      return onChecked(state, event.bytes);
    case 'pause':
      return onOwnPause(state, event.paused);
  }
}

/** Whether something could go into a channel that has room. */
export function canSend(state: SeederState): boolean {
  if (state.type !== 'serving') return false;
  const { queue, ownPause, peerPause } = state.serving;
  return queue.ready > 0 && !ownPause.paused && !peerPause.paused;
}

/** What a receiver sends once, so that it cannot come after the end. */
const ONCE: ReadonlySet<ControlMessage['type']> = new Set(['manifest-request', 'select']);

type ServingState = Extract<SeederState, { type: 'serving' }>;

interface ServingStep extends SeederStep {
  readonly state: ServingState;
}

function onMessage(state: ServingState, message: ControlMessage): SeederStep {
  switch (message.type) {
    case 'manifest-request':
      return onManifestRequest(state, message.part);
    case 'select':
      return onSelect(state, message);
    case 'request':
      return onRequest(state, message.ranges);
    case 'pause':
      return onPeerPause(state, message);
    case 'progress':
      return onProgress(state, message.bytes);
    case 'complete':
      return onComplete(state, message.root);
    default:
      return close('message-unexpected');
  }
}

function onManifestRequest(state: ServingState, part: number): SeederStep {
  const { offer, partsSent } = state.serving;
  if (part >= offer.manifestParts) return close('request-out-of-range');
  if (partsSent.has(part)) return close('message-unexpected');
  const sent = new Set(partsSent).add(part);
  const effects: SeederEffect[] = [{ type: 'send-manifest-part', part }];
  if (sent.size === offer.manifestParts) effects.push({ type: 'read-first' });
  return change(state, { partsSent: sent }, effects);
}

function onSelect(
  state: ServingState,
  message: Extract<ControlMessage, { type: 'select' }>,
): SeederStep {
  const { offer, failed, bytes: reported } = state.serving;
  if (state.serving.selection !== null) return close('message-unexpected');
  if (message.manifest !== offer.digest) return close('manifest-invalid');
  const files = decodeNumberSet(message.files, offer.manifest.entries.length);
  if (files === null) return close('message-malformed');
  let bytes = 0;
  let neededBytes = 0;
  for (const file of numbersIn(files)) {
    const size = offer.manifest.entries[file]?.size ?? 0;
    bytes += size;
    if (!hasNumber(failed, file)) neededBytes += size;
  }
  if (reported > bytes) return close('request-out-of-range');
  const step = change(state, { selection: { files, bytes, neededBytes }, owesRoot: true }, [
    { type: 'selected', receiver: message.receiver, bytes },
    { type: 'watch-root', files },
  ]);
  return settle(startReceiving(step));
}

/** The channel keeps no order: a report that was overtaken by a later one says nothing new. */
function onProgress(state: ServingState, bytes: number): SeederStep {
  const { serving } = state;
  const most = serving.selection?.bytes ?? serving.offer.manifest.totalBytes;
  if (bytes > most) return close('request-out-of-range');
  if (bytes <= serving.bytes) return { state, effects: [] };
  return settle(change(state, { bytes }, [{ type: 'progress', bytes }]));
}

function onRequest(
  state: ServingState,
  asked: Extract<ControlMessage, { type: 'request' }>['ranges'],
): SeederStep {
  const { offer, queue, failed } = state.serving;
  const ranges = locateRanges(offer.manifest, asked);
  if (ranges === null) return close('request-out-of-range');
  if (countQueued(queue) + ranges.length > MAX_QUEUED_RANGES) return close('request-overflow');
  // The receiver may not have heard yet that a file of these cannot be had.
  const served = ranges.filter((_, index) => !hasNumber(failed, asked[index]?.[0] ?? 0));
  return startReceiving(advance(state, { queue: enqueue(queue, served) }));
}

function onRoom(state: ServingState): SeederStep {
  if (!canSend(state)) return { state, effects: [] };
  const { queue, outgoing } = takeReady(state.serving.queue, BURST_BYTES);
  const { state: next, effects } = advance(state, { queue });
  const sent = outgoing.map((range): SeederEffect => ({ type: 'send-range', range }));
  return settle({ state: next, effects: [...sent, ...effects] });
}

/** The channel keeps no order: of what the receiver says about pausing, its latest word counts. */
function onPeerPause(
  state: ServingState,
  { number, paused }: Extract<ControlMessage, { type: 'pause' }>,
): SeederStep {
  const { peerPause } = state.serving;
  if (number <= peerPause.number) return { state, effects: [] };
  const told: SeederEffect[] = paused === peerPause.paused ? [] : [{ type: 'peer-paused', paused }];
  return change(state, { peerPause: { number, paused } }, told);
}

function onOwnPause(state: ServingState, paused: boolean): SeederStep {
  const { ownPause } = state.serving;
  if (paused === ownPause.paused) return { state, effects: [] };
  const number = ownPause.number + 1;
  return change(state, { ownPause: { number, paused } }, [{ type: 'send-pause', number, paused }]);
}

function onComplete(state: ServingState, root: string): SeederStep {
  const { roots, selection } = state.serving;
  if (roots.length === 0 || selection === null) return close('message-unexpected');
  if (!roots.includes(root)) return close('root-mismatch');
  const bytes = Math.max(state.serving.bytes, selection.neededBytes);
  const effects: SeederEffect[] = [
    { type: 'progress', bytes },
    { type: 'stage', stage: 'done' },
  ];
  return { state: { type: 'done' }, effects };
}

function onFileFailed(state: ServingState, file: number, reason: FileFailureReason): SeederStep {
  const { offer, failed, selection, queue, owesRoot } = state.serving;
  if (hasNumber(failed, file)) return { state, effects: [] };
  const selected = selection !== null && hasNumber(selection.files, file);
  const size = offer.manifest.entries[file]?.size ?? 0;
  const step = advance(state, {
    failed: withNumbers(failed, [file]),
    queue: dropFile(queue, offer.manifest, file),
    selection: selected ? { ...selection, neededBytes: selection.neededBytes - size } : selection,
    owesRoot: owesRoot || selected,
  });
  const effects: SeederEffect[] = [{ type: 'send-unavailable', file, reason }, ...step.effects];
  return settle({ state: step.state, effects });
}

function onChecked(state: ServingState, bytes: number): SeederStep {
  const { owesRoot, readingRest, checkedBytes } = state.serving;
  if (!owesRoot || !readingRest || bytes <= checkedBytes) return { state, effects: [] };
  return change(state, { checkedBytes: bytes }, [{ type: 'send-checking', bytes }]);
}

function startReceiving(step: SeederStep): SeederStep {
  if (step.state.type !== 'serving' || step.state.stage === 'receiving') return step;
  return {
    state: { ...step.state, stage: 'receiving' },
    effects: [{ type: 'stage', stage: 'receiving' }, ...step.effects],
  };
}

/** Where the receiver has everything and still waits for the root hash, what nobody asks for has to be read for it. */
function settle(step: SeederStep): SeederStep {
  if (step.state.type !== 'serving') return step;
  const { selection, owesRoot, readingRest, bytes, queue } = step.state.serving;
  const through = selection !== null && bytes >= selection.neededBytes && countQueued(queue) === 0;
  if (!through || !owesRoot || readingRest) return step;
  return change(step.state, { readingRest: true }, [...step.effects, { type: 'read-rest' }]);
}

/** After a change of the queue: starts reading what fits ahead. */
function advance(state: ServingState, changed: Partial<Serving>): ServingStep {
  const serving = { ...state.serving, ...changed };
  const { queue, reading } = takeAhead(serving.queue, serving.offer.manifest);
  const effects = reading.map((piece): SeederEffect => ({ type: 'read', piece }));
  return { state: { ...state, serving: { ...serving, queue } }, effects };
}

function change(
  state: ServingState,
  changed: Partial<Serving>,
  effects: readonly SeederEffect[],
): SeederStep {
  return { state: { ...state, serving: { ...state.serving, ...changed } }, effects };
}

function close(reason: ErrorReason): SeederStep {
  return { state: { type: 'closed', reason }, effects: [{ type: 'close', reason }] };
}
