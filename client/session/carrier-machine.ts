import type { ErrorReason } from '../errors/error-reason.ts';

/** The two ways to a share's files: straight from the sender's page, or from what it left with the server. */
export type Way = 'direct' | 'server';

/** How one way stands. `looking`: it is not known yet whether there is one. */
export type WayState =
  | { readonly type: 'looking' }
  | { readonly type: 'up' }
  /** it was there, and is looked for again */
  | { readonly type: 'down'; readonly reason: ErrorReason }
  /** it is not there, and will not come by itself */
  | { readonly type: 'ended'; readonly reason: ErrorReason };

/** Which way carries, and how both stand. Times are milliseconds of one monotonic clock. */
export interface CarrierState {
  readonly direct: WayState;
  readonly server: WayState;
  /** over which way pieces are fetched; null while over none */
  readonly carrier: Way | null;
  /** whether the server's way has ever carried */
  readonly served: boolean;
  /** since when the direct way is not up */
  readonly directAwaitedSince: number;
  /** which carries while both are up */
  readonly preferred: Way;
}

/** What happens to the two ways. */
export type CarrierEvent =
  | { readonly type: 'way'; readonly way: Way; readonly state: WayState }
  /** this way is expected to be the faster one */
  | { readonly type: 'prefer'; readonly way: Way }
  | { readonly type: 'tick' };

/** What is to be done or told. */
export type CarrierEffect =
  /** from now on fetch over this way, and over no other */
  | { readonly type: 'carry'; readonly way: Way | null }
  /** there may be an upload by now, or none any more: find out */
  | { readonly type: 'look-for-upload' }
  /** the first way is up, or one is again */
  | { readonly type: 'up' }
  /** none is up any more, and one is looked for */
  | { readonly type: 'down'; readonly reason: ErrorReason }
  | { readonly type: 'ended'; readonly reason: ErrorReason };

/** The next state and what is to be done about it. */
export interface CarrierStep {
  readonly state: CarrierState;
  readonly effects: readonly CarrierEffect[];
}

/** How long the direct way is waited for where the server has the files, in milliseconds. */
export const DIRECT_PATIENCE_MS = 3_000;

/** Both ways are looked for. */
export function beginCarrier(now: number): CarrierState {
  const looking: WayState = { type: 'looking' };
  return {
    direct: looking,
    server: looking,
    carrier: null,
    served: false,
    directAwaitedSince: now,
    preferred: 'direct',
  };
}

/**
 * One step of choosing between the two ways. Pure. The direct way carries as soon as it is up, unless the server's is up
 * and preferred; the server's does as well where the direct one is over, or has been waited for. A transfer so changes its
 * way and fetches only what it lacks.
 */
export function stepCarrier(state: CarrierState, event: CarrierEvent, now: number): CarrierStep {
  const noted = noteEvent(state, event, now);
  const looks = event.type === 'way' && looksForUpload(state, event);
  const next: CarrierState = looks ? { ...noted, server: { type: 'looking' } } : noted;
  const carrier = choose(next, now);
  const effects: CarrierEffect[] = looks ? [{ type: 'look-for-upload' }] : [];
  if (carrier !== next.carrier) effects.push({ type: 'carry', way: carrier });
  const served = next.served || carrier === 'server';
  return { state: { ...next, carrier, served }, effects: [...effects, ...tell(state, next)] };
}

function noteEvent(state: CarrierState, event: CarrierEvent, now: number): CarrierState {
  switch (event.type) {
    case 'way':
      return note(state, event.way, event.state, now);
    case 'prefer':
      return { ...state, preferred: event.way };
    case 'tick':
      return state;
  }
}

function note(state: CarrierState, way: Way, to: WayState, now: number): CarrierState {
  const lost = way === 'direct' && state.direct.type === 'up' && to.type !== 'up';
  const noted = { ...state, [way]: to };
  return lost ? { ...noted, directAwaitedSince: now } : noted;
}

/** Where the direct way goes, the server may have the files, or may have them no more: what is known of it may be old. */
function looksForUpload(
  { direct, carrier }: CarrierState,
  { way, state }: Extract<CarrierEvent, { type: 'way' }>,
): boolean {
  const gone = state.type === 'down' || state.type === 'ended';
  return way === 'direct' && gone && direct.type !== state.type && carrier !== 'server';
}

function choose(state: CarrierState, now: number): Way | null {
  const { direct, server, directAwaitedSince, preferred } = state;
  if (direct.type === 'up') {
    return preferred === 'server' && server.type === 'up' ? 'server' : 'direct';
  }
  if (server.type !== 'up' || isCancelled(direct)) return null;
  // One that carries goes on: what is lost beside it is nothing to wait for.
  const waited = state.carrier === 'server' || now - directAwaitedSince >= DIRECT_PATIENCE_MS;
  return direct.type === 'ended' || waited ? 'server' : null;
}

function tell(before: CarrierState, after: CarrierState): CarrierEffect[] {
  const [was, is] = [standing(before), standing(after)];
  if (is.type === 'up') return was.type === 'up' ? [] : [{ type: 'up' }];
  if (is.type === 'ended') return was.type === 'ended' ? [] : [is];
  if (is.type === 'looking') {
    return was.type === 'up' ? [{ type: 'down', reason: 'connection-lost' }] : [];
  }
  const same = was.type === 'down' && was.reason === is.reason;
  return same ? [] : [is];
}

/** How the two stand together. */
function standing({ direct, server, served }: CarrierState): WayState {
  if (direct.type === 'up' || isCancelled(direct)) return direct;
  if (server.type === 'up') return server;
  if (direct.type === 'looking') return direct;
  const damaged = server.type === 'ended' && server.reason === 'upload-damaged';
  // A sender that may come back is waited for, whatever the server says; what does not open never will.
  if (direct.type === 'down' && !damaged) return direct;
  if (server.type === 'looking') return server;
  // A server that cannot be asked is waited for only where it has given something.
  if (server.type === 'down') return served ? server : direct;
  // What is wrong with an upload is to be said. That there is none is no news where there never was one.
  if (server.reason !== 'upload-not-found') return server;
  const gone = served && direct.type === 'ended' && !EXPLAINS.has(direct.reason);
  return gone ? { ...direct, reason: server.reason } : direct;
}

/** A receiver that its sender put out gets nothing over the other way either. */
function isCancelled(direct: WayState): boolean {
  return direct.type === 'ended' && direct.reason === 'sender-cancelled';
}

/** What says more than that there is no upload any more: with the share, the sender has ended that as well. */
const EXPLAINS: ReadonlySet<ErrorReason> = new Set([
  'sender-stopped',
  'sender-cancelled',
  'share-expired',
]);
