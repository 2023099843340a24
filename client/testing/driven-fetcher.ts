import { PIECE_BYTES } from '../share/manifest.ts';
import { type NumberSet, emptyNumberSet, fullNumberSet, withNumbers } from '../share/number-set.ts';
import { createFetcher, stepFetcher } from '../transfer/fetcher.ts';
import type { FetcherEffect, FetcherEvent, FetcherState } from '../transfer/fetcher-state.ts';
import { makeManifest } from './make-manifest.ts';

/** The window of driven fetchers, in bytes. */
export const WINDOW = 4 * PIECE_BYTES;
const hash = new Uint8Array(32);
/** A piece as it arrives. */
export const arrivedOf = (piece: number) => ({ piece, hash, form: 'plain' as const, parts: [] });

/** The files of a share of so many, but for these. */
export const filesOf = (count: number, ...without: readonly number[]): NumberSet =>
  withNumbers(fullNumberSet(count), without, false);

/** A fetcher of files with these sizes, but for those `without`; of which it has these pieces. */
export function fetcherOf(
  sizes: readonly number[],
  without: readonly number[] = [],
  have: readonly number[] = [],
): FetcherState {
  const manifest = makeManifest(...sizes);
  return createFetcher({
    manifest,
    selected: filesOf(sizes.length, ...without),
    have: withNumbers(emptyNumberSet(manifest.pieceCount), have),
    windowBytes: WINDOW,
  });
}

/** A fetcher of files with these sizes that has started. */
export function startOf(...sizes: readonly number[]): {
  state: FetcherState;
  effects: FetcherEffect[];
} {
  return run(fetcherOf(sizes), { type: 'start' });
}

/** A root hash over these files. */
export const rootOver = (files: NumberSet, root = 'r') => ({ root, files });

/** Posts events one after another. @returns the state after them, and the effects of all */
export function run(state: FetcherState, ...events: readonly FetcherEvent[]) {
  const effects: FetcherEffect[] = [];
  let current = state;
  for (const event of events) {
    const step = stepFetcher(current, event);
    current = step.state;
    effects.push(...step.effects);
  }
  return { state: current, effects };
}

/** The pieces that these effects ask for. */
export const requested = (effects: readonly FetcherEffect[]) =>
  effects.flatMap((effect) => (effect.type === 'request' ? effect.pieces : []));
