import { parseArgs } from 'node:util';
import { DEFAULT_ROUNDS, MAX_ROUNDS, MIN_ROUNDS } from '../../client/compare/comparison.ts';
import { COMPARE_PROFILES, type CompareProfile } from './compare-profiles.ts';

/** What a run of `npm run bench -- compare` is to do. */
export interface CompareOptions {
  readonly profiles: readonly CompareProfile[];
  /** in bytes, of every profile; null: those of each profile */
  readonly sizes: readonly number[] | null;
  /** of each comparison */
  readonly rounds: number;
  /** how many receive at once, beside the comparisons */
  readonly receivers: readonly number[];
  /** what each of them receives, in bytes */
  readonly receiversBytes: number;
  /** how often each of these is measured */
  readonly receiversRounds: number;
  /** the folder for the results, from the project's; null: none are written */
  readonly output: string | null;
}

const MB = 1_000_000;
/** The sizes that /compare offers, in MB. */
const OFFERED_SIZES: readonly number[] = [1, 10, 50, 100, 500, 1_000];
const DEFAULT_SIZES: readonly number[] = [1, 10, 100];
const GIGABYTE = 1_000 * MB;
const DEFAULT_RECEIVERS: readonly number[] = [1, 2, 4, 8];
const MOST_RECEIVERS = 16;
const NONE = 'none';

/** Where the results of everything go, where nothing else is said. */
const RESULTS = 'bench/results/compare';

/** How it is called. */
export const COMPARE_USAGE = `npm run bench -- compare [--only PROFILE,…] [--sizes MB,…|none] [--rounds N] [--receivers N,…|none]
    [--receivers-size MB] [--receivers-rounds N] [--output DIR]
  profiles: ${COMPARE_PROFILES.map(({ id }) => id).join(' ')}
  sizes: ${OFFERED_SIZES.join(' ')}`;

/**
 * Reads the command line, without the word `compare`.
 * @throws Error that says what is wrong with it
 */
export function readCompareOptions(words: readonly string[]): CompareOptions {
  const { values } = parseArgs({
    args: [...words],
    options: {
      only: { type: 'string' },
      sizes: { type: 'string' },
      rounds: { type: 'string', default: String(DEFAULT_ROUNDS) },
      receivers: { type: 'string' },
      'receivers-size': { type: 'string', default: '10' },
      'receivers-rounds': { type: 'string', default: '3' },
      output: { type: 'string' },
    },
  });
  const sizes = numbers('--sizes', values.sizes);
  const notOffered = sizes?.find((size) => !OFFERED_SIZES.includes(size));
  if (notOffered !== undefined)
    throw new Error(`--sizes does not know ${notOffered}, as the page does not offer it`);
  const receivers = numbers('--receivers', values.receivers) ?? DEFAULT_RECEIVERS;
  for (const count of receivers) within('--receivers', count, 1, MOST_RECEIVERS);
  return {
    profiles: profilesOf(values.only),
    sizes: sizes?.map((size) => size * MB) ?? null,
    rounds: within('--rounds', Number(values.rounds), MIN_ROUNDS, MAX_ROUNDS),
    receivers,
    receiversBytes: within('--receivers-size', Number(values['receivers-size']), 1, 1_000) * MB,
    receiversRounds: within('--receivers-rounds', Number(values['receivers-rounds']), 1, 100),
    // A part of the measurements does not take the place of the whole.
    output: values.output ?? (words.length === 0 ? RESULTS : null),
  };
}

/** The sizes that are compared in a profile, in bytes. */
export function sizesOf(profile: CompareProfile, { sizes }: CompareOptions): readonly number[] {
  if (sizes !== null) return sizes;
  const usual = DEFAULT_SIZES.map((size) => size * MB);
  return profile.upToGigabyte ? [...usual, GIGABYTE] : usual;
}

function profilesOf(list: string | undefined): readonly CompareProfile[] {
  if (list === undefined) return COMPARE_PROFILES;
  const names = list.split(',');
  const unknown = names.find((name) => !COMPARE_PROFILES.some(({ id }) => id === name));
  if (unknown !== undefined) throw new Error(`--only does not know ${unknown}`);
  return COMPARE_PROFILES.filter(({ id }) => names.includes(id));
}

/** The numbers of a list, each once, the smallest first; null where there is no list. */
function numbers(option: string, list: string | undefined): readonly number[] | null {
  if (list === undefined) return null;
  if (list === NONE) return [];
  const values = list.split(',').map(Number);
  if (values.some((value) => !(value > 0))) throw new Error(`${option} wants numbers above 0`);
  return [...new Set(values)].toSorted((one, other) => one - other);
}

function within(option: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${option} wants a whole number from ${least} to ${most}`);
}
