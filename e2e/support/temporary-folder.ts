import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';

/** Calls `use` with a new empty folder in `root`, and removes it with all that is in it when that ends. */
export async function withTemporaryFolder<Value>(
  root: string,
  use: (folder: string) => Promise<Value>,
): Promise<Value> {
  const folder = await mkdtemp(path.join(root, 'onehop-test-'));
  try {
    return await use(folder);
  } finally {
    // A browser that was killed may still be writing into its profile.
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
