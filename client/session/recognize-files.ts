import {
  type ChosenEntry,
  type Manifest,
  type ManifestEntry,
  describeChosen,
  isFolder,
} from '../share/manifest.ts';
import type { FileFailure } from './file-summary.ts';
import type { Unrecognized } from './send-state.ts';

/** The files of an interrupted share that were chosen again so far, by their number in the manifest; null where not yet. */
export interface Recognition {
  readonly files: readonly (File | null)[];
  /** what could not be recognised */
  readonly failures: readonly FileFailure[];
  /** the same for people to read */
  readonly unrecognized: readonly Unrecognized[];
}

/** Nothing was chosen again yet. */
export function recognizeNothing(manifest: Manifest): Recognition {
  return { files: manifest.entries.map(() => null), failures: [], unrecognized: [] };
}

/**
 * Looks for a share's files among those chosen: by path, or else by name alone where they were chosen in another way; each must
 * have the same size and date. Their hashes are compared when they are read. What was recognised before stays. Where two could be
 * meant, none is: of what was never read before there is no hash that would tell them apart.
 */
export function recognizeFiles(
  manifest: Manifest,
  before: Recognition,
  chosen: readonly ChosenEntry[],
): Recognition {
  const described = chosen.flatMap((one) =>
    one.file === null ? [] : [{ file: one.file, entry: describeChosen(one) }],
  );
  const byPath = groupBy(described, (path) => path);
  const byName = groupBy(described, nameOf);
  const alikeByPath = countAlike(manifest, (path) => path);
  const alikeByName = countAlike(manifest, nameOf);
  const failures: FileFailure[] = [];
  const unrecognized: Unrecognized[] = [];
  const files = manifest.entries.map((entry, file) => {
    const known = before.files[file] ?? null;
    if (known !== null || isFolder(entry)) return known;
    const samePath = byPath.get(entry.path) ?? [];
    const candidates = samePath.length > 0 ? samePath : (byName.get(nameOf(entry.path)) ?? []);
    const matches = candidates.filter((one) => isSame(entry, one.entry));
    const alike =
      samePath.length > 0
        ? alikeByPath.get(keyOf(entry, entry.path))
        : alikeByName.get(keyOf(entry, nameOf(entry.path)));
    const [match] = matches;
    const certain = entry.size === 0 || (matches.length === 1 && alike === 1);
    if (match !== undefined && certain) return match.file;
    const changed =
      samePath.length > 0 || before.failures.some((one) => one.file === file && isChange(one));
    failures.push({ file, reason: changed ? 'source-changed' : 'source-unreadable' });
    unrecognized.push({ name: entry.path, problem: changed ? 'changed' : 'missing' });
    return null;
  });
  return { files, failures, unrecognized };
}

function isChange({ reason }: FileFailure): boolean {
  return reason === 'source-changed';
}

function isSame(entry: ManifestEntry, other: ManifestEntry): boolean {
  return entry.size === other.size && entry.lastModified === other.lastModified;
}

function keyOf({ size, lastModified }: ManifestEntry, name: string): string {
  return `${size} ${lastModified} ${name}`;
}

/** How many entries of a manifest have the same size, date and `nameOf` their path. */
function countAlike(
  { entries }: Manifest,
  nameOfPath: (path: string) => string,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const entry of entries) {
    const key = keyOf(entry, nameOfPath(entry.path));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

interface ChosenFile {
  readonly file: File;
  readonly entry: ManifestEntry;
}

function groupBy(
  chosen: readonly ChosenFile[],
  keyOf: (path: string) => string,
): ReadonlyMap<string, readonly ChosenFile[]> {
  const groups = new Map<string, ChosenFile[]>();
  for (const one of chosen) {
    const key = keyOf(one.entry.path);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
