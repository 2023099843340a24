import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import * as v from 'valibot';
import {
  type BundleBudget,
  budgetTable,
  compareWithBudget,
  manifestSchema,
} from './bundle-budget.ts';

const BUDGET: BundleBudget = {
  page: 77_000,
  deferred: 45_000,
  lazy: 25_000,
  worker: 15_000,
  uploadWorker: 28_000,
  styles: 10_000,
};

const DIST = fileURLToPath(new URL('../dist', import.meta.url));

/** Every script and style sheet below `folder` with its size in bytes after gzip, by its path with forward slashes. */
async function compressedSizes(folder: string): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(?:js|css)$/.test(entry.name)) continue;
    const file = path.join(entry.parentPath, entry.name);
    const compressed = await promisify(gzip)(await readFile(file));
    sizes.set(path.relative(folder, file).split(path.sep).join('/'), compressed.length);
  }
  return sizes;
}

const manifest = JSON.parse(await readFile(path.join(DIST, '.vite', 'manifest.json'), 'utf8'));
const rows = compareWithBudget(
  v.parse(manifestSchema, manifest),
  await compressedSizes(DIST),
  BUDGET,
);
console.log(budgetTable(rows));
if (rows.some((row) => !row.within)) process.exitCode = 1;
