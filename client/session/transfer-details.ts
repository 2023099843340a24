import { EMPTY_HISTORY, type RateHistory, addToHistory } from '../progress/rate-history.ts';
import { measureRate } from '../progress/speed-meter.ts';
import { type ReceiverEntry, statusOf } from './receiver-list.ts';
import type { ReceivePhase, Running } from './receive-phase.ts';
import type { TransferReport } from './transfer-report.ts';

/** What Details shows of a transfer: how its bytes travel, and how fast they came from its beginning to now, or to its end. */
export interface TransferDetails {
  /** as it was when the transfer ended, where it has */
  readonly report: TransferReport;
  /** bytes per second over the last seconds; null where nothing moves, and until it can be told */
  readonly rate: number | null;
  readonly history: RateHistory;
  readonly ended: boolean;
}

/** What a look at a transfer found. */
interface Look {
  /** null while there is no lane */
  readonly report: TransferReport | null;
  readonly rate: number | null;
  readonly at: number;
  /** verified in the sink */
  readonly bytes: number;
  readonly ended: boolean;
}

const NO_REPORT: TransferReport = {
  lanes: 0,
  roundTripMs: null,
  path: null,
  windowBytes: null,
  firstByteMs: null,
  travelledBytes: 0,
  plainBytes: 0,
};

/**
 * What is known of a receipt after another look at it; null before there is one. Pure.
 * @param details what was known before
 * @param report null while there is no lane
 * @param now in milliseconds of a monotonic clock
 */
export function followReceipt(
  details: TransferDetails | null,
  phase: ReceivePhase,
  report: TransferReport | null,
  now: number,
): TransferDetails | null {
  switch (phase.type) {
    case 'running':
      if (phase.stage === 'preparing') return details;
      return add(details, {
        report,
        rate: rateOf(phase, now),
        at: now,
        bytes: phase.taken.bytes,
        ended: false,
      });
    case 'done':
      if (details === null || details.ended) return details;
      return add(details, { report, rate: null, at: now, bytes: phase.taken.bytes, ended: true });
    case 'failed':
    case 'cancelled':
      return details === null || details.ended ? details : { ...details, rate: null, ended: true };
    case 'searching':
    case 'joining':
    case 'offered':
      return null;
  }
}

/** What is known of what a receiver does after another look at it, as `followReceipt`. Pure. */
export function followReceiver(
  details: TransferDetails | null,
  entry: ReceiverEntry,
  sending: Pick<TransferReport, 'lanes' | 'roundTripMs' | 'path'> | null,
  now: number,
): TransferDetails | null {
  const { type } = statusOf(entry);
  const over = type === 'done' || type === 'failed';
  if (entry.receiver === null || (over && (details === null || details.ended))) return details;
  const report = sending === null ? null : { ...NO_REPORT, ...sending };
  const rate = type === 'receiving' ? measureRate(entry.meter, now) : null;
  return add(details, { report, rate, at: now, bytes: entry.bytes, ended: over });
}

function rateOf({ meter, stage, paused, senderPaused, down }: Running, now: number): number | null {
  const moves = stage === 'fetching' && !paused && !senderPaused && down === null;
  return moves ? measureRate(meter, now) : null;
}

function add(
  details: TransferDetails | null,
  { report, rate, at, bytes, ended }: Look,
): TransferDetails {
  const before = details !== null && !details.ended ? details : null;
  const last = before?.report ?? NO_REPORT;
  // Without a lane there is neither round trip nor path; after the end those of the transfer are of interest.
  const withoutLane = ended
    ? last
    : { ...last, lanes: 0, roundTripMs: null, path: null, windowBytes: null };
  const history = addToHistory(before?.history ?? EMPTY_HISTORY, { at, bytes });
  return { report: report ?? withoutLane, rate, history, ended };
}
