import type { ErrorReason } from '../errors/error-reason.ts';
import type { Manifest } from '../share/manifest.ts';
import type { ControlMessage } from './control-message.ts';
import type { FramedPiece } from './framed-piece.ts';
import { unpackRuns } from './piece-runs.ts';

/** How many pieces are read ahead of the channel: enough to hide the disk, few enough to bound memory. */
export const READ_AHEAD_PIECES = 4;

/** A lane's receiver may have this many pieces asked for and not yet sent. */
export const MAX_QUEUED_PIECES = 4_096;

interface Serving {
  readonly manifest: Manifest;
  /** how many parts the manifest travels in */
  readonly manifestParts: number;
  /** asked for and not yet being read, in order */
  readonly queue: readonly number[];
  /** being read, or read and on their way into the channel, in order; null while being read */
  readonly ahead: readonly { readonly piece: number; readonly framed: FramedPiece | null }[];
  /** the parts of the manifest that were sent; each is sent once */
  readonly partsSent: ReadonlySet<number>;
  /** the most bytes that the receiver has said it has */
  readonly bytes: number;
  /** whether the channel is taking the first of `ahead` */
  readonly sending: boolean;
  /** the share's root hash, known once every piece was read by anybody */
  readonly root: string | null;
}

/** What one lane's sending side is at. */
export type SeederState =
  | {
      readonly type: 'serving';
      readonly serving: Serving;
      readonly stage: 'choosing' | 'receiving';
    }
  | { readonly type: 'done' }
  | { readonly type: 'closed'; readonly reason: ErrorReason };

/** What happens to a seeder. */
export type SeederEvent =
  | { readonly type: 'message'; readonly message: ControlMessage }
  | { readonly type: 'data' }
  | { readonly type: 'read'; readonly piece: number; readonly framed: FramedPiece }
  | {
      readonly type: 'unreadable';
      readonly piece: number;
      readonly reason: 'source-changed' | 'source-unreadable';
    }
  | { readonly type: 'sent' }
  | { readonly type: 'share-root'; readonly root: string };

/** What a seeder wants done. `send-piece` is answered by `sent` once the channel has taken every frame of it. */
export type SeederEffect =
  | { readonly type: 'read'; readonly piece: number }
  | { readonly type: 'send-piece'; readonly framed: FramedPiece }
  | { readonly type: 'send-manifest-part'; readonly part: number }
  | {
      readonly type: 'send-unavailable';
      readonly piece: number;
      readonly reason: 'source-changed' | 'source-unreadable';
    }
  | { readonly type: 'send-root'; readonly root: string }
  | { readonly type: 'progress'; readonly bytes: number }
  | { readonly type: 'stage'; readonly stage: 'choosing' | 'receiving' | 'done' }
  | { readonly type: 'close'; readonly reason: ErrorReason };

/** The next state and what is to be done about it. */
export interface SeederStep {
  readonly state: SeederState;
  readonly effects: readonly SeederEffect[];
}

/** A seeder that has greeted its receiver. `root`: the share's root hash where it is known already. */
export function createSeeder(
  manifest: Manifest,
  manifestParts: number,
  root: string | null,
): SeederStep {
  const serving: Serving = {
    manifest,
    manifestParts,
    queue: [],
    ahead: [],
    sending: false,
    partsSent: new Set(),
    bytes: 0,
    root,
  };
  return {
    state: { type: 'serving', serving, stage: 'choosing' },
    effects: [{ type: 'stage', stage: 'choosing' }, ...announceRoot(root)],
  };
}

/** One step of the sending side: reads what was asked for, a little ahead, and sends it in the order asked. Pure. */
export function stepSeeder(state: SeederState, event: SeederEvent): SeederStep {
  if (state.type === 'closed') return { state, effects: [] };
  if (event.type === 'data') return close('message-unexpected');
  if (state.type === 'done') {
    return event.type === 'message' && event.message.type === 'manifest-request'
      ? close('message-unexpected')
      : { state, effects: [] };
  }
  const { serving } = state;
  switch (event.type) {
    case 'message':
      return onMessage(state, event.message);
    case 'read':
      return advance({ ...state, serving: keepRead(serving, event.piece, event.framed) });
    case 'unreadable':
      return onUnreadable(state, event.piece, event.reason);
    case 'sent':
      return advance({
        ...state,
        serving: { ...serving, ahead: serving.ahead.slice(1), sending: false },
      });
    case 'share-root':
      return {
        state: { ...state, serving: { ...serving, root: event.root } },
        effects: announceRoot(event.root),
      };
  }
}

type ServingState = Extract<SeederState, { type: 'serving' }>;

function onMessage(state: ServingState, message: ControlMessage): SeederStep {
  switch (message.type) {
    case 'manifest-request':
      return onManifestRequest(state, message.part);
    case 'request':
      return onRequest(state, message.runs);
    case 'progress':
      return onProgress(state, message.bytes);
    case 'complete':
      return onComplete(state, message.root);
    default:
      return close('message-unexpected');
  }
}

function onManifestRequest(state: ServingState, part: number): SeederStep {
  const { serving } = state;
  if (part >= serving.manifestParts) return close('request-out-of-range');
  if (serving.partsSent.has(part)) return close('message-unexpected');
  const partsSent = new Set(serving.partsSent).add(part);
  return {
    state: { ...state, serving: { ...serving, partsSent } },
    effects: [{ type: 'send-manifest-part', part }],
  };
}

/** The channel keeps no order: a report that was overtaken by a later one says nothing new. */
function onProgress(state: ServingState, bytes: number): SeederStep {
  const { serving } = state;
  if (bytes > serving.manifest.totalBytes) return close('request-out-of-range');
  if (bytes <= serving.bytes) return { state, effects: [] };
  return {
    state: { ...state, serving: { ...serving, bytes } },
    effects: [{ type: 'progress', bytes }],
  };
}

function onRequest(
  state: ServingState,
  runs: Extract<ControlMessage, { type: 'request' }>['runs'],
): SeederStep {
  const { serving } = state;
  const waiting = serving.queue.length + serving.ahead.length;
  const pieces = unpackRuns(serving.manifest, runs, MAX_QUEUED_PIECES - waiting);
  if (pieces === 'out-of-range') return close('request-out-of-range');
  if (pieces === 'overflow') return close('request-overflow');
  const step = advance({
    type: 'serving',
    stage: 'receiving',
    serving: { ...serving, queue: [...serving.queue, ...pieces] },
  });
  if (state.stage === 'receiving') return step;
  return { state: step.state, effects: [{ type: 'stage', stage: 'receiving' }, ...step.effects] };
}

function onComplete(state: ServingState, root: string): SeederStep {
  if (state.serving.root === null) return close('message-unexpected');
  if (state.serving.root !== root) return close('root-mismatch');
  const effects: SeederEffect[] = [
    { type: 'progress', bytes: state.serving.manifest.totalBytes },
    { type: 'stage', stage: 'done' },
  ];
  return { state: { type: 'done' }, effects };
}

function keepRead(serving: Serving, piece: number, framed: FramedPiece): Serving {
  const index = serving.ahead.findIndex((one) => one.piece === piece && one.framed === null);
  if (index === -1) return serving;
  return { ...serving, ahead: serving.ahead.with(index, { piece, framed }) };
}

function onUnreadable(
  state: ServingState,
  piece: number,
  reason: 'source-changed' | 'source-unreadable',
): SeederStep {
  const ahead = state.serving.ahead.filter((one) => one.piece !== piece || one.framed !== null);
  const step = advance({ ...state, serving: { ...state.serving, ahead } });
  return {
    state: step.state,
    effects: [{ type: 'send-unavailable', piece, reason }, ...step.effects],
  };
}

/** Starts reading what fits ahead, and sends the first piece once it is read and the one before is sent. */
function advance(state: ServingState): SeederStep {
  const { queue } = state.serving;
  const starting = queue.slice(0, READ_AHEAD_PIECES - state.serving.ahead.length);
  const ahead = [...state.serving.ahead, ...starting.map((piece) => ({ piece, framed: null }))];
  const effects = starting.map((piece): SeederEffect => ({ type: 'read', piece }));
  const ready = state.serving.sending ? null : (ahead[0]?.framed ?? null);
  if (ready !== null) effects.unshift({ type: 'send-piece', framed: ready });
  const sending = state.serving.sending || ready !== null;
  const serving = { ...state.serving, queue: queue.slice(starting.length), ahead, sending };
  return { state: { ...state, serving }, effects };
}

function announceRoot(root: string | null): SeederEffect[] {
  return root === null ? [] : [{ type: 'send-root', root }];
}

function close(reason: ErrorReason): SeederStep {
  return { state: { type: 'closed', reason }, effects: [{ type: 'close', reason }] };
}
