import { parseArgs } from 'node:util';
import { PROFILES, type Profile } from './profiles.ts';
import { VARIANTS, type Variant } from './variants/variant.ts';

/** What a run of the benchmark is to do. */
export interface BenchOptions {
  readonly profiles: readonly Profile[];
  /** only these of a profile's ways */
  readonly variants: readonly Variant[];
  /** rounds, instead of each profile's own */
  readonly runs: number | null;
  /** the size of what is transferred, instead of each profile's own, in bytes */
  readonly bytes: number | null;
  /** the folder for the results, from the project's; null: none are written */
  readonly output: string | null;
}

/** Where the results of everything go, where nothing else is said. */
const RESULTS = 'bench/results';

/** How it is called. */
export const USAGE = `npm run bench -- [--only PROFILE,…] [--variants WAY,…] [--runs N] [--size MB] [--output DIR]
  profiles: ${PROFILES.map(({ id }) => id).join(' ')}
  ways: ${VARIANTS.join(' ')}`;

/**
 * Reads the command line.
 * @throws Error that says what is wrong with it
 */
export function readOptions(words: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...words],
    options: {
      only: { type: 'string' },
      variants: { type: 'string' },
      runs: { type: 'string' },
      size: { type: 'string' },
      output: { type: 'string' },
    },
  });
  const size = values.size === undefined ? null : positive('--size', values.size);
  return {
    profiles: chosen('--only', values.only, PROFILES, ({ id }) => id),
    variants: chosen('--variants', values.variants, VARIANTS, (variant) => variant),
    runs: values.runs === undefined ? null : Math.ceil(positive('--runs', values.runs)),
    bytes: size === null ? null : Math.round(size * 1e6),
    // A part of the measurements does not take the place of the whole.
    output: values.output ?? (words.length === 0 ? RESULTS : null),
  };
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new Error(`${option} wants a number above 0`);
  return value;
}

/** Those that a list names, in their own order; all where there is no list. */
function chosen<Value>(
  option: string,
  list: string | undefined,
  all: readonly Value[],
  nameOf: (value: Value) => string,
): readonly Value[] {
  if (list === undefined) return all;
  const names = list.split(',');
  const unknown = names.find((name) => !all.some((value) => nameOf(value) === name));
  if (unknown !== undefined) throw new Error(`${option} does not know ${unknown}`);
  return all.filter((value) => names.includes(nameOf(value)));
}
