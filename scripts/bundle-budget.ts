import * as v from 'valibot';

/** What each part of the bundle may weigh after gzip, in bytes; 1 KB is 1,000 bytes. */
export interface BundleBudget {
  /** the scripts of one page, together: the entry, what it imports for that page, and what these import */
  readonly page: number;
  /** what a page loads by itself while it is shown already: each part, as far as the page does not have it */
  readonly deferred: number;
  /** what a page loads once it is asked for: each part, as far as the page does not have it */
  readonly lazy: number;
  /** each file that a worker loads, by itself */
  readonly worker: number;
  /** the file of the worker that uploads: with tus-js-client it is larger than the others */
  readonly uploadWorker: number;
  /** all style sheets together */
  readonly styles: number;
}

/** One line of the comparison. */
export interface BudgetRow {
  readonly name: string;
  /** bytes after gzip */
  readonly size: number;
  readonly limit: number;
  readonly within: boolean;
}

const chunkSchema = v.object({
  file: v.string(),
  isEntry: v.optional(v.boolean(), false),
  imports: v.optional(v.array(v.string()), []),
  dynamicImports: v.optional(v.array(v.string()), []),
});

/** Vite's manifest: source or chunk name to built file, as far as the budget needs it. */
export const manifestSchema = v.record(v.string(), chunkSchema);
export type BundleManifest = v.InferOutput<typeof manifestSchema>;

/** The scripts of each part that is loaded later and that no page has before. */
export interface LaterScripts {
  /** what pages load by themselves while they are shown already; such parts are named `main-*`, as what wires pages together */
  readonly deferred: ReadonlyMap<string, readonly string[]>;
  /** what is loaded only once it is asked for */
  readonly lazy: ReadonlyMap<string, readonly string[]>;
}

/** The parts that are loaded later, by the pages or by one another. */
export function laterScripts(manifest: BundleManifest): LaterScripts {
  const pages = pageScripts(manifest);
  const had = new Set([...pages.values()].flat());
  const parts = Object.values(manifest)
    .flatMap(({ dynamicImports }) => dynamicImports)
    .filter((part) => !pages.has(part));
  const scripts = [...new Set(parts)].map((part) => {
    const files = reachedFrom(manifest, [part]).filter((file) => !had.has(file));
    return [part, files] as const;
  });
  const isDeferred = ([part]: readonly [string, readonly string[]]) => /(?:^|\/)main-/.test(part);
  return {
    deferred: new Map(scripts.filter(isDeferred)),
    lazy: new Map(scripts.filter((one) => !isDeferred(one))),
  };
}

/**
 * The scripts that each page loads before it can do anything, by its name: those of the entry, and of what the entry
 * imports for that page alone. Where it imports nothing so, there is one page, `page`.
 */
export function pageScripts(manifest: BundleManifest): ReadonlyMap<string, readonly string[]> {
  const entries = Object.entries(manifest).filter(([, chunk]) => chunk.isEntry);
  const keys = entries.map(([key]) => key);
  const pages = [...new Set(entries.flatMap(([, chunk]) => chunk.dynamicImports))];
  if (keys.length === 0) return new Map();
  if (pages.length === 0) return new Map([['page', reachedFrom(manifest, keys)]]);
  return new Map(pages.map((page) => [page, reachedFrom(manifest, [...keys, page])]));
}

/** The scripts of these chunks and, through them, of their static imports. */
function reachedFrom(manifest: BundleManifest, keys: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const visit = (key: string): void => {
    const chunk = manifest[key];
    if (!chunk || seen.has(key)) return;
    seen.add(key);
    chunk.imports.forEach(visit);
  };
  keys.forEach(visit);
  return [...seen]
    .flatMap((key) => manifest[key]?.file ?? [])
    .filter((file) => file.endsWith('.js'));
}

/**
 * Holds a built bundle against its budget.
 * @param sizes every built file by its path below dist/, with its size in bytes after gzip
 * @throws Error when the bundle has no entry, or its manifest names a file that was not built
 */
export function compareWithBudget(
  manifest: BundleManifest,
  sizes: ReadonlyMap<string, number>,
  budget: BundleBudget,
): readonly BudgetRow[] {
  const pages = pageScripts(manifest);
  if (pages.size === 0) throw new Error('The manifest names no entry script.');
  const later = laterScripts(manifest);
  const named = (pattern: RegExp): string[] =>
    [...sizes.keys()].filter((file) => pattern.test(file));
  const row = (name: string, files: readonly string[], limit: number): BudgetRow => {
    const size = files.reduce((sum, file) => sum + sizeOf(sizes, file), 0);
    return { name, size, limit, within: size <= limit };
  };
  return [
    ...[...pages].map(([name, files]) => row(name, files, budget.page)),
    ...[...later.deferred].map(([name, files]) => row(name, files, budget.deferred)),
    ...[...later.lazy].map(([name, files]) => row(name, files, budget.lazy)),
    ...named(/^workers\/.*\.js$/).map((file) =>
      row(file, [file], isUploadWorker(file) ? budget.uploadWorker : budget.worker),
    ),
    row('style sheets', named(/\.css$/), budget.styles),
  ];
}

function isUploadWorker(file: string): boolean {
  return file.startsWith('workers/upload.worker-');
}

function sizeOf(sizes: ReadonlyMap<string, number>, file: string): number {
  const size = sizes.get(file);
  if (size === undefined) throw new Error(`The manifest names ${file}, which was not built.`);
  return size;
}

/** The rows as lines of a table for the terminal. */
export function budgetTable(rows: readonly BudgetRow[]): string {
  const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} KB`;
  const width = Math.max(...rows.map((row) => row.name.length));
  return rows
    .map(
      ({ name, size, limit, within }) =>
        `${name.padEnd(width)}  ${kilobytes(size).padStart(9)} of ${kilobytes(limit).padStart(9)}` +
        (within ? '' : '  over budget'),
    )
    .join('\n');
}
