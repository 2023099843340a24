import type { CompareMethod, Comparison } from './comparison.ts';
import { type MethodMeans, measuredMeans } from './measured-means.ts';

/** Rates that differ by no more than so many times are the same: runs vary by 7.5 %. */
export const SAME_RATE = 1.15;
/** What runs at so many times the rate has room to spare. */
export const FASTER_RATE = 1.5;
/** A sink that has something to do for such a share of the transfer is what the transfer waits for. */
export const SINK_BUSY = 0.9;
/** A page that cannot answer at once for such a share of the transfer lets it wait. */
export const PAGE_BUSY = 0.5;
/** A method that spends such a share of its time before the first byte spends it on starting. */
export const START_SHARE = 0.5;
/** Starting in more round trips than that is waiting for something else. */
export const START_ROUND_TRIPS = 20;
/** A transfer over in fewer round trips may have ended before it was at its full speed … */
export const GROWING_ROUND_TRIPS = 20;
/** … and has, where the first half of the bytes took so many times as long as the second. */
export const GROWING_RATIO = 2;

/** The rates in bytes per second that lines are judged by; null where there is none that tells of a line. */
export interface LegRates {
  readonly direct: number | null;
  /** to the server, of stored */
  readonly upload: number | null;
  /** from the server, of stored */
  readonly download: number | null;
  readonly streamed: number | null;
  readonly relayed: number | null;
}

/** What was not measured, or by nothing that tells of it. */
export type NotMeasured =
  | 'direct'
  | 'upload'
  | 'download'
  | 'round-trip'
  | 'sender-page'
  | 'receiver-page'
  /** never measured: browsers do not tell */
  | 'loss';

/** Why methods took as long as they did, with what it was decided on. */
export type Reason = { readonly methods: readonly CompareMethod[] } & (
  | { readonly type: 'sender-uplink' | 'receiver-downlink'; readonly rates: LegRates }
  /** something that only the way through the server has: the server, the line to it, the sealing */
  | {
      readonly type: 'server';
      readonly legs: readonly ('upload' | 'download')[];
      readonly rates: LegRates;
    }
  /** checking and writing at the receiver. @param busy its share of the transfer's time */
  | { readonly type: 'disk'; readonly busy: number }
  | {
      readonly type: 'processor';
      readonly side: 'sender' | 'receiver';
      readonly busy: number;
    }
  | {
      readonly type: 'loss-or-round-trip';
      /** most of the time went before the first byte; or it ended while it still became faster */
      readonly evidence: 'start' | 'growing';
      readonly roundTripMs: number;
      /** of the start, or of the transfer */
      readonly ms: number;
      readonly totalMs: number;
      /** how many times as long the first half of the bytes took as the second; null for `start` */
      readonly firstHalf: number | null;
    }
  | {
      readonly type: 'unknown';
      readonly cause:
        | 'not-measured'
        /** direct, upload and download ran at the same rate */
        | 'alike'
        /** direct ran slower than either leg over the server, by more than runs vary */
        | 'direct-slower'
        /** the two are in one network, whose speed says nothing of the line to the server */
        | 'local-network'
        | 'unclear';
      readonly rates: LegRates;
      readonly notMeasured: readonly NotMeasured[];
    }
);

/**
 * Why each finished method took as long as it did, by the constants above. First what a method shows by itself: a busy sink, a busy
 * page, round trips. Lines are then judged by methods that show none of these, as only their rates tell of lines. What
 * the numbers do not show, or what they contradict, is `unknown`, and says what was not measured.
 */
export function explain(comparison: Comparison): readonly Reason[] {
  const means = measuredMeans(comparison);
  const own = [...means.values()].flatMap(ownReasons);
  const held = (method: CompareMethod) => own.some(({ methods }) => methods.includes(method));
  const free = (method: CompareMethod) => (held(method) ? undefined : means.get(method));
  const rates: LegRates = {
    direct: free('direct')?.rate ?? null,
    upload: free('stored')?.uploadRate ?? null,
    download: free('stored')?.rate ?? null,
    streamed: free('streamed')?.rate ?? null,
    relayed: free('relayed')?.rate ?? null,
  };
  const lines = lineReasons(rates, free('direct')?.path ?? null);
  const known = [...own, ...lines];
  const rest = [...means.keys()].filter(
    (method) => !known.some(({ methods }) => methods.includes(method)),
  );
  return rest.length === 0 ? known : [...known, unknownReason(rest, rates, means)];
}

function ownReasons(means: MethodMeans): readonly Reason[] {
  const methods = [means.method];
  const reasons: Reason[] = [];
  if (means.sinkBusy >= SINK_BUSY) reasons.push({ type: 'disk', methods, busy: means.sinkBusy });
  for (const [side, busy] of [
    ['sender', means.senderBusy],
    ['receiver', means.receiverBusy],
  ] as const) {
    if (busy !== null && busy >= PAGE_BUSY)
      reasons.push({ type: 'processor', methods, side, busy });
  }
  const { roundTripMs, startMs, transferMs, totalMs, firstHalf } = means;
  if (roundTripMs === null) return reasons;
  const shared = { type: 'loss-or-round-trip', methods, roundTripMs, totalMs } as const;
  if (startMs > 0 && startMs >= START_SHARE * totalMs) {
    if (startMs <= START_ROUND_TRIPS * roundTripMs) {
      reasons.push({ ...shared, evidence: 'start', ms: startMs, firstHalf: null });
    }
  } else if (
    firstHalf !== null &&
    firstHalf >= GROWING_RATIO &&
    transferMs <= GROWING_ROUND_TRIPS * roundTripMs
  ) {
    reasons.push({ ...shared, evidence: 'growing', ms: transferMs, firstHalf });
  }
  return reasons;
}

function lineReasons(rates: LegRates, path: MethodMeans['path']): readonly Reason[] {
  const { direct, upload, download } = rates;
  if (direct === null || upload === null || download === null) return [];
  const withRate = (rate: number): readonly CompareMethod[] => [
    'direct',
    ...(isSame(rates.relayed, rate) ? (['relayed'] as const) : []),
    'stored',
    ...(isSame(rates.streamed, rate) ? (['streamed'] as const) : []),
  ];
  if (isSame(direct, upload) && isFaster(download, Math.max(direct, upload))) {
    return [{ type: 'sender-uplink', methods: withRate(upload), rates }];
  }
  if (isSame(direct, download) && isFaster(upload, Math.max(direct, download))) {
    return [{ type: 'receiver-downlink', methods: withRate(download), rates }];
  }
  // Only what crossed the lines that lead to the server tells what these can carry.
  if (path !== 'direct') return [];
  const legs = (['upload', 'download'] as const).filter((leg) =>
    isFaster(direct, rates[leg] ?? direct),
  );
  if (legs.length === 0) return [];
  const slowest = Math.min(upload, download);
  const streamed = isSame(rates.streamed, slowest) && isFaster(direct, slowest);
  return [{ type: 'server', methods: streamed ? ['stored', 'streamed'] : ['stored'], legs, rates }];
}

function unknownReason(
  methods: readonly CompareMethod[],
  rates: LegRates,
  means: ReadonlyMap<CompareMethod, MethodMeans>,
): Reason {
  const of = methods.flatMap((method) => means.get(method) ?? []);
  const notMeasured: NotMeasured[] = [];
  for (const leg of ['direct', 'upload', 'download'] as const) {
    if (rates[leg] === null) notMeasured.push(leg);
  }
  if (of.some(({ roundTripMs }) => roundTripMs === null)) notMeasured.push('round-trip');
  if (of.some(({ senderBusy }) => senderBusy === null)) notMeasured.push('sender-page');
  if (of.some(({ receiverBusy }) => receiverBusy === null)) notMeasured.push('receiver-page');
  notMeasured.push('loss');
  const local = means.get('direct')?.path === 'local-network';
  return { type: 'unknown', methods, cause: causeOf(rates, local), rates, notMeasured };
}

function causeOf({ direct, upload, download }: LegRates, local: boolean) {
  if (direct === null || upload === null || download === null) return 'not-measured';
  if (isSame(direct, upload) && isSame(direct, download) && isSame(upload, download))
    return 'alike';
  if (isFaster(Math.min(upload, download), direct)) return 'direct-slower';
  if (local && isFaster(direct, Math.min(upload, download))) return 'local-network';
  return 'unclear';
}

function isSame(one: number | null, other: number): boolean {
  return one !== null && Math.max(one, other) <= SAME_RATE * Math.min(one, other);
}

function isFaster(one: number, other: number): boolean {
  return one >= FASTER_RATE * other;
}
