import { type Comparison, isByServer } from './comparison.ts';
import { measuredMeans } from './measured-means.ts';

/** How many receivers the page computes for. */
export const RECEIVER_COUNTS = [1, 2, 4, 8] as const;

/** A number with where it comes from. */
export type Sourced =
  | { readonly source: 'measured here'; readonly value: number }
  /** @param from what it was computed from, as words that follow "computed from" */
  | { readonly source: 'computed'; readonly from: string; readonly value: number }
  | { readonly source: 'not measured yet'; readonly value: null };

/** Where a number comes from, as the page says it. */
export function sourceWords(of: Sourced): string {
  return of.source === 'computed' ? `computed from ${of.from}` : of.source;
}

/** Rates of lines in bytes per second; null where they were not measured. */
export interface LineRates {
  /** up from the sender, to the receiver */
  readonly uplink: number | null;
  /** up from the sender, to the server */
  readonly upload: number | null;
  /** down to one receiver, from the server */
  readonly download: number | null;
}

/** The rates that a comparison measured, each in the middle of its runs. */
export function lineRatesOf(comparison: Comparison): LineRates {
  const means = measuredMeans(comparison);
  return {
    uplink: means.get('direct')?.rate ?? null,
    upload: means.get('stored')?.uploadRate ?? null,
    download: means.get('stored')?.rate ?? null,
  };
}

/** How a file can reach many: by the ways of this site, and by one that it does not have. */
export type Distribution =
  /** the textbook's: every receiver passes on what it has. This site does not */
  'peer-to-peer' | 'direct' | 'stored' | 'streamed';

const NOT_MEASURED: Sourced = { source: 'not measured yet', value: null };

/**
 * The seconds until the last of `receivers` has `bytes`, at least: what the slowest line takes.
 * By Kurose and Ross, "Computer Networking", chapter 2, on peer-to-peer file distribution: for a file of F bits and N
 * receivers, client-server takes at least max(N·F/u_s, F/d_min), and peer-to-peer max(F/u_s, F/d_min, N·F/(u_s + Σu_i)).
 * Of these ways, direct is client-server with the sender as the server; stored is an upload and then
 * client-server; streamed is limited by the slowest of the same lines. All receivers are taken to have the line of the one that was measured, and
 * to pass on at the sender's rate where they do; the server's line, which a comparison with one receiver does not show, to be wide enough for all: u_s is left out.
 */
export function distributionSeconds(
  way: Distribution,
  bytes: number,
  receivers: number,
  rates: LineRates,
): Sourced {
  const { uplink, upload, download } = rates;
  const all = receivers * bytes;
  switch (way) {
    case 'direct':
      // What went up to one receiver also went down to it: its downlink carries at least that.
      return computed('the rate of direct', [uplink], ([up]) => all / up);
    case 'peer-to-peer':
      return computed('the rate of direct', [uplink], ([up]) =>
        Math.max(bytes / up, all / (up + receivers * up)),
      );
    case 'stored':
      return computed(
        'the rates to and from the server',
        [upload, download],
        ([up, down]) => bytes / up + bytes / down,
      );
    case 'streamed':
      return computed('the rates to and from the server', [upload, download], ([up, down]) =>
        Math.max(bytes / up, bytes / down),
      );
  }
}

type Known<T extends readonly unknown[]> = { readonly [Index in keyof T]: number };

/** A value computed from rates, if all of them were measured. */
function computed<const T extends readonly (number | null)[]>(
  from: string,
  rates: T,
  by: (rates: Known<T>) => number,
): Sourced {
  return areKnown(rates) ? { source: 'computed', from, value: by(rates) } : NOT_MEASURED;
}

function areKnown<T extends readonly (number | null)[]>(rates: T): rates is T & Known<T> {
  return rates.every((rate) => rate !== null && rate > 0);
}

/** What is left with the server, and for how long. */
export interface ServerUse {
  readonly bytes: number;
  readonly receivers: number;
  /** how long the server keeps it */
  readonly lifetimeHours: number;
  /** what the user pays for 10^9 bytes in or out of the server; null where they have not said */
  readonly pricePerGigabyte: number | null;
}

/** What that costs the server. */
export interface ServerCost {
  /** bytes in and out */
  readonly traffic: Sourced;
  /** bytes kept, times the hours for which they are */
  readonly byteHours: Sourced;
  /** in the user's currency, of the traffic */
  readonly price: Sourced;
}

/**
 * What a way costs the server: nothing (but the handshake) directly; once in and out for each receiver through a relay; once in,
 * out for each, and storage for the lifetime where it is uploaded. The records of an upload, the list of files and the hashes
 * add about 0.26 MB to it whatever its size (`bench/results/compare`), which is left out.
 */
export function serverCost(
  way: 'direct' | 'relayed' | 'stored' | 'streamed',
  { bytes, receivers, lifetimeHours, pricePerGigabyte }: ServerUse,
): ServerCost {
  const uploaded = isByServer(way);
  const copiesIn = uploaded ? 1 : receivers;
  const traffic = way === 'direct' ? 0 : bytes * (copiesIn + receivers);
  const from = 'the size and the number of receivers';
  return {
    traffic: { source: 'computed', from, value: traffic },
    byteHours: {
      source: 'computed',
      from: 'the size and the lifetime',
      value: uploaded ? bytes * lifetimeHours : 0,
    },
    price:
      pricePerGigabyte === null
        ? NOT_MEASURED
        : {
            source: 'computed',
            from: 'the traffic and your price',
            value: (traffic / 1e9) * pricePerGigabyte,
          },
  };
}
