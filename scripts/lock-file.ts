import * as v from 'valibot';

const entrySchema = v.looseObject({
  version: v.optional(v.string()),
  resolved: v.optional(v.string()),
  dev: v.optional(v.boolean()),
  optionalDependencies: v.optional(v.record(v.string(), v.string())),
});
const lockFileSchema = v.looseObject({ packages: v.record(v.string(), entrySchema) });

type Entry = v.InferOutput<typeof entrySchema>;

/** What of `package-lock.json` matters here; everything else in it is kept as it is. */
export type LockFile = v.InferOutput<typeof lockFileSchema>;

/** Checks the text of a lock file. */
export function readLockFile(text: string): LockFile {
  return v.parse(lockFileSchema, JSON.parse(text));
}

/** An optional package for another platform that the lock file names and does not describe. */
export interface MissingPackage {
  readonly name: string;
  readonly entry: Entry;
}

/**
 * The optional packages without an entry of their own. npm leaves out those that its registry does not have, and `npm ci`
 * then refuses the whole file, although this machine needs none of them.
 */
export function missingPackages({ packages }: LockFile): MissingPackage[] {
  const missing = new Map<string, Entry>();
  for (const { optionalDependencies = {}, dev } of Object.values(packages)) {
    for (const [name, range] of Object.entries(optionalDependencies)) {
      const platform = platformOf(name);
      if (packages[`node_modules/${name}`] !== undefined || platform === null) continue;
      const entry = { version: range.replace(/^[\^~]/, ''), ...platform, optional: true };
      missing.set(name, dev === true ? { ...entry, dev } : entry);
    }
  }
  return [...missing].map(([name, entry]) => ({ name, entry }));
}

/** The lock file with entries for what is missing, in npm's order. */
export function completeLockFile(lockFile: LockFile): LockFile {
  const added = missingPackages(lockFile).map(
    ({ name, entry }) => [`node_modules/${name}`, entry] as const,
  );
  const packages = [...Object.entries(lockFile.packages), ...added].toSorted(([one], [other]) =>
    one.localeCompare(other, 'en'),
  );
  return { ...lockFile, packages: Object.fromEntries(packages) };
}

const PLATFORM =
  /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|ia32|loong64|mips64el|ppc64|riscv64|s390x|x64)/;

/** For which system and processor a package is, by its name; null where the name does not say. */
function platformOf(name: string): { cpu: string[]; os: string[]; libc?: string[] } | null {
  const [, os, cpu] = PLATFORM.exec(name) ?? [];
  if (os === undefined || cpu === undefined) return null;
  const platform = { cpu: [cpu], os: [os] };
  if (os !== 'linux') return platform;
  return { ...platform, libc: [name.includes('musl') ? 'musl' : 'glibc'] };
}
