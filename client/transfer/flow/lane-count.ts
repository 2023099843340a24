/** How many lanes are wanted, and what becomes of the last change. */
export interface LaneCount {
  readonly wanted: number;
  /** rounds in a row in which the lanes were what kept the path from being full, and the largest rate at the first of them, in bytes/s */
  readonly short: { readonly rounds: number; readonly peakRate: number };
  /** lanes were added, and whether that pays is not known yet */
  readonly trial: {
    readonly from: number;
    /** before, in bytes/s */
    readonly bytesPerSecond: number;
    /** since all of them are open */
    readonly rounds: number;
    /** when they were, in ms */
    readonly openAt: number | null;
  } | null;
  /** no lanes are added before this moment, because it did not pay; in ms */
  readonly heldUntil: number;
  /** how long they are held the next time, in ms */
  readonly holdMs: number;
  /** rounds in a row in which fewer would have done */
  readonly spareRounds: number;
}

/** What is known after a round. */
export interface LaneEvidence {
  readonly now: number;
  /** that are open */
  readonly lanes: number;
  readonly maxLanes: number;
  readonly bytesPerSecond: number;
  /** the largest of late, in bytes/s */
  readonly peakRate: number;
  /** the path has no queue to speak of, and neither the window nor the lack of something to ask for was the limit */
  readonly unfilled: boolean;
  /** how many lanes would carry that rate with the losses they have */
  readonly needed: number;
}

/** Lanes that a transfer begins with. */
export const FIRST_LANES = 8;
const GROWTH = 2;
const MOST_GROWTH = 4;
/** A rate that grows by as much in so many rounds is still growing by itself. */
const SHORT_ROUNDS = 6;
const SHORT_ROUNDS_WITH_LOSS = 2;
const STILL_GROWS = 1.2;
const TRIAL_ROUNDS = 15;
const TRIAL_MS = 800;
const PAYS = 1.12;
const HARMS = 0.8;
const FIRST_HOLD_MS = 10_000;
/** Where lanes that do not pay stay because of losses, more are tried after this long at the earliest. In ms. */
const LOSSY_HOLD_MS = 1_000;
const MAX_HOLD_MS = 120_000;
const SPARE_ROUNDS = 200;

/** The lanes of a transfer that begins. */
export function createLaneCount(maxLanes: number): LaneCount {
  return {
    wanted: Math.min(FIRST_LANES, maxLanes),
    short: { rounds: 0, peakRate: 0 },
    trial: null,
    heldUntil: 0,
    holdMs: FIRST_HOLD_MS,
    spareRounds: 0,
  };
}

/** How many lanes are wanted after a round. */
export function stepLaneCount(state: LaneCount, evidence: LaneEvidence): LaneCount {
  if (evidence.lanes < state.wanted) return beforeTrial(state, evidence);
  if (state.trial !== null) return stepTrial(state, state.trial, evidence);
  return evidence.unfilled ? stepShort(state, evidence) : stepSpare(state, evidence);
}

function stepShort(state: LaneCount, evidence: LaneEvidence): LaneCount {
  const { short, wanted } = state;
  const { now, bytesPerSecond, peakRate, maxLanes, needed } = evidence;
  const grows = peakRate > short.peakRate * STILL_GROWS;
  if (short.rounds === 0 || grows) return { ...state, short: { rounds: 1, peakRate } };
  const rounds = needed > wanted ? SHORT_ROUNDS_WITH_LOSS : SHORT_ROUNDS;
  if (short.rounds < rounds || now < state.heldUntil || wanted >= maxLanes) {
    return { ...state, short: { ...short, rounds: short.rounds + 1 } };
  }
  return {
    ...state,
    wanted: Math.min(Math.max(wanted * GROWTH, Math.min(needed, wanted * MOST_GROWTH)), maxLanes),
    trial: { from: wanted, bytesPerSecond, rounds: 0, openAt: null },
    short: { rounds: 0, peakRate: 0 },
    spareRounds: 0,
  };
}

/** Until the first of the new lanes is open, the rate is what it is without them. */
function beforeTrial(state: LaneCount, { lanes, bytesPerSecond }: LaneEvidence): LaneCount {
  const { trial } = state;
  if (trial === null || lanes > trial.from || bytesPerSecond <= trial.bytesPerSecond) return state;
  return { ...state, trial: { ...trial, bytesPerSecond } };
}

function stepTrial(
  state: LaneCount,
  trial: NonNullable<LaneCount['trial']>,
  { now, bytesPerSecond, needed }: LaneEvidence,
): LaneCount {
  if (bytesPerSecond >= trial.bytesPerSecond * PAYS) {
    return { ...state, trial: null, holdMs: FIRST_HOLD_MS };
  }
  const openAt = trial.openAt ?? now;
  if (trial.rounds < TRIAL_ROUNDS || now < openAt + TRIAL_MS) {
    return { ...state, trial: { ...trial, rounds: trial.rounds + 1, openAt } };
  }
  const holdMs = Math.min(state.holdMs * 2, MAX_HOLD_MS);
  // With losses the rate swings by more than new lanes add at once: they stay unless they do harm.
  const stays = needed > 0 && bytesPerSecond >= trial.bytesPerSecond * HARMS;
  if (stays) return { ...state, trial: null, heldUntil: now + LOSSY_HOLD_MS };
  return { ...state, wanted: trial.from, trial: null, heldUntil: now + state.holdMs, holdMs };
}

function stepSpare(state: LaneCount, { needed, maxLanes }: LaneEvidence): LaneCount {
  const rested = { ...state, short: { rounds: 0, peakRate: 0 } };
  const least = Math.min(FIRST_LANES, maxLanes);
  const spare = needed <= state.wanted / 2 && state.wanted > least;
  if (!spare) return { ...rested, spareRounds: 0 };
  if (state.spareRounds < SPARE_ROUNDS) return { ...rested, spareRounds: state.spareRounds + 1 };
  return { ...rested, wanted: Math.max(least, Math.ceil(state.wanted / 2)), spareRounds: 0 };
}
