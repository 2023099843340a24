import { listNames, METHOD_NAMES, timesWords, timeWords } from './method-words.ts';
import { type Distribution, distributionSeconds, type LineRates } from './textbook.ts';
import { LEAST_RATIO } from './verdict.ts';

type Way = Extract<Distribution, 'direct' | 'stored' | 'streamed'>;

/** What is to be sent, to whom, over which lines. */
export interface Occasion {
  readonly bytes: number;
  readonly people: number;
  /** whether the sender's page stays open until everyone has it */
  readonly senderStays: boolean;
  readonly rates: LineRates;
  /** whether a comparison between these two had a clear winner */
  readonly clear: boolean;
}

/** Which way to take. Seconds are until the last of the people has everything. */
export type Recommendation =
  /** only what is stored can be had from a sender that has left. @param seconds null where it was not measured */
  | { readonly type: 'sender-leaves'; readonly way: 'stored'; readonly seconds: number | null }
  | {
      readonly type: 'fastest';
      readonly way: Way;
      readonly seconds: number;
      readonly other: Way;
      readonly otherSeconds: number;
    }
  /** another way takes about as long, and costs the server something */
  | {
      readonly type: 'as-fast-without-server';
      readonly way: 'direct';
      readonly seconds: number;
      readonly other: Way;
      readonly otherSeconds: number;
    }
  /** for one receiver, what was measured says that none is */
  | { readonly type: 'no-clear-winner' }
  /** there is nothing to hold the other ways against */
  | { readonly type: 'not-measured'; readonly missing: readonly Way[] };

/** Which way to take on this occasion, by the times that its lines need at least. */
export function recommend({ bytes, people, senderStays, rates, clear }: Occasion): Recommendation {
  const secondsOf = (way: Way) => distributionSeconds(way, bytes, people, rates).value;
  if (!senderStays) return { type: 'sender-leaves', way: 'stored', seconds: secondsOf('stored') };
  // What the lines would allow at least is worth no more than what was seen.
  if (people === 1 && !clear) return { type: 'no-clear-winner' };
  const ways = (['direct', 'streamed', 'stored'] as const).map((way) => ({
    way,
    seconds: secondsOf(way),
  }));
  const known = ways.flatMap(({ way, seconds }) => (seconds === null ? [] : [{ way, seconds }]));
  const [best, next] = known.toSorted((a, b) => a.seconds - b.seconds);
  if (best === undefined || next === undefined) {
    const missing = ways.filter(({ seconds }) => seconds === null).map(({ way }) => way);
    return { type: 'not-measured', missing };
  }
  const direct = known.find(({ way }) => way === 'direct');
  const alike = direct !== undefined && direct.seconds < best.seconds * LEAST_RATIO;
  if (direct !== undefined && alike) {
    const other = direct === best ? next : best;
    const near = other.seconds < direct.seconds * LEAST_RATIO;
    return {
      type: near ? 'as-fast-without-server' : 'fastest',
      way: 'direct',
      seconds: direct.seconds,
      other: other.way,
      otherSeconds: other.seconds,
    };
  }
  return {
    type: 'fastest',
    way: best.way,
    seconds: best.seconds,
    other: next.way,
    otherSeconds: next.seconds,
  };
}

/** A recommendation as sentences. */
export function recommendationWords(of: Recommendation): string {
  switch (of.type) {
    case 'sender-leaves': {
      const time =
        of.seconds === null
          ? ''
          : ` The last has everything after ${timeWords(of.seconds * 1000)}.`;
      return `Stored: it is the only way that goes on when the sender leaves.${time}`;
    }
    case 'fastest':
      return (
        `${METHOD_NAMES[of.way]}: everyone has everything after ${timeWords(of.seconds * 1000)}, ` +
        `${timesWords(of.otherSeconds / of.seconds)} times as fast as ${METHOD_NAMES[of.other]}.`
      );
    case 'as-fast-without-server':
      return (
        `Direct: it takes ${timeWords(of.seconds * 1000)}, about as long as ${METHOD_NAMES[of.other]}, and nothing ` +
        'goes through the server.'
      );
    case 'no-clear-winner':
      return (
        'No way was clearly faster in this comparison. Direct leaves nothing with the server; ' +
        'Stored goes on when the sender leaves.'
      );
    case 'not-measured': {
      const names = listNames(of.missing);
      return `No recommendation: how long it takes so many people was not measured for ${names}.`;
    }
  }
}
