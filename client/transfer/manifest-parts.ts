import { MAX_CONTROL_BYTES, MAX_ENTRIES_PER_PART, MAX_MANIFEST_PARTS } from './control-message.ts';
import { MAX_FILES, type Manifest, type ManifestEntry, buildManifest } from '../share/manifest.ts';

/** Leaves room for what stands around the entries in their message. */
const MAX_PART_BYTES = MAX_CONTROL_BYTES - 1_024;

/** How many parts a receiver asks for at once. */
export const PARTS_AHEAD = 8;

/**
 * Cuts a manifest into the parts that it travels in; there is always at least one.
 * @returns null where the names are so long that there would be more parts than `MAX_MANIFEST_PARTS`
 */
export function splitManifest(manifest: Manifest): ManifestEntry[][] | null {
  const parts: ManifestEntry[][] = [[]];
  let bytes = 0;
  for (const entry of manifest.entries) {
    const size = new TextEncoder().encode(JSON.stringify(entry)).length + 1;
    const part = parts.at(-1) ?? [];
    if (
      part.length > 0 &&
      (part.length === MAX_ENTRIES_PER_PART || bytes + size > MAX_PART_BYTES)
    ) {
      parts.push([entry]);
      bytes = size;
    } else {
      part.push(entry);
      bytes += size;
    }
  }
  return parts.length > MAX_MANIFEST_PARTS ? null : parts;
}

/** The parts of a manifest that have come, on the receiving side. */
export interface ManifestParts {
  /** how many there are; null until the first has come */
  readonly total: number | null;
  readonly parts: ReadonlyMap<number, readonly ManifestEntry[]>;
  /** how many files the parts hold */
  readonly files: number;
  readonly asked: ReadonlySet<number>;
}

/** What to do next about a manifest. */
export type ManifestStep =
  | { readonly type: 'ask'; readonly state: ManifestParts; readonly ask: readonly number[] }
  | { readonly type: 'whole'; readonly manifest: Manifest }
  | { readonly type: 'invalid'; readonly reason: 'manifest-invalid' | 'message-unexpected' };

/** Starts with asking for the first part, which tells how many there are. */
export const FIRST_MANIFEST_STEP: Extract<ManifestStep, { type: 'ask' }> = {
  type: 'ask',
  state: { total: null, parts: new Map(), files: 0, asked: new Set([0]) },
  ask: [0],
};

/** Takes one part; parts may come in any order. Pure. */
export function acceptManifestPart(
  state: ManifestParts,
  part: number,
  total: number,
  entries: readonly ManifestEntry[],
): ManifestStep {
  if (!state.asked.has(part) || state.parts.has(part)) {
    return { type: 'invalid', reason: 'message-unexpected' };
  }
  if (total !== (state.total ?? total) || part >= total) {
    return { type: 'invalid', reason: 'manifest-invalid' };
  }
  const parts = new Map(state.parts).set(part, entries);
  const files = state.files + entries.length;
  if (files > MAX_FILES) return { type: 'invalid', reason: 'manifest-invalid' };
  if (parts.size === total) return join(parts);
  const asked = new Set(state.asked);
  const ask: number[] = [];
  for (let next = asked.size; next < total && asked.size - parts.size < PARTS_AHEAD; next += 1) {
    asked.add(next);
    ask.push(next);
  }
  return { type: 'ask', state: { total, parts, files, asked }, ask };
}

function join(parts: ReadonlyMap<number, readonly ManifestEntry[]>): ManifestStep {
  const inOrder = [...parts].toSorted(([one], [other]) => one - other);
  const manifest = buildManifest(inOrder.flatMap(([, entries]) => entries));
  return manifest === null
    ? { type: 'invalid', reason: 'manifest-invalid' }
    : { type: 'whole', manifest };
}
