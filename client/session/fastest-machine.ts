import type { LegProbe } from '../compare/prediction.ts';
import type { Way } from './carrier-machine.ts';
import { LEAST_GAIN, type Weighed, weighWays } from './weigh-ways.ts';

/** Of less than this nothing is probed: it is over before a probe is. In bytes. */
export const WORTH_BYTES = 8 * 1024 * 1024;
/** And with less than this left, a transfer stays where it is. */
const LEAST_LEFT_BYTES = 4 * 1024 * 1024;
/** How long the server's way may bring nothing, beyond what it takes to upload what is here already. In ms. */
const QUIET_MS = 5_000;
/** Over how long, and over how many bytes or how much longer, its rate is measured. */
const TRIAL_MS = 3_000;
const TRIAL_BYTES = 4 * 1024 * 1024;
const LONG_TRIAL_MS = 15_000;
/** Once it has brought something, it may bring nothing for so long, however little is left. In ms. */
const STILL_MS = 15_000;
/** What is told of an upload's offset may be old: for what is here already, no more than this is waited. In ms. */
const MOST_CATCH_UP_MS = 30_000;

/** What a look at a transfer finds. */
export interface FastestLook {
  readonly carrier: Way | null;
  /** in bytes of the files per second; null until the direct way has shown it */
  readonly directRate: number | null;
  /** what the server has of the share; null for nothing */
  readonly upload: {
    readonly length: number;
    readonly offset: number;
    readonly complete: boolean;
  } | null;
  /** verified in the sink, of what is wanted; 0 of 0 before there is a transfer */
  readonly haveBytes: number;
  readonly wantedBytes: number;
  /** of the whole share */
  readonly shareBytes: number;
  /** either side has paused */
  readonly paused: boolean;
}

/** The server's way while it carries because it was expected to be faster. */
interface Trial {
  /** until when it need not have brought anything */
  readonly quietUntil: number;
  /** from where its rate is measured; null until it has brought something */
  readonly from: { readonly at: number; readonly bytes: number } | null;
  /** what was here at the last look, and since when it is so much */
  readonly haveBytes: number;
  readonly movedAt: number;
}

/** What a receiver knows of the two ways. Times are milliseconds of one monotonic clock. */
export interface FastestState {
  /** the sender's line to the server; null while it does not offer to upload */
  readonly offer: LegProbe | null;
  /** its own line from the server: not probed, being probed, or what came of it (null for nothing) */
  readonly download:
    | { readonly type: 'unknown' | 'probing' }
    | { readonly type: 'probed'; readonly leg: LegProbe | null };
  readonly preferred: Way;
  /** the direct way's when it was weighed last; 0 before */
  readonly directRate: number;
  readonly trial: Trial | null;
  /** whether the sender was asked to upload since it offered that */
  readonly asked: boolean;
  /** the server was tried, and was not faster, or its sender wants no server: the transfer stays on the direct way */
  readonly settled: boolean;
}

/** What happens. */
export type FastestEvent =
  | { readonly type: 'offered'; readonly leg: LegProbe | null }
  | { readonly type: 'probed'; readonly leg: LegProbe | null }
  | { readonly type: 'look'; readonly seen: FastestLook };

/** What is to be done. */
export type FastestEffect =
  /** probe the line from the server */
  | { readonly type: 'probe' }
  | { readonly type: 'ask-for-upload' }
  | { readonly type: 'prefer'; readonly way: Way }
  /** what is expected, where that led to something or is new */
  | { readonly type: 'weighed'; readonly weighed: Weighed };

/** The next state and what is to be done about it. */
export interface FastestStep {
  readonly state: FastestState;
  readonly effects: readonly FastestEffect[];
}

/** Nothing is known. */
export const FASTEST_UNKNOWN: FastestState = {
  offer: null,
  download: { type: 'unknown' },
  preferred: 'direct',
  directRate: 0,
  trial: null,
  asked: false,
  settled: false,
};

/**
 * One step of following what is expected to be the faster way. Pure. The direct way begins, and is weighed against the
 * server's when its rate is known; the server's, once it carries, is held against what the direct way had been.
 */
export function stepFastest(state: FastestState, event: FastestEvent, now: number): FastestStep {
  switch (event.type) {
    case 'offered':
      return onOffer(state, event.leg);
    case 'probed':
      return { state: { ...state, download: { type: 'probed', leg: event.leg } }, effects: [] };
    case 'look':
      return look(state, event.seen, now);
  }
}

/** A sender that takes its offer back wants the files to go directly. */
function onOffer(state: FastestState, leg: LegProbe | null): FastestStep {
  // Said once more, as to a receiver that comes back, it says nothing new.
  const settled = leg === null || (state.offer !== null && state.settled);
  const next: FastestState = { ...state, offer: leg, asked: false, settled };
  if (leg !== null || state.preferred === 'direct') return { state: next, effects: [] };
  return prefer({ ...next, trial: null }, 'direct');
}

function look(state: FastestState, seen: FastestLook, now: number): FastestStep {
  const stays: FastestStep = { state, effects: [] };
  const isOver = seen.wantedBytes > 0 && seen.haveBytes === seen.wantedBytes;
  if (state.settled || isOver || !isPossible(state, seen)) return stays;
  if (state.download.type === 'unknown') {
    return { state: { ...state, download: { type: 'probing' } }, effects: [{ type: 'probe' }] };
  }
  if (seen.paused) return { state: { ...state, trial: null }, effects: [] };
  if (seen.carrier === 'server' && state.preferred === 'server') return watch(state, seen, now);
  if (seen.carrier !== 'direct') return stays;
  // A server's way that broke once it carried is not tried again.
  return state.trial === null
    ? weigh(state, seen)
    : prefer({ ...state, trial: null, settled: true }, 'direct');
}

function isPossible({ offer }: FastestState, { upload }: FastestLook): boolean {
  return offer !== null || (upload !== null && upload.length >= WORTH_BYTES);
}

function weigh(state: FastestState, seen: FastestLook): FastestStep {
  const stays: FastestStep = { state, effects: [] };
  const leftBytes = seen.wantedBytes - seen.haveBytes;
  if (seen.directRate === null || leftBytes < LEAST_LEFT_BYTES) return stays;
  const weighed = expectTimes(state, seen, seen.directRate, leftBytes);
  if (weighed === null) return stays;
  const isNew = state.directRate === 0;
  const next: FastestState = { ...state, directRate: seen.directRate };
  const told: FastestEffect = { type: 'weighed', weighed };
  if (state.preferred === 'server' && isClearlyDirect(weighed)) return prefer(next, 'direct', told);
  if (weighed.faster === 'direct' || state.preferred === 'server') {
    return { state: next, effects: isNew ? [told] : [] };
  }
  const asks = seen.upload === null && !state.asked;
  if (!asks) return prefer(next, 'server', told);
  return prefer({ ...next, asked: true }, 'server', told, { type: 'ask-for-upload' });
}

function prefer(state: FastestState, way: Way, ...effects: readonly FastestEffect[]): FastestStep {
  return {
    state: { ...state, preferred: way },
    effects: [...effects, { type: 'prefer', way }],
  };
}

/** By as much as it takes to leave the direct way: else the two would be changed to and fro. */
function isClearlyDirect({ direct, server }: Weighed): boolean {
  return direct.ms * LEAST_GAIN < server.ms;
}

function expectTimes(
  { offer, download }: FastestState,
  { upload, shareBytes }: FastestLook,
  directRate: number,
  leftBytes: number,
): Weighed | null {
  if (download.type !== 'probed' || download.leg === null) return null;
  const uploadBytes = upload === null ? shareBytes : upload.length - upload.offset;
  return weighWays({
    directRate,
    leftBytes,
    upload: offer,
    download: download.leg,
    uploadBytes: upload?.complete === true ? 0 : uploadBytes,
  });
}

function watch(state: FastestState, seen: FastestLook, now: number): FastestStep {
  const trial = state.trial ?? beginTrial(state, seen, now);
  const moved = seen.haveBytes > trial.haveBytes;
  const next: Trial = {
    ...trial,
    haveBytes: seen.haveBytes,
    movedAt: moved ? now : trial.movedAt,
    from:
      trial.from === null && moved && now >= trial.quietUntil - QUIET_MS
        ? { at: now, bytes: seen.haveBytes }
        : trial.from,
  };
  const isSlow = next.from === null ? null : isSlower(state, next.from, seen, now);
  const isStill = next.from === null ? now >= trial.quietUntil : now - next.movedAt >= STILL_MS;
  if (isSlow === true || isStill) {
    return prefer({ ...state, trial: null, settled: true }, 'direct');
  }
  // Measured, it is measured anew from here on.
  const from = isSlow === false ? { at: now, bytes: seen.haveBytes } : next.from;
  return { state: { ...state, trial: { ...next, from } }, effects: [] };
}

/** What is here already has to be uploaded too, before anything new comes. */
function beginTrial({ offer }: FastestState, seen: FastestLook, now: number): Trial {
  const offset = seen.upload?.complete === true ? Infinity : (seen.upload?.offset ?? 0);
  const behind = Math.max(0, seen.haveBytes - offset);
  const catchUpMs = offer === null ? 0 : offer.startMs + (behind / offer.bytesPerSecond) * 1_000;
  return {
    quietUntil: now + Math.min(catchUpMs, MOST_CATCH_UP_MS) + QUIET_MS,
    from: null,
    haveBytes: seen.haveBytes,
    movedAt: now,
  };
}

/** Whether the server's way is slower than the direct one was; null while that cannot be told. */
function isSlower(
  { directRate }: FastestState,
  from: { readonly at: number; readonly bytes: number },
  seen: FastestLook,
  now: number,
): boolean | null {
  if (seen.wantedBytes - seen.haveBytes < LEAST_LEFT_BYTES) return null;
  const ms = now - from.at;
  const bytes = seen.haveBytes - from.bytes;
  if (ms < TRIAL_MS || (bytes < TRIAL_BYTES && ms < LONG_TRIAL_MS)) return null;
  return (bytes / ms) * 1_000 * LEAST_GAIN < directRate;
}
