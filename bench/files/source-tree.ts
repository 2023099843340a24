import { copyFile, mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const SOURCES = /\.(?:[cm]?[jt]sx?|json|md|css|html)$/;
/** A file larger than this was made by a program. */
const LARGEST_BYTES = 256 * 1024;

/**
 * Copies the sources of packages that this project has installed into `folder`, in the order of their names, until they
 * are this many bytes. Resolves to how many they are.
 */
export async function copySourceTree(folder: string, bytes: number): Promise<number> {
  let copied = 0;
  for await (const { file, size } of sourcesIn(PACKAGES)) {
    if (copied >= bytes) break;
    const target = path.join(folder, path.relative(PACKAGES, file));
    await mkdir(path.dirname(target), { recursive: true });
    await copyFile(file, target);
    copied += size;
  }
  return copied;
}

async function* sourcesIn(folder: string): AsyncGenerator<{ file: string; size: number }> {
  const entries = await readdir(folder, { withFileTypes: true });
  const sorted = entries
    .filter(({ name }) => !name.startsWith('.'))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  for (const entry of sorted) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* sourcesIn(file);
    else if (entry.isFile() && SOURCES.test(entry.name)) {
      const { size } = await stat(file);
      if (size <= LARGEST_BYTES) yield { file, size };
    }
  }
}
