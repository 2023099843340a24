/** The shortest time an attempt to connect is given, in milliseconds: TCP has sent its second SYN by then. */
const LEAST_LIMIT_MS = 1_500;
/** The longest, for lines so slow that they need it. */
const LONGEST_LIMIT_MS = 8_000;
/** What the first attempt is given while nobody knows how long connecting takes. */
const FIRST_LIMIT_MS = 5_000;
/** After this long without a connection the line may have become a slow one: every third attempt is given more time. */
const SLOW_LINE_AFTER_MS = 15_000;
const MINUTE_MS = 60_000;
/** Between the beginnings of two attempts. */
const FIRST_SPACING_MS = 500;
const SPACING_MS = 1_000;
const LONGEST_SPACING_MS = 10_000;
/** Nobody looked at the clock for this long: the machine slept, and the connection may be gone without a word. */
const SLEEP_MS = 3_000;
/** The server pings every 10 s. One that is not heard for longer is asked whether it is there. */
const SILENCE_MS = 12_000;
/** A server heard this recently is there: no need to ask. */
const HEARD_LATELY_MS = 1_000;
/** How long the server may take to say that it is there. */
const CHECK_LIMIT_MS = 2_000;

type Phase =
  | { readonly type: 'connecting'; readonly limitMs: number }
  /** for its place, since then */
  | { readonly type: 'asking'; readonly since: number; readonly limitMs: number }
  | { readonly type: 'resting' }
  /** `checkedAt`: when the server was asked whether it is there; null where it is not in doubt */
  | { readonly type: 'placed'; readonly heardAt: number; readonly checkedAt: number | null };

/** How a member stands with the server. All times but one are milliseconds of one monotonic clock. */
export interface ConnectionState {
  readonly phase: Phase;
  /** since when there is no connection, and how many attempts there were to get one */
  readonly outage: { readonly since: number; readonly attempts: number };
  /** when the last attempt began */
  readonly triedAt: number;
  /** of the last tick, as the calendar has it: the other clock may stand still while the machine sleeps */
  readonly wallTime: number;
  /** how long the last attempt took that came to a connection */
  readonly usualMs: number | null;
}

/**
 * `asking`: there is a connection, and a request to get the place is on its way, which may take `limitMs`.
 * `placed`: the member has its place. `heard`: something came from the server. `dropped`: the attempt failed, or the
 * connection ended. `doubted`: somebody has reason to believe that the network is gone. `network-back`: the browser says that it is back.
 */
export type ConnectionEvent =
  | { readonly type: 'tick'; readonly wallTime: number }
  | { readonly type: 'asking'; readonly limitMs: number }
  | { readonly type: 'placed' | 'heard' | 'dropped' | 'doubted' | 'network-back' };

/** `connect`: begin a new attempt in place of any connection there is; `disconnect`: end it; `check`: ask the server something. */
export type ConnectionEffect = 'connect' | 'disconnect' | 'check';

/** What follows from an event. */
export interface ConnectionStep {
  readonly state: ConnectionState;
  readonly effect: ConnectionEffect | null;
}

/** The first attempt. @param wallTime milliseconds since 1970 */
export function beginConnecting(now: number, wallTime: number): ConnectionStep {
  const outage = { since: now, attempts: 0 };
  const phase: Phase = { type: 'resting' };
  return connect({ phase, outage, triedAt: now, wallTime, usualMs: null }, now);
}

/**
 * When to try to connect, when to give an attempt up for a new one, and when to doubt a connection. A new attempt beats an
 * old one: TCP repeats what got lost after ever longer pauses. The clock is looked at by `tick`, about twice a second.
 */
export function stepConnection(
  state: ConnectionState,
  event: ConnectionEvent,
  now: number,
): ConnectionStep {
  const { phase } = state;
  switch (event.type) {
    case 'tick': {
      const ticked = { ...state, wallTime: event.wallTime };
      const slept = event.wallTime - state.wallTime > SLEEP_MS;
      return slept ? wake(ticked, now) : tick(ticked, now);
    }
    case 'asking': {
      const usualMs = phase.type === 'connecting' ? now - state.triedAt : state.usualMs;
      return stay({
        ...state,
        usualMs,
        phase: { type: 'asking', since: now, limitMs: event.limitMs },
      });
    }
    case 'placed':
      return stay({ ...state, phase: { type: 'placed', heardAt: now, checkedAt: null } });
    case 'heard':
      if (phase.type !== 'placed') return stay(state);
      return stay({ ...state, phase: { type: 'placed', heardAt: now, checkedAt: null } });
    case 'dropped':
      return lose(state, now);
    case 'doubted': {
      const certain = phase.type !== 'placed' || phase.checkedAt !== null;
      return certain || now - phase.heardAt < HEARD_LATELY_MS ? stay(state) : check(state, now);
    }
    case 'network-back':
      return wake(state, now);
  }
}

function stay(state: ConnectionState): ConnectionStep {
  return { state, effect: null };
}

function tick(state: ConnectionState, now: number): ConnectionStep {
  const { phase } = state;
  switch (phase.type) {
    case 'resting':
      return now >= nextTryAt(state, now) ? connect(state, now) : stay(state);
    case 'connecting':
      return now - state.triedAt >= phase.limitMs ? lose(state, now) : stay(state);
    case 'asking':
      return now - phase.since >= phase.limitMs ? lose(state, now) : stay(state);
    case 'placed':
      if (phase.checkedAt === null) {
        return now - phase.heardAt >= SILENCE_MS ? check(state, now) : stay(state);
      }
      return now - phase.checkedAt >= CHECK_LIMIT_MS ? lose(state, now) : stay(state);
  }
}

/** The network may be another one by now: what was learned of the old one does not count. */
function wake(state: ConnectionState, now: number): ConnectionStep {
  if (state.phase.type === 'placed') return check(state, now);
  return connect({ ...state, outage: { since: now, attempts: 0 } }, now);
}

function check(state: ConnectionState, now: number): ConnectionStep {
  if (state.phase.type !== 'placed') return stay(state);
  return { state: { ...state, phase: { ...state.phase, checkedAt: now } }, effect: 'check' };
}

/** The connection, or the attempt at one, is no more. */
function lose(state: ConnectionState, now: number): ConnectionStep {
  const outage = state.phase.type === 'placed' ? { since: now, attempts: 0 } : state.outage;
  const lost: ConnectionState = { ...state, outage, phase: { type: 'resting' } };
  if (now >= nextTryAt(lost, now)) return connect(lost, now);
  return { state: lost, effect: 'disconnect' };
}

function connect(state: ConnectionState, now: number): ConnectionStep {
  const outage = { ...state.outage, attempts: state.outage.attempts + 1 };
  const limitMs = limitOf(outage.attempts, now - outage.since, state.usualMs);
  const phase: Phase = { type: 'connecting', limitMs };
  return { state: { ...state, phase, outage, triedAt: now }, effect: 'connect' };
}

function nextTryAt({ outage, triedAt }: ConnectionState, now: number): number {
  if (outage.attempts <= 1) return triedAt + FIRST_SPACING_MS;
  const awayMs = now - outage.since;
  const spacing = awayMs < MINUTE_MS ? SPACING_MS : Math.min(awayMs / 30, LONGEST_SPACING_MS);
  return triedAt + spacing;
}

/** How long an attempt may take to connect. @param attempt 1 for the first since the connection was lost */
function limitOf(attempt: number, awayMs: number, usualMs: number | null): number {
  if (usualMs === null) return attempt === 1 ? FIRST_LIMIT_MS : LONGEST_LIMIT_MS;
  if (awayMs >= SLOW_LINE_AFTER_MS && attempt % 3 === 0) return LONGEST_LIMIT_MS;
  return Math.min(Math.max(3 * usualMs, LEAST_LIMIT_MS), LONGEST_LIMIT_MS);
}
